package io.smstask.aws;

import java.util.function.Supplier;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.SdkHttpClient;

/** An HTTP client that can let all its connections go and go on with new ones: what is open must not get into a snapshot. */
final class ReopenableHttpClient implements SdkHttpClient {

    private final Supplier<SdkHttpClient> newClient;
    private volatile SdkHttpClient client;

    ReopenableHttpClient(Supplier<SdkHttpClient> newClient) {
        this.newClient = newClient;
        this.client = newClient.get();
    }

    /** Closes every connection. Nothing may be under way. */
    void reopen() {
        client.close();
        client = newClient.get();
    }

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
        return client.prepareRequest(request);
    }

    @Override
    public String clientName() {
        return client.clientName();
    }

    @Override
    public void close() {
        client.close();
    }
}
