package io.smstask.aws;

import io.smstask.json.BadJson;
import io.smstask.json.Json;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;

/**
 * Calls an AWS service that speaks JSON over HTTP, signed by the SDK's own signer. It is for services of which the functions
 * make one call only, and only where somebody waits: the SDK's client of such a service would add more than a megabyte to
 * the function's jar. A failed connection is tried once more; everything else is left to the callers, who try again later
 * of their own accord, so that a call may happen twice.
 *
 * @see <a href="https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html">Smithy: AWS JSON 1.1</a>
 */
public final class AwsJson {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);
    private static final int ATTEMPTS = 2;

    /** The JDK's client writes these itself and refuses them from anyone else. */
    private static final Set<String> WRITTEN_BY_THE_CLIENT = Set.of("host", "content-length");

    private final Supplier<URI> endpoint;
    private final String signingName;
    private final String region;
    private final Supplier<AwsCredentials> credentials;
    private Optional<HttpClient> http = Optional.empty();

    AwsJson(Supplier<URI> endpoint, String signingName, String region, Supplier<AwsCredentials> credentials) {
        this.endpoint = endpoint;
        this.signingName = signingName;
        this.region = region;
        this.credentials = credentials;
    }

    /**
     * What a service answered.
     *
     * @param httpStatus 0 where no answer came in time, or it could not be asked
     * @param error the error's name without its namespace, for example {@code TaskTimedOut}; empty where there is none
     * @param json empty where the body is no JSON object
     */
    public record Answer(int httpStatus, String error, Map<String, Object> json) {

        private static final Answer NONE = new Answer(0, "", Map.of());

        /** Whether the service did what it was asked. */
        public boolean isOk() {
            return httpStatus == 200;
        }
    }

    /**
     * Makes one call.
     *
     * @param target the header {@code X-Amz-Target}, for example {@code AWSStepFunctions.SendTaskSuccess}
     * @param version of the protocol, {@code 1.0} or {@code 1.1}
     * @param limit from connecting to the last byte of the answer
     */
    public Answer call(String target, String version, Map<String, Object> input, Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        try {
            HttpRequest request = signed(target, version, input);
            for (int i = 0; i < ATTEMPTS; i++) {
                Optional<HttpResponse<byte[]>> response = once(request, end - System.nanoTime());
                if (response.isPresent()) {
                    return answer(response.get());
                }
            }
            return Answer.NONE;
        } catch (SdkException | TimeoutException e) {
            // No credentials at this moment, or no answer in time.
            return Answer.NONE;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Answer.NONE;
        }
    }

    /** Empty where the connection failed: one that died while the function was frozen shows it only now. */
    private Optional<HttpResponse<byte[]>> once(HttpRequest request, long nanos)
            throws TimeoutException, InterruptedException {
        CompletableFuture<HttpResponse<byte[]>> pending =
                client().sendAsync(request, HttpResponse.BodyHandlers.ofByteArray());
        try {
            return Optional.of(pending.get(nanos, TimeUnit.NANOSECONDS));
        } catch (ExecutionException e) {
            return Optional.empty();
        } finally {
            pending.cancel(true);
        }
    }

    private HttpRequest signed(String target, String version, Map<String, Object> input) {
        byte[] body = Json.write(input);
        ContentStreamProvider payload = ContentStreamProvider.fromByteArray(body);
        SdkHttpRequest request = SdkHttpRequest.builder()
                .method(SdkHttpMethod.POST)
                .uri(endpoint.get())
                .putHeader("Content-Type", "application/x-amz-json-" + version)
                .putHeader("X-Amz-Target", target)
                .build();
        SignedRequest signed = AwsV4HttpSigner.create()
                .sign(sign -> sign.identity(credentials.get())
                        .request(request)
                        .payload(payload)
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, signingName)
                        .putProperty(AwsV4HttpSigner.REGION_NAME, region));
        HttpRequest.Builder builder =
                HttpRequest.newBuilder(signed.request().getUri()).POST(HttpRequest.BodyPublishers.ofByteArray(body));
        for (Map.Entry<String, List<String>> header : signed.request().headers().entrySet()) {
            if (!WRITTEN_BY_THE_CLIENT.contains(header.getKey().toLowerCase(Locale.ROOT))) {
                header.getValue().forEach(value -> builder.header(header.getKey(), value));
            }
        }
        return builder.build();
    }

    private static Answer answer(HttpResponse<byte[]> response) {
        Map<String, Object> json = json(response.body());
        String error = response.headers()
                .firstValue("x-amzn-errortype")
                .orElseGet(() -> json.get("__type") instanceof String type ? type : "");
        return new Answer(response.statusCode(), withoutNamespace(error), json);
    }

    private static Map<String, Object> json(byte[] body) {
        try {
            return Json.parseObject(body);
        } catch (BadJson e) {
            return Map.of();
        }
    }

    /** {@code com.amazonaws.swf#TaskTimedOut} and {@code TaskTimedOut:http://…} are both {@code TaskTimedOut}. */
    private static String withoutNamespace(String error) {
        String name = error.substring(error.indexOf('#') + 1);
        return name.contains(":") ? name.substring(0, name.indexOf(':')) : name;
    }

    private synchronized HttpClient client() {
        if (http.isEmpty()) {
            http = Optional.of(HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(CONNECT_TIMEOUT)
                    .build());
        }
        return http.get();
    }
}
