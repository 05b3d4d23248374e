package io.smstask.proof;

import static io.smstask.testing.Patience.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smstask.lambdaprocess.BuiltFunction;
import io.smstask.lambdaprocess.LambdaProcess;
import io.smstask.lambdaprocess.Launch;
import io.smstask.lambdaprocess.Reported;
import io.smstask.local.LocalOptions;
import io.smstask.local.LocalStack;
import io.smstask.local.Overdue;
import io.smstask.local.gateway.HttpApiGateway;
import io.smstask.local.gateway.LocalFunction;
import io.smstask.local.template.Template;
import io.smstask.simulator.CallbackAttempt;
import io.smstask.simulator.CallbackPlan;
import io.smstask.simulator.SimulatedAnswer;
import io.smstask.simulator.TwilioSimulator;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * The functions as they are deployed: each built jar, started by Lambda's own runtime in a JVM that holds nothing else. What
 * the smaller jar has lost on its way, or what a class loader of Lambda's does not find, comes out here.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "Lambda's Java runtime has native code for Linux only")
final class BuiltFunctionIT {

    private static final Path TEMPLATE = Template.find();
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String EVENTS_TASK = "order-4711";
    private static final String AUTH_TOKEN = LocalOptions.SIMULATED_ACCOUNT.authToken();
    private static final String NUMBER_TO = "+15558675310";
    private static final String TEXT = "Your order 4711 is on its way.";

    private static final AtomicInteger tasks = new AtomicInteger(Integer.parseInt(EVENTS_TASK.replaceFirst(".*-", "")));

    @TempDir
    private static Path work;

    private static LocalStack stack;
    private static Launch sendFunction;
    private static Launch callbackFunction;
    private static Launch pollFunction;

    /** As long as the events' own, so that their {@code Content-Length} stays true. */
    private final String task = EVENTS_TASK.replaceFirst("-.*", "-" + tasks.incrementAndGet());

    private final List<LambdaProcess> started = new ArrayList<>();
    private final List<String> secrets = new ArrayList<>();

    @BeforeAll
    static void unpack_the_jars() throws IOException {
        sendFunction = BuiltFunction.unpack(TEMPLATE, LocalStack.SEND_FUNCTION, "send-function", work);
        callbackFunction = BuiltFunction.unpack(TEMPLATE, LocalStack.CALLBACK_FUNCTION, "callback-function", work);
        pollFunction = BuiltFunction.unpack(TEMPLATE, LocalStack.POLL_FUNCTION, "poll-function", work);
        stack = LocalStack.start(LocalOptions.forTests(line -> {}), Template.read(TEMPLATE));
    }

    @AfterAll
    static void end_the_stack() {
        if (stack != null) {
            stack.close();
        }
    }

    @AfterEach
    void no_function_has_printed_anything_private_or_a_warning() {
        started.forEach(LambdaProcess::close);
        secrets.addAll(List.of(AUTH_TOKEN, NUMBER_TO.substring(1), TEXT));
        for (var request : twilio().requests()) {
            for (String field : List.of("To", "From", "Body")) {
                secrets.addAll(request.form().getOrDefault(field, List.of()));
            }
            request.form().getOrDefault("StatusCallback", List.of()).forEach(url -> secrets.add(key(URI.create(url))));
        }
        for (var function : started) {
            assertThat(function.log()).isNotEmpty().allSatisfy(BuiltFunctionIT::isLogLine);
            assertThat(String.join("\n", function.log())).doesNotContain(secrets);
        }
    }

    /** JSON of ours, the JVM's note on the flags of template.yaml, or the runtime's account of what a handler threw. */
    private static void isLogLine(String line) {
        boolean isOfAnException = line.isEmpty()
                || line.startsWith("\tat ")
                || line.matches("[a-z.]+[.][A-Z]\\w+: .*|.*: [a-z.]+[.][A-Z]\\w+");
        if (!line.startsWith("Picked up JAVA_TOOL_OPTIONS: ") && !isOfAnException) {
            assertThat(read(line).isObject()).as(line).isTrue();
        }
    }

