package io.smstask.aws;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.SdkHttpClient;

/**
 * An HTTP client that is made at the first request, and can let all its connections go and be made anew: what is open must
 * not get into a snapshot.
 */
final class ReopenableHttpClient implements SdkHttpClient {

    private final Supplier<SdkHttpClient> maker;
    private @Nullable SdkHttpClient client;

    ReopenableHttpClient(Supplier<SdkHttpClient> maker) {
        this.maker = maker;
    }

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
        return open().prepareRequest(request);
    }

    private synchronized SdkHttpClient open() {
        SdkHttpClient present = client;
        if (present == null) {
            present = maker.get();
            client = present;
        }
        return present;
    }

    @Override
    public String clientName() {
        return "smstask";
    }

    /** Closes every connection; nothing may be under way. The next request opens new ones. */
    @Override
    public synchronized void close() {
        if (client != null) {
            client.close();
            client = null;
        }
    }
}
