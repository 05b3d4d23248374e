package io.smstask.local;

import static io.smstask.local.TasksClient.aTask;
import static io.smstask.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.smstask.aws.SdkClients;
import io.smstask.callback.CallbackHandler;
import io.smstask.entry.Entry;
import io.smstask.json.Json;
import io.smstask.lambda.Handler;
import io.smstask.local.TasksClient.Reply;
import io.smstask.local.gateway.HttpApiGateway;
import io.smstask.local.gateway.LocalFunction;
import io.smstask.local.template.Template;
import io.smstask.send.SendHandler;
import io.smstask.settings.Settings;
import io.smstask.simulator.ApiError;
import io.smstask.simulator.CallbackPlan;
import io.smstask.simulator.ReceivedRequest;
import io.smstask.simulator.SimulatedAnswer;
import io.smstask.simulator.TwilioSimulator;
import io.smstask.testing.Patience;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * {@code docs/openapi.yaml} against template.yaml, the event files and the handlers. {@link TasksClient} checks the answers of all
 * tests against it; here each documented one is provoked.
 */
class OpenApiTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TYPE = "application/json";
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String UNREADABLE_SID = "SM" + "e".repeat(32);
    private static final Duration WHOLE = Duration.ofSeconds(28);

    /** Enough for a claim, and for a cancel's first request to Twilio (5 s) and a second one, on a busy machine. */
    private static final Duration SHORT = Duration.ofSeconds(14);

    private static final OpenApi DOCUMENT = OpenApi.document();
    private static final Template TEMPLATE = Template.read(Template.find());

    private static final List<AutoCloseable> PARTS = new ArrayList<>();

    private static LocalStack stack;
    private static TwilioSimulator twilio;
    private static TasksClient tasks;
    private static TasksClient callbacks;

    @BeforeAll
    static void start() {
        stack = LocalStack.start(LocalOptions.forTests(line -> {}), TEMPLATE);
        PARTS.add(stack);
        twilio = stack.simulator().orElseThrow();
        tasks = new TasksClient(stack.tasksUrl());
        callbacks = new TasksClient(stack.callbackUrl());
    }

    @AfterAll
    static void stop() throws Exception {
        for (int i = PARTS.size() - 1; i >= 0; i--) {
            PARTS.get(i).close();
        }
    }

    @Test
    void its_operations_are_the_routes_of_the_template() {
        assertThat(DOCUMENT.operations())
                .containsExactlyInAnyOrderElementsOf(TEMPLATE.routes().stream()
                        .map(route -> route.method() + " " + route.path())
                        .toList());
    }

    @Test
    void the_example_of_an_api_with_a_jwt_has_the_routes_of_the_tasks_api() throws IOException {
        assertThat(Files.readAllLines(Path.of("..", "..", "docs", "examples", "jwt-api.yaml")))
                .filteredOn(line -> line.contains("RouteKey: "))
                .extracting(line -> line.replaceFirst(" *RouteKey: ", ""))
                .containsExactlyInAnyOrderElementsOf(TEMPLATE.routes().stream()
                        .filter(Template.Route::iam)
                        .map(route -> route.method() + " " + route.path())
                        .toList());
    }

    @Test
    void its_examples_are_the_bodies_of_the_event_files() throws IOException {
        for (String operation : DOCUMENT.operations()) {
            for (Map.Entry<String, Map<String, Object>> example :
                    DOCUMENT.examples(operation).entrySet()) {
                JsonNode event = JSON.readTree(Path.of("..", "..", "events", example.getKey() + ".json")
                        .toFile());
                String body = event.path("body").asText();
                String json = operation.contains("callback") ? OpenApi.form(body) : body;

                assertThat(JSON.readTree(json)).as(example.getKey()).isEqualTo(JSON.valueToTree(example.getValue()));
            }
        }
        assertThat(DOCUMENT.examples("POST /tasks")).hasSizeGreaterThan(1);
    }

    @Test
    void every_answer_that_it_lists_is_given() throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        Set<String> given = new TreeSet<>();
        try {
            List<Future<Reply>> slow = new ArrayList<>();
            for (Callable<Reply> call : slowAnswers()) {
                slow.add(threads.submit(call));
            }
            Stream.of(sends(), repeats(threads), reads(), cancels(), callBacks())
                    .flatMap(List::stream)
                    .forEach(reply -> given.add(reply.name()));
            for (Future<Reply> reply : slow) {
                given.add(reply.get().name());
            }
        } finally {
            threads.shutdownNow();
        }

        assertThat(given).containsExactlyInAnyOrderElementsOf(DOCUMENT.answers());
    }

    /** Those for which the functions wait until their limits: run at once. */
    private static List<Callable<Reply>> slowAnswers() throws IOException {
        // The system accepts connections for it, and nobody answers them.
        URI silent = uri(silence().getLocalPort());
        TasksClient withoutAnswer = tasksWith(Map.of("TWILIO_API_URL", silent.toString()), SHORT);
        TasksClient withoutTwilio =
                tasksWith(Map.of("TWILIO_API_URL", uri(closedPort()).toString()), SHORT);
        Map<String, String> outage =
                Map.of("AWS_ENDPOINT_URL_DYNAMODB", uri(closedPort()).toString());
        TasksClient withoutStore = tasksWith(outage, SHORT);
        twilio.nextCallbacks(CallbackPlan.lost("sent"));
        tasks.send(aTask("open"));
        String path = path(lastRequest());
        HttpApiGateway callbacksWithoutStore = gateway(
                "CallbackApi",
                LocalStack.CALLBACK_FUNCTION,
                new CallbackHandler(environment(LocalStack.CALLBACK_FUNCTION, outage), Clock.systemUTC()),
                SHORT);
        return List.of(
                () -> withoutAnswer.send(aTask("timeout")),
                () -> withoutTwilio.send(aTask("connect-failed")),
                () -> withoutStore.send(aTask("outage")),
                () -> withoutStore.task("outage"),
                () -> withoutStore.get("/messages/SM" + "0".repeat(32)),
                () -> withoutStore.post("/tasks/outage/cancel", TYPE, ""),
                () -> withoutAnswer.post("/tasks/open/cancel", TYPE, ""),
                () -> withoutTwilio.post("/tasks/open/cancel", TYPE, ""),
                () -> new TasksClient(callbacksWithoutStore.baseUrl())
                        .post(path, FORM, "MessageSid=SM" + "0".repeat(32) + "&MessageStatus=sent"));
    }

    private static List<Reply> sends() {
        TasksClient braked = tasksWith(
                Map.of("ALLOWED_PREFIXES", "+1", "RECIPIENT_LIMIT", "1", "RECIPIENT_WINDOW_SECONDS", "86400"), WHOLE);
        List<Reply> replies = new ArrayList<>(List.of(
                tasks.send(aTask("sent")),
                tasks.send(aTask("sent")),
                tasks.post("/tasks", TYPE, "{"),
                tasks.send(with(aTask("sent"), "body", "Another text")),
                tasks.send(with(aTask("large"), "context", Map.of("note", "x".repeat(66_000)))),
                tasks.post("/tasks", "text/plain", "Hello"),
                tasks.send(with(aTask("refused"), "number_to", "+15005550001")),
                sentWith(SimulatedAnswer.httpError(451, "text/plain", "no"), "refused-in-text"),
                sentWith(SimulatedAnswer.error(ApiError.DAILY_LIMIT), "quota"),
                sentWith(SimulatedAnswer.closeWithoutAnswer(), "lost"),
                sentWith(SimulatedAnswer.httpError(200, "text/html", "<h1>Hi</h1>"), "html"),
                sentWith(SimulatedAnswer.httpError(500, "text/html", "<h1>Oops</h1>"), "oops"),
                sentWith(SimulatedAnswer.withoutStatus(), "no-status"),
                braked.send(with(aTask("elsewhere"), "number_to", "+441234567890")),
                braked.send(aTask("first")),
                braked.send(aTask("second")),
                withoutTable().send(aTask("misconfigured"))));
        replies.addAll(erased());
        sentWith(SimulatedAnswer.error(ApiError.QUEUE_FULL), "closed");
        tasks.post("/tasks/closed/cancel", TYPE, "");
        replies.add(tasks.send(aTask("closed")));
        return replies;
    }

    /** A task of which nothing was sent, before it was erased and after. */
    private static List<Reply> erased() {
        // Too short to call Twilio and to record its answer.
        TasksClient hasty = tasksWith(Map.of(), Duration.ofSeconds(5));
        Reply before = hasty.send(aTask("erased"));
        try {
            stack.function(LocalStack.SEND_FUNCTION).invoke("{\"erase\":\"erased\"}".getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Reply after = tasks.send(aTask("erased"));
        assertThat(after.json().path("erased").asBoolean()).isTrue();
        assertThat(after.http().headers().firstValue("Retry-After"))
                .as("a repeat would not help")
                .isEmpty();
        return List.of(before, after, tasks.task("erased"));
    }

    /** Repeats while a call is in progress, and after its deadline. */
    private static List<Reply> repeats(ExecutorService threads) throws IOException {
        TasksClient held =
                tasksWith(Map.of("TWILIO_API_URL", uri(silence().getLocalPort()).toString()), WHOLE);
        TasksClient later = tasksWith(Map.of(), WHOLE, Clock.offset(Clock.systemUTC(), Duration.ofMinutes(1)));
        threads.submit(() -> held.send(aTask("held")));
        await("the claim").until(() -> tasks.task("held").status() == 200);
        return List.of(tasks.send(aTask("held")), later.send(aTask("held")));
    }

    private static List<Reply> reads() {
        putUnreadable();
        return List.of(
                tasks.task("sent"),
                tasks.task("unheard-of"),
                tasks.task("unreadable"),
                tasks.send(aTask("unreadable")),
                withoutTable().task("sent"),
                tasks.get("/messages/" + tasks.task("sent").text("sid")),
                tasks.get("/messages/SM" + "0".repeat(32)),
                tasks.get("/messages/" + UNREADABLE_SID),
                withoutTable().get("/messages/" + UNREADABLE_SID));
    }

    private static List<Reply> cancels() throws IOException {
        AtomicReference<HttpHandler> answers = new AtomicReference<>();
        HttpServer faulty = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        faulty.createContext("/", exchange -> answers.get().handle(exchange));
        faulty.start();
        PARTS.add(() -> faulty.stop(0));
        TasksClient withFaults = tasksWith(
                Map.of("TWILIO_API_URL", uri(faulty.getAddress().getPort()).toString()), WHOLE);
        tasks.send(scheduled("scheduled"));
        List<Reply> replies = new ArrayList<>(List.of(
                tasks.post("/tasks/scheduled/cancel", TYPE, ""),
                tasks.post("/tasks/sent/cancel", TYPE, "{\"force\":true}"),
                tasks.post("/tasks/unheard-of/cancel", TYPE, ""),
                tasks.post("/tasks/refused/cancel", TYPE, ""),
                tasks.post("/tasks/sent/cancel", TYPE, "{\"AuthToken\":\"" + "x".repeat(66_000) + "\"}"),
                tasks.post("/tasks/sent/cancel", "text/plain", "please"),
                tasks.post("/tasks/unreadable/cancel", TYPE, ""),
                withoutTable().post("/tasks/sent/cancel", TYPE, "")));
        for (HttpHandler fault : List.<HttpHandler>of(
                HttpExchange::close,
                exchange -> answer(exchange, 200, "text/html", "<h1>Hi</h1>"),
                exchange -> answer(exchange, 500, "text/html", "<h1>Oops</h1>"),
                exchange -> answer(exchange, 451, "text/plain", "no"),
                exchange -> answer(exchange, 401, TYPE, "{\"code\":20003,\"message\":\"no\",\"status\":401}"))) {
            answers.set(fault);
            replies.add(withFaults.post("/tasks/open/cancel", TYPE, ""));
        }
        return replies;
    }

    private static List<Reply> callBacks() throws Exception {
        twilio.nextCallbacks(CallbackPlan.lost("sent"));
        String sid = tasks.send(aTask("called-back")).text("sid");
        ReceivedRequest request = lastRequest();
        String path = path(request);
        String otherKey = path.replaceFirst("callback/[^/]+", "callback/" + "A".repeat(43));
        String form = "MessageSid=" + sid + "&MessageStatus=sent";
        return List.of(
                new SignedCallback(request, sid, "sent").postTo(stack),
                callbacks.post(path, FORM, "%zz"),
                callbacks.post(path, FORM, form),
                callbacks.post(path, FORM, form, "X-Twilio-Signature", "L/OH5YylLD5NRKLltdqwSvS0BnU="),
                callbacks.post(otherKey, FORM, form),
                new SignedCallback(request, sid, "sent", "AC00000000000000000000000000000009").postTo(stack),
                new SignedCallback(request, UNREADABLE_SID, "sent").postTo(stack),
                callbacks.post(path, FORM, "x".repeat(66_000)),
                callbacks.post(path, TYPE, "{}"));
    }

    /** What an answer, or the call before it, may become without anybody meaning it. */
    private record Drift(String what, UnaryOperator<OpenApi.Call> call, UnaryOperator<OpenApi.Answer> answer) {

        private static Drift ofBody(String what, Consumer<ObjectNode> change) {
            return new Drift(what, UnaryOperator.identity(), answer -> {
                ObjectNode body = object(answer.body());
                change.accept(body);
                return new OpenApi.Answer(answer.status(), answer.headers(), body.toString());
            });
        }

        private static Drift ofHeader(String name, String value) {
            return new Drift("header " + name + " " + value, UnaryOperator.identity(), answer -> {
                Map<String, String> headers = new HashMap<>(answer.headers());
                headers.keySet().removeIf(name::equalsIgnoreCase);
                if (!value.isEmpty()) {
                    headers.put(name, value);
                }
                return new OpenApi.Answer(answer.status(), headers, answer.body());
            });
        }

        private static Drift ofStatus(int status) {
            return new Drift(
                    "status " + status,
                    UnaryOperator.identity(),
                    answer -> new OpenApi.Answer(status, answer.headers(), answer.body()));
        }

        private static Drift ofCall(String what, Consumer<ObjectNode> change) {
            return new Drift(
                    what,
                    call -> {
                        ObjectNode body = object(call.body());
                        change.accept(body);
                        return new OpenApi.Call(call.method(), call.path(), call.headers(), body.toString());
                    },
                    UnaryOperator.identity());
        }

        @Override
        public String toString() {
            return what;
        }
    }

    static Stream<Drift> drifts() {
        return Stream.of(
                Drift.ofBody("a new field", body -> body.put("segments", 1)),
                Drift.ofBody("a field less", body -> body.remove("history")),
                Drift.ofBody("another name", body -> body.set("account_sid", body.remove("AccountSid"))),
                Drift.ofBody("another type", body -> body.put("num_segments", "1")),
                Drift.ofBody("a time without milliseconds", body -> body.put("created_at", "2026-11-24T12:28:26Z")),
                Drift.ofBody("another word", body -> body.put("node", "Waiting")),
                Drift.ofBody("null", body -> body.putNull("status")),
                Drift.ofBody("a new note", body -> ((ObjectNode) body.at("/history/0")).put("note", "early")),
                Drift.ofBody("a code on a task that is not red", body -> body.put("code", "21211")),
                Drift.ofBody(
                        "a red task without a reason",
                        body -> body.put("node", "Escalation")
                                .put("code", "21211")
                                .put("message", "no")
                                .put("retryable", "no")),
                Drift.ofBody(
                        "a task with a sid that may be run again",
                        body -> body.put("node", "Escalation")
                                .put("code", "21611")
                                .put("message", "no")
                                .put("reason", "capacity")
                                .put("retryable", "yes")),
                Drift.ofBody("an erased task with its text", body -> body.put("erased", true)),
                Drift.ofHeader("Location", ""),
                Drift.ofHeader("Location", "/"),
                Drift.ofHeader("Retry-After", "1"),
                Drift.ofHeader("Content-Type", "text/plain"),
                Drift.ofStatus(200),
                Drift.ofStatus(204),
                Drift.ofStatus(422),
                Drift.ofCall("an unknown parameter is taken", body -> body.put("To", "+15558675310")),
                Drift.ofCall("a call without a recipient is taken", body -> body.remove("number_to")));
    }

    @ParameterizedTest
    @MethodSource("drifts")
    void what_drifts_is_found(Drift drift) {
        twilio.nextCallbacks(CallbackPlan.lost("sent"));
        Map<String, Object> task = aTask("drift-" + System.nanoTime());
        Reply reply = tasks.send(task);
        var call = new OpenApi.Call("POST", "/tasks", Map.of("Content-Type", TYPE), Json.writeText(task));
        var answer = new OpenApi.Answer(
                201,
                Map.of("Content-Type", TYPE, "Location", "/tasks/" + reply.text("task_id")),
                reply.json().toString());

        assertThatCode(() -> DOCUMENT.check(call, answer)).doesNotThrowAnyException();
        assertThatThrownBy(() ->
                        DOCUMENT.check(drift.call().apply(call), drift.answer().apply(answer)))
                .isInstanceOf(AssertionError.class);
    }

    private static ObjectNode object(String json) {
        try {
            return (ObjectNode) JSON.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Reply sentWith(SimulatedAnswer answer, String id) {
        twilio.nextAnswer(answer);
        return tasks.send(aTask(id));
    }

    private static Map<String, Object> with(Map<String, Object> task, String name, Object value) {
        task.put(name, value);
        return task;
    }

    private static Map<String, Object> scheduled(String id) {
        Map<String, Object> task = with(aTask(id), "number_from", "MG00000000000000000000000000000001");
        task.put("ScheduleType", "fixed");
        task.put("SendAt", Instant.now().plus(2, ChronoUnit.HOURS).toString());
        return task;
    }

    /** An item that is found by id and by sid, and is no task. */
    private static void putUnreadable() {
        var settings = Settings.from(stack.environment(LocalStack.SEND_FUNCTION));
        try (DynamoDbClient client = SdkClients.dynamoDb(settings, Patience.PATIENCE)) {
            client.putItem(put -> put.tableName(LocalStack.TABLE)
                    .item(Map.of(
                            "task_id", AttributeValue.fromS("unreadable"),
                            "sid", AttributeValue.fromS(UNREADABLE_SID),
                            "revision", AttributeValue.fromS("not a number"))));
        }
    }

    private static ReceivedRequest lastRequest() {
        return twilio.requests().get(twilio.requests().size() - 1);
    }

    /** The path that Twilio is to call for this message. */
    private static String path(ReceivedRequest request) {
        return URI.create(request.form().get("StatusCallback").get(0)).getPath();
    }

    private static TasksClient withoutTable() {
        return tasksWith(Map.of("TASKS_TABLE", "no-such-table"), WHOLE);
    }

    /** The tasks API with other settings. */
    private static TasksClient tasksWith(Map<String, String> settings, Duration timeout) {
        return tasksWith(settings, timeout, Clock.systemUTC());
    }

    private static TasksClient tasksWith(Map<String, String> settings, Duration timeout, Clock clock) {
        var handler = new SendHandler(environment(LocalStack.SEND_FUNCTION, settings), clock);
        return new TasksClient(
                gateway("TasksApi", LocalStack.SEND_FUNCTION, handler, timeout).baseUrl());
    }

    private static HttpApiGateway gateway(String api, String function, Handler handler, Duration timeout) {
        HttpApiGateway gateway = HttpApiGateway.start(
                0,
                TEMPLATE.routes().stream()
                        .filter(route -> route.api().equals(api))
                        .toList());
        PARTS.add(gateway);
        gateway.put(function, new LocalFunction(function, new Entry(handler), timeout, line -> {}));
        return gateway;
    }

    private static Map<String, String> environment(String function, Map<String, String> changes) {
        Map<String, String> environment = new HashMap<>(stack.environment(function));
        environment.putAll(changes);
        return environment;
    }

    private static ServerSocket silence() throws IOException {
        var silence = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        PARTS.add(silence);
        return silence;
    }

    private static int closedPort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static URI uri(int port) {
        return URI.create("http://127.0.0.1:" + port);
    }

    private static void answer(HttpExchange exchange, int status, String type, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