    @Test
    void a_task_is_sent_once_and_read_by_its_id_and_by_its_sid() throws IOException {
        var send = start(sendFunction, sendEnvironment());

        var first = http(send.invoke(event("send-http-v2")));
        var again = http(send.invoke(event("send-http-v2")));
        var sid = first.body().path("sid").asText();

        assertThat(first.status()).isEqualTo(201);
        assertThat(first.header("Location")).isEqualTo("/tasks/" + task);
        assertThat(sid).startsWith("SM");
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.body().path("sid").asText()).isEqualTo(sid);
        assertThat(messagesOf(task)).isOne();
        assertThat(http(send.invoke(event("read-task-http-v2")))
                        .body()
                        .path("sid")
                        .asText())
                .isEqualTo(sid);
        assertThat(http(send.invoke(event("read-message-http-v2").replace("SM00000000000000000000000000000001", sid)))
                        .body()
                        .path("task_id")
                        .asText())
                .isEqualTo(task);
    }

    @Test
    void without_a_token_the_stacks_own_comes_from_secrets_manager() throws IOException {
        int before = stack.secretsManager().reads();
        var send = start(sendFunction, sendEnvironment());

        var sent = direct(send.invoke(event("send-stack-credentials")));

        assertThat(sent.path("node").asText()).isIn("Waiting for Callback", "Final");
        assertThat(messagesOf(task)).isOne();
        assertThat(stack.secretsManager().reads()).isGreaterThan(before);
    }

    @Test
    void wrong_parameters_are_answered_400_and_thrown_as_invalid_task_to_a_direct_caller() throws IOException {
        var send = start(sendFunction, sendEnvironment());

        var refused = http(send.invoke(event("send-missing-number")));
        var thrown = error(send.invoke(without("number_to", event("send-direct"))));

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.body().path("code").asText()).isEqualTo("invalid_task");
        assertThat(thrown.type()).isEqualTo("io.smstask.send.InvalidTask");
        assertThat(thrown.message()).isEqualTo(refused.body());
        assertThat(messagesOf(task)).isZero();
    }

    @Test
    void a_store_that_is_down_is_answered_503_and_thrown_as_store_unavailable() throws IOException {
        var environment = sendEnvironment();
        environment.put("AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:" + closedPort());
        var send = start(sendFunction, environment);

        var refused = http(send.invoke(event("send-http-v2")));
        var thrown = error(send.invoke(event("send-direct")));

        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.body().path("code").asText()).isEqualTo("store_unavailable");
        assertThat(thrown.type()).isEqualTo("io.smstask.task.StoreUnavailable");
        assertThat(thrown.message()).isEqualTo(refused.body());
        assertThat(messagesOf(task)).isZero();
    }

    @Test
    void a_stack_that_is_set_up_wrongly_says_so_at_its_start_and_to_every_caller() throws IOException {
        var environment = sendEnvironment();
        environment.put("TASKS_TABLE", "no-such-table");
        environment.put("TWILIO_SECRET_ID", "no-such-secret");
        var send = start(sendFunction, environment);

        var refused = http(send.invoke(event("send-http-v2")));
        var thrown = error(send.invoke(event("send-stack-credentials")));

        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.header("Retry-After")).isEmpty();
        assertThat(refused.body().path("code").asText()).isEqualTo("misconfigured");
        assertThat(thrown.type()).isEqualTo("io.smstask.task.Misconfigured");
        assertThat(thrown.message()).isEqualTo(refused.body());
        // On a busy machine the start does not wait for its last line.
        await("the line that the priming failed")
                .untilAsserted(() -> assertThat(send.log())
                        .filteredOn(line -> line.contains("\"priming_failed\""))
                        .anyMatch(
                                line -> line.contains("\"aws_error\":\"ResourceNotFoundException\",\"aws_status\":400"))
                        .anyMatch(line -> line.contains("\"secret\":\"missing\"")));
        assertThat(messagesOf(task)).isZero();
    }

    @Test
    void every_way_in_which_twilio_says_no_has_its_own_answer() throws IOException {
        var send = start(sendFunction, sendEnvironment());

        var refused = http(send.invoke(event("send-http-v2").replace(NUMBER_TO, "+15005550001")));
        twilio().nextAnswer(SimulatedAnswer.rateLimited(Duration.ofMinutes(1)));
        var limited = http(send.invoke(event("send-http-v2").replace(task, "limited-01")));
        twilio().nextAnswer(SimulatedAnswer.httpError(502, "text/html", "<html>Bad Gateway</html>"));
        var broken = http(send.invoke(event("send-http-v2").replace(task, "broken-001")));

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.body().path("code").asText()).isEqualTo("21211");
        assertThat(refused.body().path("url_more_info").asText()).endsWith("21211");
        assertThat(limited.status()).isEqualTo(429);
        assertThat(limited.header("Retry-After")).isEqualTo("60");
        assertThat(limited.body().path("retryable").asText()).isEqualTo("yes");
        assertThat(broken.status()).isEqualTo(502);
        assertThat(broken.body().path("code").asText()).isEqualTo("server_error");
        assertThat(broken.body().path("retryable").asText()).isEqualTo("unknown");
    }

    @Test
    void twilios_callbacks_bring_a_task_to_its_end_and_a_forged_one_does_not() throws IOException {
        var callback = start(callbackFunction, stack.environment(LocalStack.CALLBACK_FUNCTION));
        try (var gateway = callbackApi(callback)) {
            var environment = sendEnvironment();
            environment.put("CALLBACK_BASE_URL", gateway.baseUrl().toString());
            var send = start(sendFunction, environment);
            // The first invocation waits for the JVM, and Twilio waits for 5 s at most.
            var unknown = http(callback.invoke(event("callback-delivered-base64")));

            send.invoke(event("send-http-v2"));
            awaitDelivered(task);
            var wrongKey = http(callback.invoke(event("callback-delivered-base64")));
            var genuine = twilio().callbacks().stream()
                    .filter(attempt -> attempt.url().endsWith(task))
                    .findFirst()
                    .orElseThrow();
            var forged = http(callback.invoke(withPathOf(genuine, event("callback-forged"))));
            var unsigned = http(callback.invoke(withPathOf(genuine, event("callback-unsigned"))));
            // Of a task with the stack's own credentials the store holds a hash, and the token comes from the secret.
            send.invoke(event("send-stack-credentials").replace(task, "stack-0001"));
            awaitDelivered("stack-0001");

            assertThat(forged.status()).isEqualTo(403);
            assertThat(unsigned.status()).isEqualTo(403);
            assertThat(wrongKey.status()).isEqualTo(404);
            assertThat(unknown.body()).isEqualTo(wrongKey.body());
            assertThat(twilio().callbacks())
                    .filteredOn(attempt -> attempt.url().startsWith(environment.get("CALLBACK_BASE_URL")))
                    .hasSizeGreaterThanOrEqualTo(2)
                    .allSatisfy(attempt -> assertThat(attempt.responseCode()).hasValue(204));
            for (String delivered : List.of(task, "stack-0001")) {
                var stored = direct(send.invoke(event("read-task-direct").replace(task, delivered)));
                assertThat(stored.path("node").asText()).isEqualTo("Final");
                assertThat(stored.path("status").asText()).isEqualTo("delivered");
            }
        }
    }

    @Test
    void a_message_of_the_queue_brings_a_task_to_its_end_whose_callbacks_were_lost() throws IOException {
        var send = start(sendFunction, sendEnvironment());
        var poll = start(pollFunction, stack.environment(LocalStack.POLL_FUNCTION));
        twilio().nextCallbacks(CallbackPlan.lost("sent", "delivered"));
        send.invoke(event("send-stack-credentials"));
        await("delivered at Twilio")
                .until(() -> twilio().messages().stream()
                        .filter(message -> message.statusCallback().orElse("").contains("/" + task))
                        .anyMatch(message -> message.status().equals("delivered")));
        Overdue.make(stack, task);

        assertThat(poll.invoke(event("poll-queue")).body()).isEqualTo("{\"batchItemFailures\":[]}");

        // The stack's own poll may have been faster.
        await("delivered")
                .until(() -> direct(send.invoke(event("read-task-direct")))
                        .path("status")
                        .asText()
                        .equals("delivered"));
        var stored = direct(send.invoke(event("read-task-direct")));
        assertThat(stored.path("history").findValuesAsText("source")).containsExactly("send", "poll");
        assertThat(poll.invoke(event("callback-delivered")).isError()).isTrue();
    }

    @Test
    void a_start_without_settings_names_all_that_are_missing() throws IOException {
        var environment = sendEnvironment();
        environment.keySet().removeAll(List.of("TASKS_TABLE", "CALLBACK_BASE_URL", "AWS_ACCESS_KEY_ID"));

        var send = start(sendFunction, environment);

        assertThat(send.initError()).contains("environment lacks TASKS_TABLE, CALLBACK_BASE_URL, AWS_ACCESS_KEY_ID");
        assertThat(send.hasAsked()).isFalse();
    }

    private LambdaProcess start(Launch function, Map<String, String> environment) throws IOException {
        var running = LambdaProcess.start(function.with(environment), work);
        started.add(running);
        return running;
    }

    private static Map<String, String> sendEnvironment() {
        return new HashMap<>(stack.environment(LocalStack.SEND_FUNCTION));
    }

    /** The callback API with the built function behind it. */
    private static HttpApiGateway callbackApi(LambdaProcess callback) {
        var routes = Template.read(TEMPLATE).routes().stream()
                .filter(route -> route.function().equals(LocalStack.CALLBACK_FUNCTION))
                .toList();
        var gateway = HttpApiGateway.start(0, routes);
        gateway.put(
                LocalStack.CALLBACK_FUNCTION,
                new LocalFunction(
                        LocalStack.CALLBACK_FUNCTION,
                        (in, out, context) -> out.write(callback.invoke(new String(in.readAllBytes(), UTF_8))
                                .body()
                                .getBytes(UTF_8)),
                        callbackFunction.timeout(),
                        line -> {}));
        return gateway;
    }

    private static TwilioSimulator twilio() {
        return stack.simulator().orElseThrow();
    }

    private static void awaitDelivered(String task) {
        await("the callback delivered of " + task)
                .until(() -> twilio().callbacks().stream()
                        .anyMatch(attempt ->
                                attempt.url().endsWith(task) && attempt.status().equals("delivered")));
    }

    private static long messagesOf(String task) {
        return twilio().requests().stream()
                .flatMap(request -> request.form().getOrDefault("StatusCallback", List.of()).stream())
                .filter(url -> URI.create(url).getPath().endsWith("/" + task))
                .count();
    }

    /** The callback key in a callback's URL. */
    private static String key(URI url) {
        return Path.of(url.getPath()).getParent().getFileName().toString();
    }

    private String event(String name) throws IOException {
        return Files.readString(TEMPLATE.resolveSibling("events/" + name + ".json"))
                .replace(EVENTS_TASK, task);
    }

    private static String without(String field, String event) throws IOException {
        return ((ObjectNode) JSON.readTree(event)).without(field).toString();
    }

    private static String withPathOf(CallbackAttempt genuine, String event) throws IOException {
        var path = URI.create(genuine.url()).getPath();
        return ((ObjectNode) JSON.readTree(event)).put("rawPath", path).toString();
    }

    private static int closedPort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** An HTTP answer as API Gateway gets it. */
    private record HttpReply(int status, JsonNode headers, JsonNode body) {
        String header(String name) {
            return headers.path(name).asText();
        }
    }

    private static HttpReply http(Reported reported) {
        var answer = direct(reported);
        var body = answer.path("body").asText();
        var text = answer.path("isBase64Encoded").asBoolean()
                ? new String(Base64.getDecoder().decode(body), UTF_8)
                : body;
        return new HttpReply(answer.path("statusCode").asInt(), answer.path("headers"), read(text));
    }

    private static JsonNode direct(Reported reported) {
        assertThat(reported.isError()).as(reported.body()).isFalse();
        return read(reported.body());
    }

    /** What a direct caller and Step Functions see of an exception. */
    private record Thrown(String type, JsonNode message) {}

    private static Thrown error(Reported reported) {
        assertThat(reported.isError()).as(reported.body()).isTrue();
        var error = read(reported.body());
        return new Thrown(
                error.path("errorType").asText(),
                read(error.path("errorMessage").asText()));
    }

    private static JsonNode read(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new AssertionError("not JSON: " + json, e);
        }
    }
}
