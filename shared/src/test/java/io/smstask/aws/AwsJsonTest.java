package io.smstask.aws;

import static io.smstask.aws.ScriptedServer.SILENCE;
import static io.smstask.aws.ScriptedServer.answer;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.smstask.http.Host;
import io.smstask.http.Tls;
import io.smstask.json.BadJson;
import io.smstask.json.Json;
import io.smstask.settings.Settings;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.regions.PartitionMetadata;
import software.amazon.awssdk.regions.Region;

/** One call of AWS over HTTP, and everything that may come back. */
@Timeout(300)
final class AwsJsonTest {

    private static final Duration PATIENT = Duration.ofSeconds(60);
    private static final String SECRET = "wJalrXUtnFEMI";
    private static final String OK = answer(200, "{\"Answer\":\"yes\"}");
    private static final String THROTTLED = answer(400, "{\"__type\":\"ThrottlingException\"}");

    private final ScriptedServer server = new ScriptedServer();
    private final AwsJson service = new AwsClients(
                    Settings.from(Map.of(
                            "AWS_REGION", "eu-west-1",
                            "AWS_ACCESS_KEY_ID", "AKIDEXAMPLE",
                            "AWS_SECRET_ACCESS_KEY", SECRET,
                            "AWS_SESSION_TOKEN", "session-token",
                            "AWS_ENDPOINT_URL", server.uri().toString())),
                    new Tls(),
                    Clock.systemUTC())
            .dynamoDb();

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @Test
    void a_call_is_json_and_signed_for_the_service_and_the_region() throws BadJson {
        server.script(OK);

        AwsJson.Answer answer = call(PATIENT);

        assertThat(answer).isEqualTo(new AwsJson.Answer(200, "", Map.of("Answer", "yes")));
        String request = server.requests().get(0);
        String host = server.uri().getRawAuthority();
        assertThat(request)
                .startsWith("POST / HTTP/1.1\r\n")
                .containsIgnoringCase("\r\nhost: " + host + "\r\n")
                .containsIgnoringCase("\r\nx-amz-target: Service.Call\r\n")
                .containsIgnoringCase("\r\ncontent-type: application/x-amz-json-1.0\r\n")
                .containsIgnoringCase("\r\nx-amz-security-token: session-token\r\n")
                .contains("/eu-west-1/dynamodb/aws4_request, SignedHeaders=")
                .doesNotContain(SECRET);
        assertThat(Json.parseObject(request.substring(request.indexOf("\r\n\r\n") + 4)))
                .isEqualTo(Map.of("question", "?"));
    }

