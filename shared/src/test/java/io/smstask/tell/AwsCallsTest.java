package io.smstask.tell;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.smstask.aws.AwsClients;
import io.smstask.http.Tls;
import io.smstask.json.BadJson;
import io.smstask.json.Json;
import io.smstask.lambda.FailureCounts;
import io.smstask.lambda.Log;
import io.smstask.lambda.TaskJson;
import io.smstask.settings.Settings;
import io.smstask.task.Samples;
import io.smstask.task.Task;
import io.smstask.task.TaskToken;
import io.smstask.testing.TestContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The two calls that tell others of a task's end, over HTTP. */
final class AwsCallsTest {

    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final TaskToken TOKEN = new TaskToken("AQCEAAAAKgAAAAMAAAAA+/=");

    private final Task task = Samples.withStatus("delivered");
    private final List<Map<String, String>> headers = new ArrayList<>();
    private final List<String> bodies = new ArrayList<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final FailureCounts failures = new FailureCounts();
    private HttpServer server;
    private int status = 200;
    private String body = "{}";
    private boolean hangs;
    private int lostAnswers;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            Map<String, String> seen = new HashMap<>();
            exchange.getRequestHeaders().forEach((name, values) -> seen.put(name.toLowerCase(), values.get(0)));
            headers.add(seen);
            bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            if (hangs) {
                awaitEnd();
            }
            if (lostAnswers > 0) {
                lostAnswers--;
                exchange.close();
                return;
            }
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        ended.countDown();
        server.stop(0);
    }

    @Test
    void an_execution_is_resumed_with_the_task_as_its_output() throws BadJson {
        assertThat(resume()).isTrue();

        assertThat(headers.get(0))
                .containsEntry("x-amz-target", "AWSStepFunctions.SendTaskSuccess")
                .containsEntry("content-type", "application/x-amz-json-1.0");
        assertThat(headers.get(0).get("authorization"))
                .startsWith("AWS4-HMAC-SHA256 Credential=key/")
                .contains("/eu-central-1/states/aws4_request")
                .contains(
                        "SignedHeaders=content-length;content-type;host;x-amz-content-sha256;x-amz-date;x-amz-security-token;x-amz-target");
        assertThat(headers.get(0)).containsEntry("x-amz-security-token", "session");
        Map<String, Object> sent = Json.parseObject(bodies.get(0));
        assertThat(sent).containsOnlyKeys("taskToken", "output").containsEntry("taskToken", TOKEN.reveal());
        assertThat(Json.parseObject(((String) sent.get("output")).getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(Json.parseObject(Json.write(TaskJson.of(task))));
    }

    @ParameterizedTest
    @CsvSource({
        "400, com.amazonaws.swf.service.v2.model#TaskTimedOut, true",
        "400, TaskTimedOut, true",
        "400, InvalidToken, true",
        "400, TaskDoesNotExist, true",
        "400, InvalidOutput, false",
        "400, ThrottlingException, false",
        "400, AccessDeniedException, false",
        "500, InternalServerError, false",
        "503, '', false"
    })
    void a_token_is_settled_only_by_an_answer_that_says_so(int httpStatus, String error, boolean isSettled) {
        status = httpStatus;
        body = "{\"__type\":\"" + error + "\",\"message\":\"m\"}";

        assertThat(resume()).isEqualTo(isSettled);
    }

    @Test
    void an_answer_that_is_no_json_settles_nothing() {
        status = 502;
        body = "<html>TaskTimedOut</html>";

        assertThat(resume()).isFalse();
    }

    @Test
    void an_answer_that_does_not_come_settles_nothing() {
        hangs = true;

        assertThat(new StepFunctions(aws().stepFunctions(), failures).resume(TOKEN, task, Duration.ofMillis(200)))
                .isFalse();
    }

    @Test
    void a_connection_that_has_died_is_tried_again() {
        lostAnswers = 1;
        assertThat(resume()).isTrue();
        assertThat(bodies).hasSize(2);

        lostAnswers = 3;
        assertThat(resume()).isFalse();
        assertThat(bodies).hasSize(5);
    }

    @Test
    void a_service_that_is_not_there_settles_nothing() {
        server.stop(0);

        assertThat(resume()).isFalse();
    }

    @Test
    void an_event_holds_the_task_without_what_belongs_to_a_person() throws BadJson {
        body = "{\"FailedEntryCount\":0,\"Entries\":[{\"EventId\":\"1\"}]}";

        assertThat(put(false)).isTrue();

        assertThat(headers.get(0))
                .containsEntry("x-amz-target", "AWSEvents.PutEvents")
                .containsEntry("content-type", "application/x-amz-json-1.1");
        Map<String, Object> entry = entry();
        assertThat(entry)
                .containsEntry("EventBusName", "outcomes")
                .containsEntry("Source", "smstask")
                .containsEntry("DetailType", "SMS Task Ended");
        Map<String, Object> detail = Json.parseObject(((String) entry.get("Detail")).getBytes(StandardCharsets.UTF_8));
        assertThat(detail)
                .containsEntry("task_id", Samples.TASK_ID.value())
                .containsEntry("status", "delivered")
                .doesNotContainKeys("number_to", "number_from", "body", "context", "message");
        assertThat(bodies.get(0)).doesNotContain("+1555", "+1500", "Your order");
    }

    @Test
    void an_event_holds_all_of_the_task_where_that_is_wanted() throws BadJson {
        body = "{\"FailedEntryCount\":0}";

        assertThat(put(true)).isTrue();

        Map<String, Object> detail =
                Json.parseObject(((String) entry().get("Detail")).getBytes(StandardCharsets.UTF_8));
        assertThat(detail).isEqualTo(Json.parseObject(Json.write(TaskJson.of(task))));
    }

    @ParameterizedTest
    @CsvSource({
        "200, '{\"FailedEntryCount\":1,\"Entries\":[{\"ErrorCode\":\"ThrottlingException\"}]}'",
        "200, '{}'",
        "200, ''",
        "400, '{\"__type\":\"AccessDeniedException\"}'",
        "500, '{}'"
    })
    void an_event_that_the_bus_did_not_take_is_to_be_tried_again(int httpStatus, String answer) {
        status = httpStatus;
        body = answer;

        assertThat(put(false)).isFalse();
    }

    @Test
    void incident_36_what_fails_forever_leaves_one_line_with_awss_name_and_a_count() {
        status = 400;
        body = "{\"__type\":\"com.amazonaws.swf#AccessDeniedException\",\"message\":\"for arn:aws:states\"}";
        resume();
        resume();
        resume();
        body = "{\"__type\":\"ResourceNotFoundException\",\"message\":\"no bus outcomes\"}";
        put(false);
        status = 200;
        body = "{\"FailedEntryCount\":1,\"Entries\":[{\"ErrorCode\":\"NotAuthorizedForSourceException\"}]}";
        put(false);
        put(false);

        assertThat(logged()).isEqualTo("""
                {"message":"execution_not_resumed","aws_error":"AccessDeniedException","aws_status":400,"count":3}
                {"message":"event_not_put","aws_error":"ResourceNotFoundException","aws_status":400,"count":1}
                {"message":"event_not_put","aws_error":"NotAuthorizedForSourceException","aws_status":200,"count":2}
                """);
        assertThat(logged()).isEmpty();
    }

    @Test
    void what_is_settled_leaves_no_line() {
        body = "{\"FailedEntryCount\":0}";
        put(false);
        resume();
        status = 400;
        body = "{\"__type\":\"TaskTimedOut\"}";
        resume();

        assertThat(logged()).isEmpty();
    }

    @Test
    void a_service_that_does_not_answer_is_told_as_silent() {
        server.stop(0);
        resume();

        assertThat(logged())
                .isEqualTo("{\"message\":\"execution_not_resumed\",\"aws_error\":\"no_answer\",\"count\":1}\n");
    }

    private String logged() {
        TestContext context = new TestContext(LIMIT);
        failures.write(new Log(context));
        return context.lines();
    }

    private boolean resume() {
        return new StepFunctions(aws().stepFunctions(), failures).resume(TOKEN, task, LIMIT);
    }

    private boolean put(boolean hasPersonalData) {
        return new EventBridge(aws().eventBridge(), "outcomes", hasPersonalData, failures).put(task, LIMIT);
    }

    @SuppressWarnings("unchecked") // the one entry of what was sent
    private Map<String, Object> entry() throws BadJson {
        return ((List<Map<String, Object>>) Json.parseObject(bodies.get(0)).get("Entries")).get(0);
    }

    private AwsClients aws() {
        String endpoint = "http://127.0.0.1:" + server.getAddress().getPort();
        return new AwsClients(
                Settings.from(Map.of(
                        "AWS_REGION", "eu-central-1",
                        "AWS_ACCESS_KEY_ID", "key",
                        "AWS_SECRET_ACCESS_KEY", "secret",
                        "AWS_SESSION_TOKEN", "session",
                        "AWS_ENDPOINT_URL_SFN", endpoint,
                        "AWS_ENDPOINT_URL_EVENTBRIDGE", endpoint)),
                new Tls(),
                Clock.systemUTC());
    }

    private void awaitEnd() {
        try {
            ended.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
