package io.smstask.aws;

import io.smstask.http.Body;
import io.smstask.http.ConnectFailed;
import io.smstask.http.Http;
import io.smstask.http.HttpAnswer;
import io.smstask.http.NoAnswer;
import io.smstask.json.BadJson;
import io.smstask.json.Json;
import io.smstask.settings.Settings.AwsAccessKey;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.zip.CRC32;
import software.amazon.awssdk.crt.CrtRuntimeException;
import software.amazon.awssdk.crt.auth.credentials.Credentials;
import software.amazon.awssdk.crt.auth.signing.AwsSigner;
import software.amazon.awssdk.crt.auth.signing.AwsSigningConfig;
import software.amazon.awssdk.crt.auth.signing.AwsSigningConfig.AwsSignedBodyHeaderType;
import software.amazon.awssdk.crt.http.HttpHeader;
import software.amazon.awssdk.crt.http.HttpRequest;

/**
 * Calls an AWS service that speaks JSON over HTTP, with the HTTP client and the signer of aws-crt. It repeats a call as the
 * SDK's standard retry mode does, and a throttled one until its time is over.
 *
 * @see <a href="https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html">Smithy: AWS JSON 1.1</a>
 * @see
 *     <a href="https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html">AWS: retry behavior</a>
 */
public final class AwsJson {

    private static final int ATTEMPTS = 3;
    private static final int THROTTLED_ATTEMPTS = 8;
    private static final long FIRST_WAIT_MILLIS = 50;
    private static final long LONGEST_WAIT_MILLIS = 1000;

    /** Besides HTTP 429 and all names that speak of throttling. */
    private static final Set<String> ASKS_FOR_FEWER_CALLS = Set.of(
            "BandwidthLimitExceeded",
            "LimitExceededException",
            "PriorRequestNotComplete",
            "ProvisionedThroughputExceededException",
            "RequestLimitExceeded",
            "SlowDown",
            "TooManyRequestsException",
            "TransactionInProgressException");

    private static final String NOT_THERE = "ResourceNotFoundException";

    private static final String SKEWED = "RequestTimeTooSkewed";

    private static final Set<String> PASSES =
            Set.of(AwsError.NOT_FROM_AWS, SKEWED, "InternalError", "RequestTimeout", "RequestTimeoutException");

    /** What AWS may also say if our clock is wrong. */
    private static final Set<String> MAY_BE_SKEWED = Set.of(
            SKEWED,
            "AuthFailure",
            "InvalidSignatureException",
            "RequestExpired",
            "RequestInTheFuture",
            "SignatureDoesNotMatch");

    /** A clock that differs from AWS's by less is right. */
    private static final long LEAST_SKEW_MILLIS = 4 * 60 * 1000;

    private final Http http;
    private final URI endpoint;
    private final String signingName;
    private final String region;
    private final Credentials credentials;
    private volatile long skewMillis;

    AwsJson(Http http, URI endpoint, String signingName, String region, AwsAccessKey key) {
        this.http = http;
        this.endpoint = endpoint;
        this.signingName = signingName;
        this.region = region;
        this.credentials = new Credentials(
                key.id().getBytes(StandardCharsets.UTF_8),
                key.secret().getBytes(StandardCharsets.UTF_8),
                key.sessionToken().isPresent() ? key.sessionToken().get().getBytes(StandardCharsets.UTF_8) : null);
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

        private boolean isThrottled() {
            return httpStatus == 429 || error.contains("Throttl") || ASKS_FOR_FEWER_CALLS.contains(error);
        }

        private boolean isWorthAnother(int attempt) {
            return isThrottled()
                    ? attempt < THROTTLED_ATTEMPTS
                    : attempt < ATTEMPTS && (httpStatus == 0 || httpStatus >= 500 || PASSES.contains(error));
        }
    }

    /**
     * Makes one call. It may be made several times: after errors of the server, throttling, or no answer from AWS.
     *
     * @param target the header {@code X-Amz-Target}, for example {@code AWSStepFunctions.SendTaskSuccess}
     * @param version of the protocol, {@code 1.0} or {@code 1.1}
     * @param limit how long all attempts may take together, signing and connecting included; one attempt has half of it
     */
    public Answer call(String target, String version, Map<String, Object> input, Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        byte[] body = Json.write(input);
        long half = limit.toNanos() / 2;
        Answer answer = once(target, version, body, half);
        Answer unanswered = answer;
        for (int i = 1; answer.isWorthAnother(i) && waitBefore(i, answer, end); i++) {
            unanswered = answer;
            answer = once(target, version, body, Math.min(half, end - System.nanoTime()));
        }
        // An unanswered request may have been carried out; that its retry is refused says nothing about it, unless the
        // table, the secret or the bus is not there.
        return !answer.isOk()
                        && answer.awsError().isConfiguration()
                        && !answer.error().equals(NOT_THERE)
                ? unanswered
                : answer;
    }

