package io.smstask.local;

import static io.smstask.local.TasksClient.aTask;
import static io.smstask.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smstask.local.TasksClient.Reply;
import io.smstask.local.template.Template;
import io.smstask.simulator.CallbackPlan;
import io.smstask.simulator.Fault;
import io.smstask.simulator.ReceivedRequest;
import io.smstask.simulator.SimulatedAnswer;
import io.smstask.simulator.TwilioSimulator;
import io.smstask.task.KnownError;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The whole stack over HTTP: the real handlers, DynamoDB Local and the Twilio simulator. */
class EndToEndTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SIMULATED_TOKEN = LocalOptions.SIMULATED_ACCOUNT.authToken();
    private static final List<String> LOG = new CopyOnWriteArrayList<>();
    private static LocalStack stack;
    private static TwilioSimulator twilio;
    private static TasksClient client;

    private String id;

    @BeforeAll
    static void start() {
        stack = LocalStack.start(LocalOptions.forTests(LOG::add), Template.read(Template.find()));
        twilio = stack.simulator().orElseThrow();
        client = new TasksClient(stack.tasksUrl());
    }

    @AfterAll
    static void everything_logged_names_tasks_and_nothing_private() {
        stack.close();
        assertThat(LOG).isNotEmpty().noneMatch(EndToEndTest::isPrivate);
    }

    private static boolean isPrivate(String line) {
        Stream<String> keys = twilio.requests().stream()
                .flatMap(request -> request.form().getOrDefault("StatusCallback", List.of()).stream())
                .map(url -> url.split("/")[5]);
        Stream<String> fixed =
                Stream.of(SIMULATED_TOKEN, "5558675310", "5005550006", "2025550", "Your code", "Hello", "http");
        return Stream.concat(keys, fixed).anyMatch(line::contains);
    }

    @BeforeEach
    void nameTheTask(TestInfo test) {
        id = test.getTestMethod().orElseThrow().getName().replaceAll("[^A-Za-z0-9_-]", "");
        id = id.substring(0, Math.min(40, id.length())) + "-" + System.nanoTime();
    }

    @AfterEach
    void endOutage() {
        stack.dynamoDb().calls().fail();
    }

    @Test
    void an_sms_is_sent_and_followed_to_its_green_end() {
        Reply sent = client.send(aTask(id));

        assertThat(sent.status()).isEqualTo(201);
        assertThat(sent.http().headers().firstValue("Location")).hasValue("/tasks/" + id);
        assertThat(sent.text("sid")).matches("SM[0-9a-f]{32}");
        assertThat(sent.text("status")).isEqualTo("queued");

        JsonNode task = untilNode("Final");
        assertThat(task.path("status").asText()).isEqualTo("delivered");
        assertThat(task.path("sid").asText()).isEqualTo(sent.text("sid"));
        assertThat(task.has("code")).isFalse();
        assertThat(statuses(task)).containsSubsequence("queued", "sending", "sent", "delivered");
        assertThat(client.get("/messages/" + sent.text("sid")).json()).isEqualTo(task);
    }

    @Test
    void a_send_takes_three_calls_downstream_and_a_callback_two() throws GeneralSecurityException {
        twilio.nextCallbacks(CallbackPlan.lost("sent"));
        stack.dynamoDb().calls().clear();

        Reply sent = client.send(aTask(id));
        assertThat(stack.dynamoDb().calls().operations()).containsExactly("PutItem", "UpdateItem");
        assertThat(posts()).hasSize(1);

        stack.dynamoDb().calls().clear();
        assertThat(callBack(sent.text("sid"), "sent").status()).isEqualTo(204);
        assertThat(stack.dynamoDb().calls().operations()).containsExactly("GetItem", "UpdateItem");
    }

    @Test
    void the_original_names_and_the_callers_own_token_are_taken() {
        Reply sent = client.send(Map.of(
                "AuthToken",
                SIMULATED_TOKEN,
                "AccountSid",
                LocalOptions.SIMULATED_ACCOUNT.sid(),
                "Number_to",
                "+15558675310",
                "Number_from",
                "+15005550006",
                "Body",
                "Grüße 👋"));

        assertThat(sent.status()).isEqualTo(201);
        assertThat(sent.text("body")).isEqualTo("Grüße 👋");
        id = sent.text("task_id");
        assertThat(untilNode("Final").path("status").asText()).isEqualTo("delivered");
        assertThat(twilio.messages().get(twilio.messages().size() - 1).body()).isEqualTo("Grüße 👋");
    }

    @Test
    void the_same_call_again_is_answered_and_never_sent() {
        Reply first = client.send(aTask(id));
        untilNode("Final");
        Reply again = client.send(aTask(id));

        assertThat(again.status()).isEqualTo(200);
        assertThat(again.text("sid")).isEqualTo(first.text("sid"));
        assertThat(posts()).hasSize(1);
    }

    @Test
    void many_callers_at_once_send_one_sms() {
        List<CompletableFuture<Integer>> calls = IntStream.range(0, 12)
                .mapToObj(i -> CompletableFuture.supplyAsync(
                        () -> client.send(aTask(id)).status()))
                .toList();

        assertThat(calls.stream().map(CompletableFuture::join).toList())
                .containsOnlyOnce(201)
                .allMatch(status -> status == 201 || status == 200 || status == 202);
        assertThat(posts()).hasSize(1);
    }

    @Test
    void the_same_id_with_other_parameters_is_a_conflict() {
        client.send(aTask(id));
        Map<String, Object> other = aTask(id);
        other.put("body", "Another text");

        Reply answer = client.send(other);

        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.text("code")).isEqualTo("task_conflict");
        assertThat(posts()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"+12025550103, undelivered, 30003", "+12025550105, undelivered, 30005", "+12025550107, failed, 30007"})
    void a_message_that_does_not_arrive_ends_red(String number, String status, String code) {
        Map<String, Object> task = aTask(id);
        task.put("number_to", number);

        assertThat(client.send(task).status()).isEqualTo(201);
        JsonNode end = untilNode("Escalation");

        assertThat(end.path("status").asText()).isEqualTo(status);
        assertThat(end.path("code").asText()).isEqualTo(code);
        assertThat(end.path("url_more_info").asText()).isEqualTo("https://www.twilio.com/docs/errors/" + code);
        assertThat(end.path("retryable").asText()).isEqualTo("no");
        KnownError known = KnownError.of(code).orElseThrow();
        assertThat(end.path("reason").asText()).isEqualTo(known.reason().word());
        assertThat(end.path("message").asText()).startsWith(known.words() + " Twilio says: ");
        assertThat(client.send(task).status()).isEqualTo(200);
    }

    @Test
    void what_twilio_refuses_ends_red_with_twilios_words() {
        Map<String, Object> task = aTask(id);
        task.put("number_to", "+15005550001");

        Reply answer = client.send(task);

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.text("node")).isEqualTo("Escalation");
        assertThat(answer.text("code")).isEqualTo("21211");
        assertThat(answer.text("message")).isNotEmpty();
        assertThat(answer.text("url_more_info")).endsWith("/21211");
        assertThat(client.send(task).status()).isEqualTo(422);
        assertThat(posts()).hasSize(1);
    }

    @Test
    void a_wrong_token_ends_red() {
        Map<String, Object> task = aTask(id);
        task.put("AccountSid", LocalOptions.SIMULATED_ACCOUNT.sid());
        task.put("AuthToken", "ffffffffffffffffffffffffffffffff");

        Reply answer = client.send(task);

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.text("code")).isEqualTo("20003");
    }

    @ParameterizedTest
    @MethodSource("answersAfterWhichNobodyKnows")
    void an_unknown_outcome_is_never_sent_again_and_heals(SimulatedAnswer twilios, int status, String code) {
        twilio.nextAnswer(SimulatedAnswer.acceptThen(twilios));
        twilio.nextCallbacks(CallbackPlan.lost("sent"));

        Reply answer = client.send(aTask(id));

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.text("code")).isEqualTo(code);
        assertThat(answer.text("retryable")).isEqualTo("unknown");
        assertThat(client.send(aTask(id)).status()).isEqualTo(status);
        assertThat(posts()).hasSize(1);
    }

    static Stream<Object[]> answersAfterWhichNobodyKnows() {
        return Stream.of(
                new Object[] {SimulatedAnswer.httpError(500, "text/html", "<h1>Oops</h1>"), 502, "server_error"},
                new Object[] {SimulatedAnswer.httpError(502, "text/html", ""), 502, "server_error"},
                new Object[] {SimulatedAnswer.httpError(503, "application/json", "{}"), 502, "server_error"},
                new Object[] {SimulatedAnswer.httpError(504, "text/html", ""), 502, "server_error"},
                new Object[] {SimulatedAnswer.httpError(408, "text/html", "<h1>Proxy</h1>"), 502, "bad_answer"},
                new Object[] {SimulatedAnswer.httpError(200, "text/html", "<h1>Hi</h1>"), 502, "bad_answer"},
                new Object[] {SimulatedAnswer.closeWithoutAnswer(), 502, "connection_lost"});
    }

    @Test
    void a_callback_heals_an_unknown_outcome() throws GeneralSecurityException {
        twilio.nextAnswer(
                SimulatedAnswer.acceptThen(SimulatedAnswer.httpError(502, "text/html", "<h1>Bad gateway</h1>")));
        twilio.nextCallbacks(CallbackPlan.lost("sent"));
        assertThat(client.send(aTask(id)).text("code")).isEqualTo("server_error");

        // Twilio's callback, after the outcome has been recorded as unknown.
        String sid = twilio.messages().get(twilio.messages().size() - 1).sid();
        assertThat(callBack(sid, "delivered").status()).isEqualTo(204);

        JsonNode task = client.task(id).json();
        assertThat(task.path("node").asText()).isEqualTo("Final");
        assertThat(task.path("sid").asText()).isEqualTo(sid);
        assertThat(task.has("code")).isFalse();
        assertThat(task.path("history").findValuesAsText("note")).containsExactly("healed");
        assertThat(client.send(aTask(id)).status()).isEqualTo(200);
        assertThat(posts()).hasSize(1);
    }

    /** Twilio's callback for this task, correctly signed. */
    private Reply callBack(String sid, String status) throws GeneralSecurityException {
        return new SignedCallback(posts().get(0), sid, status).postTo(stack);
    }

    @Test
    void the_poll_makes_up_for_callbacks_that_were_lost() throws IOException {
        twilio.nextCallbacks(CallbackPlan.lost("sent", "delivered"));
        client.send(aTask(id));
        await("delivered at Twilio")
                .until(() -> twilio.messages()
                        .get(twilio.messages().size() - 1)
                        .status()
                        .equals("delivered"));

        Overdue.make(stack, id);
        poll();

        JsonNode task = client.task(id).json();
        assertThat(task.path("node").asText()).isEqualTo("Final");
        assertThat(task.path("history").findValuesAsText("source")).containsExactly("send", "poll");
    }

    private static void poll() throws IOException {
        assertThat(PollRun.of(stack).path("leased").asInt()).isPositive();
    }

    @Test
    void callbacks_that_are_faster_than_the_answer_win() {
        twilio.nextCallbacks(CallbackPlan.beforeAnswer("sending", "sent", "delivered"));

        Reply answer = client.send(aTask(id));

        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.text("status")).isEqualTo("delivered");
        assertThat(answer.text("node")).isEqualTo("Final");
        assertThat(answer.json().path("num_segments").asInt()).isEqualTo(1);
    }

    @Test
    void callbacks_out_of_order_never_move_a_task_back() {
        twilio.nextCallbacks(CallbackPlan.afterAnswer("delivered", "sent", "sending", "delivered", "undelivered"));

        client.send(aTask(id));
        await("the notes of all callbacks")
                .untilAsserted(() -> assertThat(callbackNotes(client.task(id).json()))
                        .containsExactly("late", "late", "duplicate", "conflict"));

        JsonNode task = client.task(id).json();
        assertThat(task.path("node").asText()).isEqualTo("Final");
        assertThat(task.path("status").asText()).isEqualTo("delivered");
        assertThat(task.has("code")).isFalse();
    }

    @Test
    void a_status_nobody_knows_is_kept_and_moves_nothing() {
        twilio.nextCallbacks(CallbackPlan.afterAnswer("sent", "teleported"));

        client.send(aTask(id));
        await("the unknown word in the history")
                .untilAsserted(
                        () -> assertThat(statuses(client.task(id).json())).contains("teleported"));

        assertThat(client.task(id).text("status")).isEqualTo("sent");
    }

    @Test
    void a_status_is_missing_in_twilios_answer() {
        twilio.nextAnswer(SimulatedAnswer.withoutStatus());
        twilio.nextCallbacks(CallbackPlan.lost("sent"));

        Reply answer = client.send(aTask(id));

        assertThat(answer.status()).isEqualTo(502);
        assertThat(answer.text("code")).isEqualTo("status_missing");
        assertThat(answer.text("sid")).startsWith("SM");
    }

    @Test
    void a_rate_limit_is_waited_for() {
        twilio.nextAnswer(SimulatedAnswer.rateLimited());

        assertThat(client.send(aTask(id)).status()).isEqualTo(201);
        assertThat(posts()).hasSize(2);
        assertThat(untilNode("Final").path("status").asText()).isEqualTo("delivered");
        assertThat(twilio.messages().stream()
                        .filter(message -> isFor(id, message.statusCallback().orElse(""))))
                .hasSize(1);
    }

    @Test
    void a_rate_limit_that_lasts_too_long_is_answered_and_the_task_runs_again() {
        twilio.nextAnswer(SimulatedAnswer.rateLimited(Duration.ofSeconds(60)));

        Reply limited = client.send(aTask(id));
        Reply again = client.send(aTask(id));

        assertThat(limited.status()).isEqualTo(429);
        assertThat(limited.http().headers().firstValue("Retry-After")).hasValue("60");
        assertThat(limited.text("retryable")).isEqualTo("yes");
        assertThat(again.status()).isEqualTo(201);
        assertThat(untilNode("Final").path("status").asText()).isEqualTo("delivered");
    }

    @Test
    void a_quota_is_asked_for_once_and_the_task_runs_again_later() {
        twilio.nextFault(Fault.QUOTA);

        Reply limited = client.send(aTask(id));

        assertThat(limited.status()).isEqualTo(429);
        assertThat(limited.http().headers().firstValue("Retry-After")).hasValue("3600");
        assertThat(limited.text("code")).isEqualTo("63038");
        assertThat(limited.text("retryable")).isEqualTo("yes");
        assertThat(posts()).hasSize(1);

        assertThat(client.send(aTask(id)).status()).isEqualTo(201);
        assertThat(posts()).hasSize(2);
    }

    @Test
    void incident_33_a_refusal_in_plain_text_is_one_and_keeps_its_words() {
        twilio.nextFault(Fault.REFUSED_IN_TEXT);

        Reply refused = client.send(aTask(id));

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.text("code")).isEqualTo("refused");
        assertThat(refused.text("message"))
                .isEqualTo("The request was refused with HTTP status 451: Unavailable for legal reasons");
        assertThat(refused.text("retryable")).isEqualTo("no");
        assertThat(client.send(aTask(id)).status()).isEqualTo(422);
        assertThat(posts()).hasSize(1);
    }

    @Test
    void a_callback_heals_what_was_taken_for_a_refusal() throws GeneralSecurityException {
        twilio.nextAnswer(
                SimulatedAnswer.acceptThen(SimulatedAnswer.httpError(403, "text/html", "<h1>Forbidden</h1>")));
        twilio.nextCallbacks(CallbackPlan.lost("sent"));
        assertThat(client.send(aTask(id)).text("code")).isEqualTo("refused");

        String sid = twilio.messages().get(twilio.messages().size() - 1).sid();
        assertThat(callBack(sid, "sent").status()).isEqualTo(204);

        JsonNode task = client.task(id).json();
        assertThat(task.path("node").asText()).isEqualTo("Waiting for Callback");
        assertThat(task.path("sid").asText()).isEqualTo(sid);
        assertThat(task.path("history").findValuesAsText("note")).containsExactly("healed");
        assertThat(client.send(aTask(id)).status()).isEqualTo(200);
        assertThat(posts()).hasSize(1);
    }

    @Test
    void a_store_outage_before_the_post_is_503_and_no_sms() {
        stack.dynamoDb().calls().fail("PutItem", "GetItem", "UpdateItem");

        Reply answer = client.send(aTask(id));

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.text("code")).isEqualTo("store_unavailable");
        assertThat(posts()).isEmpty();

        stack.dynamoDb().calls().fail();
        assertThat(client.send(aTask(id)).status()).isEqualTo(201);
    }

    @Test
    void a_store_outage_after_the_post_still_answers_201_and_the_record_heals() {
        stack.dynamoDb().calls().fail("UpdateItem");

        Reply answer = client.send(aTask(id));

        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.text("sid")).startsWith("SM");
        assertThat(answer.text("status")).isEqualTo("queued");

        stack.dynamoDb().calls().fail();
        await("the sid in the task")
                .untilAsserted(() -> assertThat(client.task(id).text("sid")).isEqualTo(answer.text("sid")));
        assertThat(posts()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"callback-forged.json, 404", "callback-unsigned.json, 404", "callback-rubbish.json, 400"})
    void what_is_not_twilios_is_refused_and_changes_nothing(String file, int status) throws IOException {
        JsonNode event = JSON.readTree(Files.readString(Path.of("..", "..", "events", file)));
        TasksClient callbacks = new TasksClient(stack.callbackUrl());
        List<String> headers = new ArrayList<>();
        event.path("headers").properties().stream()
                .filter(header -> header.getKey().equalsIgnoreCase("x-twilio-signature"))
                .forEach(header -> headers.addAll(
                        List.of(header.getKey(), header.getValue().asText())));

        Reply answer = callbacks.post(
                event.path("rawPath").asText(),
                "application/x-www-form-urlencoded",
                event.path("body").asText(),
                headers.toArray(new String[0]));

        assertThat(answer.status()).isEqualTo(status);
    }

    @Test
    void a_callback_with_the_right_key_and_a_wrong_signature_is_forged() {
        client.send(aTask(id));
        untilNode("Final");
        String url = posts().get(0).form().get("StatusCallback").get(0);
        String path = URI.create(url).getPath();
        String form = "MessageSid=SM00000000000000000000000000000001&MessageStatus=failed&AccountSid="
                + LocalOptions.SIMULATED_ACCOUNT.sid();

        Reply answer = new TasksClient(stack.callbackUrl())
                .post(
                        path,
                        "application/x-www-form-urlencoded",
                        form,
                        "X-Twilio-Signature",
                        "L/OH5YylLD5NRKLltdqwSvS0BnU=");

        assertThat(answer.status()).isEqualTo(403);
        assertThat(client.task(id).text("status")).isEqualTo("delivered");
    }

    @ParameterizedTest
    @CsvSource({
        "send-missing-number.json, 400",
        "send-unknown-field.json, 400",
        "send-two-spellings-differ.json, 400",
        "send-body-too-long.json, 400",
        "send-not-json.json, 400",
        "send-wrong-content-type.json, 415"
    })
    void bad_input_is_named_and_makes_no_task(String file, int status) throws IOException {
        stack.dynamoDb().calls().clear();
        JsonNode event = JSON.readTree(Files.readString(Path.of("..", "..", "events", file)));

        Reply answer = client.post(
                "/tasks",
                event.path("headers").path("content-type").asText(),
                event.path("body").asText());

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.text("message")).isNotEmpty();
        assertThat(stack.dynamoDb().calls().operations()).isEmpty();
    }

    @Test
    void a_body_of_more_than_64_kb_is_too_large() {
        Map<String, Object> task = aTask(id);
        task.put("context", Map.of("note", "x".repeat(66_000)));

        assertThat(client.send(task).status()).isEqualTo(413);
    }

    @Test
    void what_is_not_there_is_404() {
        assertThat(client.task("no-such-task").status()).isEqualTo(404);
        assertThat(client.get("/messages/SM" + "0".repeat(32)).status()).isEqualTo(404);
        assertThat(client.get("/elsewhere").text("message")).isEqualTo("Not Found");
    }

    @ParameterizedTest
    @CsvSource({"send-direct.json", "send-step-functions.json", "send-direct-source-names.json"})
    void a_direct_invocation_is_answered_with_the_task(String file) throws IOException {
        JsonNode answer = JSON.readTree(stack.function(LocalStack.SEND_FUNCTION)
                .invoke(Files.readAllBytes(Path.of("..", "..", "events", file))));

        id = answer.path("task_id").asText();
        assertThat(answer.path("node").asText()).isIn("Waiting for Callback", "Final");
        JsonNode task = untilNode("Final");
        JsonNode read = JSON.readTree(stack.function(LocalStack.SEND_FUNCTION)
                .invoke(("{\"read\":\"" + id + "\"}").getBytes(StandardCharsets.UTF_8)));
        assertThat(read.path("wait_seconds").asLong(-1)).isZero();
        ((ObjectNode) read).remove(List.of("wait_seconds", "read_again_seconds"));
        assertThat(read).isEqualTo(task);
    }

    private JsonNode untilNode(String node) {
        await(id + " at " + node).until(() -> client.task(id).text("node").equals(node));
        return client.task(id).json();
    }

    /** The requests to Twilio for this task. */
    private List<ReceivedRequest> posts() {
        return twilio.requests().stream()
                .filter(request -> isFor(id, String.join("", request.form().getOrDefault("StatusCallback", List.of()))))
                .toList();
    }

    private static boolean isFor(String id, String callbackUrl) {
        return (callbackUrl + "#").contains("/" + id + "#");
    }

    /** The entries of callbacks; the sender's own entry may also be late. */
    private static List<String> callbackNotes(JsonNode task) {
        List<String> notes = new ArrayList<>();
        for (JsonNode entry : task.path("history")) {
            if (entry.path("source").asText().equals("callback") && entry.has("note")) {
                notes.add(entry.path("note").asText());
            }
        }
        return notes;
    }

    private static List<String> statuses(JsonNode task) {
        return task.path("history").findValuesAsText("status");
    }
}
