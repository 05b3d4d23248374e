package io.smstask.aws;

import io.smstask.json.BadJson;
import io.smstask.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.zip.CRC32;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;

/**
 * Calls an AWS service that speaks JSON over HTTP, with the SDK's signer and HTTP client. The layers between those two
 * are most of what the SDK's own clients cost a cold start, and a client for each service would add a megabyte to the
 * function's jar.
 *
 * @see <a href="https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html">Smithy: AWS JSON 1.1</a>
 */
public final class AwsJson {

    private static final int ATTEMPTS = 2;
    private static final int PATIENT_ATTEMPTS = 3;
    private static final long FIRST_BACKOFF_MILLIS = 25;

    private static final Set<String> ASKS_FOR_FEWER_CALLS = Set.of(
            "ProvisionedThroughputExceededException",
            "RequestLimitExceeded",
            "ThrottlingException",
            "TransactionInProgressException");

    /** An item has 400 KB at most, other answers far less. */
    private static final int MAX_ANSWER_BYTES = 1024 * 1024;

    private static final AwsV4HttpSigner SIGNER = AwsV4HttpSigner.create();

    /** Runs the exchanges, so that waiting ends in time whatever the HTTP client does. */
    private static final ExecutorService EXCHANGES = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "aws");
        thread.setDaemon(true);
        return thread;
    });

    private final Supplier<SdkHttpClient> http;
    private final Supplier<URI> endpoint;
    private final String signingName;
    private final String region;
    private final AwsCredentials credentials;

    AwsJson(
            Supplier<SdkHttpClient> http,
            Supplier<URI> endpoint,
            String signingName,
            String region,
            AwsCredentials credentials) {
        this.http = http;
        this.endpoint = endpoint;
        this.signingName = signingName;
        this.region = region;
        this.credentials = credentials;
    }

    /**
     * What a service answered.
     *
     * @param httpStatus 0 if no answer came in time, or the request could not be made
     * @param error the error's name without its namespace, for example {@code TaskTimedOut}; empty if there is none
     * @param json empty if the body is not a JSON object, and so not from AWS
     */
    public record Answer(int httpStatus, String error, Map<String, Object> json) {

        private static final Answer NONE = new Answer(0, "", Map.of());

        /** Whether the call succeeded. */
        public boolean isOk() {
            return httpStatus == 200 && error.isEmpty();
        }

        /** Why the service did not do what it was asked, for an answer that is not ok. */
        public AwsError awsError() {
            return new AwsError(error, httpStatus);
        }

        /**
         * The exception that the SDK's own client would throw, for an answer that is not ok.
         *
         * @param asked service and operation, for the message
         */
        public SdkException exception(String asked) {
            if (httpStatus == 0) {
                return SdkClientException.create(asked + ": no answer in time");
            }
            return AwsServiceException.builder()
                    .message(asked + ": " + httpStatus + " " + error)
                    .statusCode(httpStatus)
                    .awsErrorDetails(AwsErrorDetails.builder().errorCode(error).build())
                    .build();
        }

        private boolean isWorthAnother() {
            return httpStatus == 0
                    || httpStatus >= 500
                    || error.equals(AwsError.NOT_FROM_AWS)
                    || ASKS_FOR_FEWER_CALLS.contains(error);
        }
    }

    /**
     * Makes one call. If no answer came, as on a connection that died while the function was frozen, it is made once
     * more, so a call may happen twice. Other failures are left to the callers, which try again later anyway.
     *
     * @param target the header {@code X-Amz-Target}, for example {@code AWSStepFunctions.SendTaskSuccess}
     * @param version of the protocol, {@code 1.0} or {@code 1.1}
     * @param limit from connecting to the last byte of the answer
     */
    public Answer call(String target, String version, Map<String, Object> input, Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        Answer answer = Answer.NONE;
        for (int i = 0; i < ATTEMPTS && answer.httpStatus() == 0 && System.nanoTime() < end; i++) {
            answer = once(target, version, input, Duration.ofNanos(end - System.nanoTime()));
        }
        return answer;
    }

    /**
     * Makes one call like the SDK's standard retry mode: at most {@value #PATIENT_ATTEMPTS} attempts, after server
     * errors, throttling, or no answer from AWS.
     *
     * @param limit how long all attempts may take together; one attempt has half of it
     * @see
     *     <a href="https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html">AWS: retry behavior</a>
     */
    public Answer callPatiently(String target, String version, Map<String, Object> input, Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        Answer answer = once(target, version, input, limit.dividedBy(2));
        Answer unanswered = answer;
        for (int i = 1; i < PATIENT_ATTEMPTS && answer.isWorthAnother() && waitBefore(i, end); i++) {
            unanswered = answer;
            Duration left = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
            Duration attempt = limit.dividedBy(2);
            answer = once(target, version, input, attempt.compareTo(left) < 0 ? attempt : left);
        }
        // An unanswered request may have been carried out; that its retry is refused says nothing about it.
        return !answer.isOk() && answer.awsError().isConfiguration() ? unanswered : answer;
    }

    /** Waits a random time, from a range that grows with each attempt; false if no time is left for another one. */
    private static boolean waitBefore(int attempt, long end) {
        long millis = ThreadLocalRandom.current().nextLong(FIRST_BACKOFF_MILLIS << attempt);
        if (System.nanoTime() + Duration.ofMillis(millis).toNanos() >= end) {
            return false;
        }
        try {
            Thread.sleep(millis);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Makes exactly one request. */
    private Answer once(String target, String version, Map<String, Object> input, Duration limit) {
        try {
            ExecutableHttpRequest exchange = http.get().prepareRequest(signed(target, version, input));
            Future<Answer> pending = EXCHANGES.submit(() -> answer(exchange.call()));
            try {
                return pending.get(limit.toNanos(), TimeUnit.NANOSECONDS);
            } finally {
                if (pending.cancel(true)) {
                    exchange.abort();
                }
            }
        } catch (SdkException | ExecutionException | TimeoutException e) {
            // No connection, or no answer in time.
            return Answer.NONE;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Answer.NONE;
        }
    }

    private HttpExecuteRequest signed(String target, String version, Map<String, Object> input) {
        byte[] body = Json.write(input);
        ContentStreamProvider payload = ContentStreamProvider.fromByteArray(body);
        SdkHttpRequest request = SdkHttpRequest.builder()
                .method(SdkHttpMethod.POST)
                .uri(endpoint.get())
                .putHeader("Content-Type", "application/x-amz-json-" + version)
                .putHeader("Content-Length", Integer.toString(body.length))
                .putHeader("X-Amz-Target", target)
                .build();
        SignedRequest signed = SIGNER.sign(sign -> sign.identity(credentials)
                .request(request)
                .payload(payload)
                .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, signingName)
                .putProperty(AwsV4HttpSigner.REGION_NAME, region));
        return HttpExecuteRequest.builder()
                .request(signed.request())
                .contentStreamProvider(payload)
                .build();
    }

    private static Answer answer(HttpExecuteResponse response) throws IOException {
        byte[] body = body(response);
        verifyChecksum(response, body);
        Map<String, Object> json = Map.of();
        String error;
        try {
            json = Json.parseUnchecked(body);
            error = json.get("__type") instanceof String type ? type : "";
        } catch (BadJson e) {
            error = AwsError.NOT_FROM_AWS;
        }
        return new Answer(
                response.httpResponse().statusCode(),
                withoutNamespace(response.httpResponse()
                        .firstMatchingHeader("x-amzn-errortype")
                        .orElse(error)),
                json);
    }

    private static byte[] body(HttpExecuteResponse response) throws IOException {
        if (response.responseBody().isEmpty()) {
            return new byte[0];
        }
        AbortableInputStream body = response.responseBody().get();
        try (InputStream closed = body) {
            byte[] bytes = closed.readNBytes(MAX_ANSWER_BYTES + 1);
            if (bytes.length > MAX_ANSWER_BYTES) {
                body.abort();
                throw new IOException("the answer is longer than " + MAX_ANSWER_BYTES + " bytes");
            }
            return bytes;
        }
    }

    /** Checks the checksum that DynamoDB sends. */
    private static void verifyChecksum(HttpExecuteResponse response, byte[] body) throws IOException {
        Optional<String> expected = response.httpResponse().firstMatchingHeader("x-amz-crc32");
        if (expected.isPresent()) {
            CRC32 sum = new CRC32();
            sum.update(body);
            if (!expected.get().equals(Long.toString(sum.getValue()))) {
                throw new IOException("the answer does not match its checksum");
            }
        }
    }

    /** {@code com.amazonaws.swf#TaskTimedOut} and {@code TaskTimedOut:http://…} are both {@code TaskTimedOut}. */
    private static String withoutNamespace(String error) {
        String name = error.substring(error.indexOf('#') + 1);
        return name.contains(":") ? name.substring(0, name.indexOf(':')) : name;
    }
}