    /** Waits a random time, from a range that grows with each attempt; false if no time is left for another one. */
    private static boolean waitBefore(int attempt, Answer answer, long end) {
        long most = Math.min(LONGEST_WAIT_MILLIS, FIRST_WAIT_MILLIS << attempt);
        // DynamoDB wants fewer calls, so at least half of it; otherwise only callers are to be kept apart.
        long least = answer.isThrottled() ? most / 2 : 0;
        long millis = ThreadLocalRandom.current().nextLong(least, answer.isThrottled() ? most : most / 2);
        if (System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis) >= end) {
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
    private Answer once(String target, String version, byte[] body, long nanos) {
        long end = System.nanoTime() + nanos;
        try {
            HttpRequest request = signed(request(target, version, body), nanos);
            return read(http.exchange(request, Duration.ofNanos(Math.max(0, end - System.nanoTime()))));
        } catch (ConnectFailed | NoAnswer | CrtRuntimeException | ExecutionException | TimeoutException e) {
            return Answer.NONE;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Answer.NONE;
        }
    }

    private HttpRequest request(String target, String version, byte[] body) {
        HttpHeader[] headers = {
            new HttpHeader("Host", endpoint.getRawAuthority()),
            new HttpHeader("Content-Type", "application/x-amz-json-" + version),
            new HttpHeader("Content-Length", Integer.toString(body.length)),
            new HttpHeader("X-Amz-Target", target)
        };
        String path = endpoint.getRawPath();
        return new HttpRequest("POST", path.isEmpty() ? "/" : path, headers, new Body(body));
    }

    private HttpRequest signed(HttpRequest request, long nanos)
            throws ExecutionException, TimeoutException, InterruptedException {
        try (AwsSigningConfig config = new AwsSigningConfig()) {
            config.setRegion(region);
            config.setService(signingName);
            config.setCredentials(credentials);
            config.setTime(System.currentTimeMillis() + skewMillis);
            config.setSignedBodyHeader(AwsSignedBodyHeaderType.X_AMZ_CONTENT_SHA256);
            return AwsSigner.signRequest(request, config).get(nanos, TimeUnit.NANOSECONDS);
        }
    }

    private Answer read(HttpAnswer answer) {
        if (isGarbled(answer)) {
            return Answer.NONE;
        }
        String error = answer.header("x-amzn-errortype");
        Map<String, Object> json = Map.of();
        try {
            json = Json.parseUnchecked(answer.body());
            if (error.isEmpty() && json.get("__type") instanceof String type) {
                error = type;
            }
        } catch (BadJson e) {
            error = error.isEmpty() ? AwsError.NOT_FROM_AWS : error;
        }
        error = withoutNamespace(error);
        return new Answer(
                answer.status(),
                MAY_BE_SKEWED.contains(error) && isSkewed(answer.header("Date")) ? SKEWED : error,
                json);
    }

    /** Whether the body does not match the checksum that DynamoDB sends. */
    private static boolean isGarbled(HttpAnswer answer) {
        String expected = answer.header("x-amz-crc32");
        CRC32 sum = new CRC32();
        sum.update(answer.body());
        return !expected.isEmpty() && !expected.equals(Long.toString(sum.getValue()));
    }

    /** Whether our clock differs much from AWS's; later requests are signed with AWS's time then, as the SDK does. */
    private boolean isSkewed(String date) {
        try {
            long theirs = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date))
                    .toEpochMilli();
            long skew = theirs - System.currentTimeMillis();
            boolean isSkewed = Math.abs(skew - skewMillis) >= LEAST_SKEW_MILLIS;
            skewMillis = isSkewed ? skew : skewMillis;
            return isSkewed;
        } catch (DateTimeException e) {
            return false;
        }
    }

    /** {@code com.amazonaws.swf#TaskTimedOut} and {@code TaskTimedOut:http://…} are both {@code TaskTimedOut}. */
    private static String withoutNamespace(String error) {
        String name = error.substring(error.indexOf('#') + 1);
        return name.contains(":") ? name.substring(0, name.indexOf(':')) : name;
    }
}