    /** The signature once more, by the steps that AWS's documentation lists. */
    @Test
    void the_signature_is_the_one_that_aws_works_out() throws GeneralSecurityException {
        server.script(OK);
        call(PATIENT);
        String request = server.requests().get(0);
        String body = request.substring(request.indexOf("\r\n\r\n") + 4);
        Map<String, String> headers = new TreeMap<>();
        for (String line : request.substring(0, request.indexOf("\r\n\r\n")).split("\r\n")) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                headers.put(
                        line.substring(0, colon).toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip());
            }
        }
        String[] authorization = headers.get("authorization").split("Credential=|, SignedHeaders=|, Signature=");
        StringBuilder canonical = new StringBuilder("POST\n/\n\n");
        for (String name : authorization[2].split(";")) {
            canonical.append(name).append(':').append(headers.get(name)).append('\n');
        }
        canonical.append('\n').append(authorization[2]).append('\n').append(sha256(body));
        String date = headers.get("x-amz-date");
        String scope = date.substring(0, 8) + "/eu-west-1/dynamodb/aws4_request";
        byte[] key = ("AWS4" + SECRET).getBytes(UTF_8);
        for (String part : scope.split("/")) {
            key = hmac(key, part);
        }

        assertThat(authorization[0]).isEqualTo("AWS4-HMAC-SHA256 ");
        assertThat(authorization[1]).isEqualTo("AKIDEXAMPLE/" + scope);
        assertThat(authorization[2].split(";")).contains("host", "x-amz-date", "x-amz-security-token", "x-amz-target");
        assertThat(authorization[3])
                .isEqualTo(HexFormat.of()
                        .formatHex(hmac(
                                key,
                                "AWS4-HMAC-SHA256\n" + date + "\n" + scope + "\n" + sha256(canonical.toString()))));
    }

    private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(text.getBytes(UTF_8));
    }

    private static String sha256(String text) throws GeneralSecurityException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
    }

    // what is repeated

    @RepeatedTest(10)
    void a_service_that_throttles_for_300_ms_is_waited_for() {
        server.scriptFor(Duration.ofMillis(300), THROTTLED).script(OK);

        assertThat(call(PATIENT).isOk()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Throttling",
                "ThrottlingException",
                "ThrottledException",
                "RequestThrottled",
                "RequestThrottledException",
                "EC2ThrottledException",
                "KMSThrottlingException",
                "BandwidthLimitExceeded",
                "LimitExceededException",
                "PriorRequestNotComplete",
                "ProvisionedThroughputExceededException",
                "RequestLimitExceeded",
                "SlowDown",
                "TooManyRequestsException",
                "TransactionInProgressException"
            })
    void every_name_that_asks_for_fewer_calls_is_waited_for(String name) {
        String throttled = answer(400, "{\"__type\":\"com.amazonaws.dynamodb.v20120810#" + name + "\"}");
        server.script(throttled, throttled, throttled, OK);

        assertThat(call(PATIENT).isOk()).isTrue();
    }

    @Test
    void http_429_is_waited_for_whoever_says_it() {
        server.script(answer(429, "{}"), answer(429, "<html>slow down</html>"), answer(429, "{}"), OK);

        assertThat(call(PATIENT).isOk()).isTrue();
    }

    @Test
    void a_service_that_goes_on_throttling_is_left_alone_in_the_end() {
        for (int i = 0; i < 20; i++) {
            server.script(THROTTLED);
        }

        assertThat(call(PATIENT).awsError()).isEqualTo(new AwsError("ThrottlingException", 400));
        assertThat(server.requests()).hasSize(8);
    }

    @Test
    void a_throttled_call_does_not_wait_beyond_its_limit() {
        server.script(THROTTLED, THROTTLED, OK);

        // The second wait takes 100 ms at least.
        assertThat(call(Duration.ofMillis(100)).isOk()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "500, InternalServerError",
        "502, ''",
        "503, ServiceUnavailable",
        "400, InternalError",
        "400, RequestTimeout",
        "408, RequestTimeoutException"
    })
    void an_error_of_the_server_is_tried_three_times(int status, String name) {
        String error = answer(status, "{\"__type\":\"" + name + "\"}");
        server.script(error, error, OK);
        assertThat(call(PATIENT).isOk()).isTrue();

        server.script(error, error, error, OK);
        assertThat(call(PATIENT).httpStatus()).isEqualTo(status);
        assertThat(server.requests()).hasSize(6);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ConditionalCheckFailedException",
                "AccessDeniedException",
                "ValidationException",
                "ExpiredTokenException",
                "UnrecognizedClientException"
            })
    void a_refusal_is_not_repeated(String name) {
        server.script(answer(400, "{\"__type\":\"" + name + "\"}"), OK);

        assertThat(call(PATIENT).error()).isEqualTo(name);
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void what_is_not_there_was_not_there_for_the_unanswered_try_either() {
        server.script(answer(500, "{}"), answer(400, "{\"__type\":\"ResourceNotFoundException\"}"));

        assertThat(call(PATIENT).awsError()).isEqualTo(new AwsError("ResourceNotFoundException", 400));
    }

    @Test
    void expired_credentials_are_an_outage_since_lambda_replaces_them() {
        server.script(answer(400, "{\"__type\":\"com.amazon.coral.service#ExpiredTokenException\"}"));

        assertThat(call(PATIENT).awsError().isConfiguration()).isFalse();
    }

    @Test
    void the_header_names_the_error_before_the_body_does() {
        server.script(answer(400, "{\"__type\":\"Other\"}", "x-amzn-ErrorType: TaskTimedOut:http://internal/"));

        assertThat(call(PATIENT).error()).isEqualTo("TaskTimedOut");
    }

    // answers that are none

    @Test
    void what_is_lost_or_garbled_or_endless_or_no_http_is_asked_for_again() {
        String tooLong = "{\"Answer\":\"" + "x".repeat(Host.MAX_BODY_BYTES) + "\"}";
        for (String none : new String[] {
            answer(200, "{\"Answer\":\"no\"}", "x-amz-crc32: 1"),
            "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"Answer\":\"no\"}",
            answer(200, tooLong),
            answer(200, "<html>captive portal</html>"),
            answer(403, "<html>access denied by policy</html>"),
            answer(200, "{\"Answer\":\"no\"}{}"),
            "no http at all\r\n\r\n"
        }) {
            server.script(none, OK);

            assertThat(call(PATIENT).json()).as(none.substring(0, 14)).isEqualTo(Map.of("Answer", "yes"));
        }
    }

    @Test
    void an_answer_that_matches_its_checksum_is_one() {
        String json = "{\"Answer\":\"yes\"}";
        CRC32 sum = new CRC32();
        sum.update(json.getBytes(UTF_8));
        server.script(answer(200, json, "X-Amz-Crc32: " + sum.getValue()));

        assertThat(call(PATIENT).isOk()).isTrue();
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void an_answer_that_does_not_come_is_asked_for_again_within_the_limit() {
        server.script(SILENCE, OK);

        assertThat(call(Duration.ofSeconds(4)).isOk()).isTrue();
    }

    @Test
    void silence_ends_with_the_limit() {
        server.script(SILENCE, SILENCE, SILENCE);

        assertThat(call(Duration.ofMillis(300))).isEqualTo(new AwsJson.Answer(0, "", Map.of()));
    }

    @Test
    void a_call_whose_time_is_over_is_not_made() {
        server.script(OK);

        assertThat(call(Duration.ZERO).httpStatus()).isZero();
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void a_refusal_after_a_lost_answer_says_nothing_about_the_lost_one() {
        server.script(answer(500, "{}"), answer(400, "{\"__type\":\"AccessDeniedException\"}"));

        assertThat(call(PATIENT).httpStatus()).isEqualTo(500);
    }

    // a wrong clock

    @ParameterizedTest
    @ValueSource(strings = {"InvalidSignatureException", "RequestTimeTooSkewed", "RequestExpired"})
    void a_clock_that_is_wrong_is_corrected_by_awss(String name) {
        Instant theirs = Instant.now().plus(Duration.ofHours(30));
        String date = "Date: " + DateTimeFormatter.RFC_1123_DATE_TIME.format(theirs.atOffset(ZoneOffset.UTC));
        server.script(answer(403, "{\"__type\":\"" + name + "\"}", date), OK, OK);

        assertThat(call(PATIENT).isOk()).isTrue();
        assertThat(call(PATIENT).isOk()).isTrue();

        assertThat(server.requests().get(1)).containsIgnoringCase("\r\nx-amz-date: " + dayOf(theirs));
        assertThat(server.requests().get(2)).containsIgnoringCase("\r\nx-amz-date: " + dayOf(theirs));
        assertThat(server.requests()).hasSize(3);
    }

    private static String dayOf(Instant instant) {
        return DateTimeFormatter.ofPattern("yyyyMMdd'T'")
                .withZone(ZoneOffset.UTC)
                .format(instant);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Date: yesterday"})
    void a_bad_signature_with_the_right_time_is_a_fault_of_the_configuration(String date) {
        String bad = "{\"__type\":\"InvalidSignatureException\"}";
        server.script(date.isEmpty() ? answer(403, bad) : answer(403, bad, date));

        assertThat(call(PATIENT).awsError().isConfiguration()).isTrue();
        assertThat(server.requests()).hasSize(1);
    }

    // endpoints

    @Test
    void every_region_has_its_partitions_domain() {
        for (Region region : Region.regions()) {
            if (!region.isGlobalRegion()) {
                assertThat(AwsClients.dnsSuffix(region.id()))
                        .as(region.id())
                        .isEqualTo(PartitionMetadata.of(region).dnsSuffix());
            }
        }
    }

    private AwsJson.Answer call(Duration limit) {
        return service.call("Service.Call", "1.0", Map.of("question", "?"), limit);
    }
}
