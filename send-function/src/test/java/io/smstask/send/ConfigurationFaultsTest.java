package io.smstask.send;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.smstask.json.Json;
import io.smstask.testing.TestContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Incident 36: what the whole function tells the caller and the log if AWS's answer shows a wrong configuration. */
final class ConfigurationFaultsTest {

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final TestContext context = new TestContext(SendFixture.FUNCTION_TIMEOUT);
    private HttpServer aws;
    private int status = 200;
    private String answer = "{}";

    @BeforeEach
    void start() throws IOException {
        aws = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        aws.createContext("/", this::answer);
        aws.start();
    }

    @AfterEach
    void stop() {
        aws.stop(0);
    }

    @ParameterizedTest
    @CsvSource({
        "AccessDeniedException",
        "ResourceNotFoundException",
        "KMSDisabledException",
        "UnrecognizedClientException",
        "ValidationException"
    })
    void incident_36_a_table_that_cannot_be_used_is_named_by_awss_error(String error) throws Exception {
        status = 400;
        answer = error(error);

        Map<String, Object> told = direct("send-direct", "io.smstask.task.Misconfigured");

        assertThat(told).containsEntry("code", "misconfigured");
        assertThat(told.get("message").toString())
                .endsWith("This call did not call Twilio.")
                .doesNotContain("in time");
        assertThat(asked).containsExactly("DynamoDB_20120810.PutItem");
        assertThat(context.lines())
                .startsWith("{\"message\":\"misconfigured\",")
                .contains("\"aws_error\":\"" + error + "\",\"aws_status\":400")
                .doesNotContain("scripted");
    }

    @Test
    void awss_own_outage_is_one_and_not_said_to_be_silence() throws Exception {
        status = 500;
        answer = error("InternalServerError");

        Map<String, Object> told = direct("send-direct", "io.smstask.task.StoreUnavailable");

        assertThat(told).containsEntry("code", "store_unavailable");
        assertThat(told.get("message").toString()).contains("AWS answered with an error");
        assertThat(context.lines()).contains("\"aws_error\":\"InternalServerError\",\"aws_status\":500");
    }

    @ParameterizedTest
    @CsvSource({"200", "403"})
    void a_proxys_page_is_not_awss_answer(int httpStatus) throws Exception {
        status = httpStatus;
        answer = "<html>filtered</html>";

        Map<String, Object> told = direct("send-direct", "io.smstask.task.StoreUnavailable");

        assertThat(told.get("message").toString()).contains("A server other than AWS answered");
        assertThat(context.lines()).contains("\"aws_error\":\"not_from_aws\",\"aws_status\":" + httpStatus);
    }

    @Test
    void only_silence_is_called_silence() throws Exception {
        aws.stop(0);

        Map<String, Object> told = direct("send-direct", "io.smstask.task.StoreUnavailable");

        assertThat(told.get("message").toString()).contains("did not answer in time");
        assertThat(context.lines()).contains("\"aws_error\":\"no_answer\",\"store_unavailable\":1}");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "400, `{\"__type\":\"ResourceNotFoundException\"}`, `\"secret\":\"missing\"`",
                "200, `{\"SecretBinary\":\"YQ==\"}`, `\"secret\":\"binary\"`",
                "200, `{\"SecretString\":\"{}\"}`, `\"secret\":\"no_account_sid\"`",
                "400, `{\"__type\":\"AccessDeniedException\"}`, `\"aws_error\":\"AccessDeniedException\",\"aws_status\":400`",
                "400, `{\"__type\":\"DecryptionFailure\"}`, `\"aws_error\":\"DecryptionFailure\",\"aws_status\":400`"
            })
    void incident_36_a_secret_that_cannot_be_used_is_named_by_a_word(int httpStatus, String json, String word)
            throws Exception {
        status = httpStatus;
        answer = json;

        Map<String, Object> told = direct("send-stack-credentials", "io.smstask.task.Misconfigured");

        assertThat(told).containsEntry("code", "misconfigured");
        assertThat(asked).containsExactly("secretsmanager.GetSecretValue");
        assertThat(context.lines())
                .startsWith("{\"message\":\"misconfigured\",")
                .contains(word);
    }

    /** What is thrown to a direct caller. */
    private Map<String, Object> direct(String event, String type) throws Exception {
        String endpoint = "http://127.0.0.1:" + aws.getAddress().getPort();
        SendHandler handler = new SendHandler(SendWiring.from(Map.of(
                "TASKS_TABLE", "tasks",
                "CALLBACK_BASE_URL", SendFixture.CALLBACK_BASE,
                "TWILIO_SECRET_ID", "smstask/twilio",
                "TWILIO_API_URL", "https://twilio.invalid",
                "AWS_REGION", "eu-central-1",
                "AWS_ACCESS_KEY_ID", "key",
                "AWS_SECRET_ACCESS_KEY", "secret",
                "AWS_ENDPOINT_URL", endpoint)));
        Throwable thrown = catchThrowable(() -> handler.answer(SendEvents.read(event), context.invocation()));
        assertThat(thrown.getClass().getName()).isEqualTo(type);
        assertThat(thrown).hasNoCause();
        return Json.parseObject(thrown.getMessage());
    }

    private static String error(String name) {
        return "{\"__type\":\"com.amazonaws.dynamodb.v20120810#" + name + "\",\"message\":\"scripted\"}";
    }

    private void answer(HttpExchange exchange) throws IOException {
        asked.add(exchange.getRequestHeaders().getFirst("X-Amz-Target"));
        exchange.getRequestBody().readAllBytes();
        byte[] body = answer.getBytes(UTF_8);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}
