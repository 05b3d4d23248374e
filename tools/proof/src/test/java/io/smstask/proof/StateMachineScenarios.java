package io.smstask.proof;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.smstask.json.BadJson;
import io.smstask.json.Json;
import io.smstask.local.LocalOptions;
import io.smstask.local.TasksClient;
import io.smstask.local.template.Template;
import io.smstask.proof.StateMachineStack.EndedExecution;
import io.smstask.simulator.CallbackPlan;
import io.smstask.simulator.ReceivedRequest;
import io.smstask.simulator.SimulatedAnswer;
import io.smstask.task.Subscribers;
import io.smstask.task.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the state machine promises, scenario by scenario, wherever it runs: whoever extends this only says where.
 *
 * @param <S> the stack, for scenarios that need more than every stack has
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class StateMachineScenarios<S extends StateMachineStack> {

    private static final Path TARGET = Template.find().resolveSibling("tools/proof/target");
    private static final String AUTH_TOKEN = LocalOptions.SIMULATED_ACCOUNT.authToken();

    private final String name;
    private final List<String> scenarios = new ArrayList<>();
    private Optional<S> stack = Optional.empty();
    private String sendSms = "";
    private String callProcess = "";
    private String scenario = "";
    private Instant began = Instant.EPOCH;
    private int recipients;

    /** Of the scenario's task. */
    String id = "";

    /** @param name begins the names of the files that are left in {@code target} */
    StateMachineScenarios(String name) {
        this.name = name;
    }

    /**
     * Starts the stack.
     *
     * @param work a folder for what is needed on the way
     * @param log the file for what the interpreter prints
     */
    abstract S startStack(Path work, Path log) throws IOException, InterruptedException;

    S stack() {
        return stack.orElseThrow();
    }

    @BeforeAll
    void start(@TempDir Path work) throws IOException, InterruptedException {
        stack = Optional.of(startStack(work, file("log.txt")));
        sendSms = stack().sendSms("send-sms", false);
        callProcess = stack().machine("call-process", "call-process-example.asl.json", Map.of("SendSmsArn", sendSms));
    }

    @AfterAll
    void tell() throws IOException {
        if (stack.isPresent()) {
            stack().close();
            Files.write(file("scenarios.txt"), scenarios);
            scenarios.forEach(System.out::println);
        }
    }

    @BeforeEach
    void nameTheTask(TestInfo test) {
        scenario = test.getTestMethod().orElseThrow().getName();
        id = scenario.substring(0, Math.min(40, scenario.length())) + "-" + System.nanoTime();
        began = Instant.now();
        recipients++;
    }

    /** A valid call for a task, to a recipient of the scenario's own. */
    Map<String, Object> aTask(String task) {
        Map<String, Object> call = TasksClient.aTask(task);
        call.put("number_to", "+1555" + (2_000_000 + recipients));
        return call;
    }

    @AfterEach
    void expectNothing() {
        stack().expectNothing();
    }

    @Test
    void an_sms_is_sent_and_its_end_is_the_reply() throws IOException {
        stack().twilio().nextCallbacks(CallbackPlan.lost("sent"));
        Map<String, Object> task = aTask(id);
        task.put("body", "Grüße 👋");
        task.put("context", Map.of("order", 4711));

        String execution = start(task);
        stack().awaitWaiting(id, 1);
        String token = stack().tokens(id).get(0);
        callBack("sent");
        callBack("delivered");
        EndedExecution ended = end(execution);

        assertThat(ended.isGreen()).isTrue();
        assertThat(ended.states())
                .containsExactly(
                        "Taking the task",
                        "Is a token in the input?",
                        "Calling API",
                        "Is status received?",
                        "Waiting for Callback",
                        "Is a context in the input?",
                        "Taking the input's context",
                        "Is it final?",
                        "Final");
        assertThat(ended.text("node")).isEqualTo("Final");
        assertThat(ended.text("status")).isEqualTo("delivered");
        assertThat(ended.text("sid")).startsWith("SM");
        assertThat(ended.text("body")).isEqualTo("Grüße 👋");
        assertThat(ended.json().path("context").path("order").asInt()).isEqualTo(4711);
        assertThat(posts()).hasSize(1);
        String history = history(ended);
        Files.writeString(file("green.txt"), history);
        // Whoever may read the history reads the task token: Step Functions tells the parameters of a call.
        assertThat(history).containsOnlyOnce(token).doesNotContain(AUTH_TOKEN, key());
    }

    @Test
    void a_task_that_is_final_before_the_answer_needs_no_wait() {
        stack().twilio().nextCallbacks(CallbackPlan.beforeAnswer("sending", "sent", "delivered"));

        EndedExecution ended = end(start(aTask(id)));

        assertThat(ended.isGreen()).isTrue();
        assertThat(ended.states()).endsWith("Calling API", "Is status received?", "Final");
    }

    @Test
    void two_executions_wait_for_one_task_and_each_gets_its_own_context_back() {
        stack().twilio().nextCallbacks(CallbackPlan.lost("sent"));

        String first = start(aTaskWithContext("first"));
        stack().awaitWaiting(id, 1);
        String second = start(aTaskWithContext("second"));
        stack().awaitWaiting(id, 2);
        callBack("delivered");

        assertThat(contextOf(end(first))).isEqualTo("first");
        assertThat(contextOf(end(second))).isEqualTo("second");
        assertThat(posts()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"+15005550001, 21211", "+15005550004, 21610"})
    void what_twilio_refuses_ends_red_at_once(String number, String code) throws IOException {
        Map<String, Object> task = aTask(id);
        task.put("number_to", number);

        EndedExecution ended = end(start(task));

        assertThat(ended.states()).endsWith("Calling API", "Is status received?", "Escalation");
        assertThat(ended.error()).isEqualTo(code);
        assertThat(ended.text("code")).isEqualTo(code);
        assertThat(ended.text("message")).isNotEmpty();
        assertThat(ended.text("url_more_info")).endsWith("/" + code);
        assertThat(ended.text("task_id")).isEqualTo(id);
        Files.writeString(file("red.txt"), history(ended));
    }

    @Test
    void a_message_that_does_not_arrive_ends_red() {
        stack().twilio().nextCallbacks(CallbackPlan.lost("sent"));

        String execution = start(aTask(id));
        stack().awaitWaiting(id, 1);
        callBack("undelivered");
        EndedExecution ended = end(execution);

        assertThat(ended.states())
                .endsWith("Waiting for Callback", "Is a context in the input?", "Is it final?", "Escalation");
        assertThat(ended.error()).isEqualTo("undelivered");
        assertThat(ended.text("status")).isEqualTo("undelivered");
    }

    @Test
    void an_answer_without_a_status_ends_red_at_once() {
        stack().twilio().nextAnswer(SimulatedAnswer.withoutStatus());
        stack().twilio().nextCallbacks(CallbackPlan.lost("sent"));

        EndedExecution ended = end(start(aTask(id)));

        assertThat(ended.error()).isEqualTo("status_missing");
        assertThat(ended.text("sid")).startsWith("SM");
        assertThat(ended.states()).doesNotContain("Waiting for Callback");
    }

    @Test
    void an_unknown_outcome_waits_and_is_healed() {
        stack().twilio()
                .nextAnswer(SimulatedAnswer.acceptThen(
                        SimulatedAnswer.httpError(502, "text/html", "<h1>Bad gateway</h1>")));
        stack().twilio().nextCallbacks(CallbackPlan.lost("sent"));

        String execution = start(aTask(id));
        stack().awaitWaiting(id, 1);
        callBack("delivered");
        EndedExecution ended = end(execution);

        assertThat(ended.isGreen()).isTrue();
        assertThat(ended.states()).contains("Waiting for Callback");
        assertThat(ended.json().path("history").findValuesAsText("note")).containsExactly("healed");
        assertThat(posts()).hasSize(1);
    }

    @Test
    void an_unknown_outcome_that_nothing_heals_ends_red_when_it_is_due() {
        stack().twilio().nextAnswer(SimulatedAnswer.httpError(503, "text/html", ""));

        String execution = start(aTask(id));
        stack().awaitWaiting(id, 1);
        stack().setTime(id, "due_at", 1);
        stack().setTime(id, "poll_at", 1);
        EndedExecution ended = end(execution);

        assertThat(ended.error()).isEqualTo("server_error");
        assertThat(ended.text("retryable")).isEqualTo("unknown");
        assertThat(posts()).hasSize(1);
    }

    @Test
    void what_was_surely_not_sent_is_run_again_after_a_delay() {
        stack().twilio().nextAnswer(SimulatedAnswer.rateLimited(Duration.ofMinutes(1)));
        stack().twilio().nextCallbacks(CallbackPlan.beforeAnswer("sent", "delivered"));

        EndedExecution ended = end(start(aTask(id)));

        assertThat(ended.isGreen()).isTrue();
        assertThat(ended.states())
                .containsSubsequence("Calling API", "Is a retry left?", "Delay", "Calling API", "Final");
        assertThat(posts()).hasSize(2);
    }

    @Test
    void the_delay_loop_ends() {
        for (int i = 0; i <= StateMachineStack.MAX_RETRIES; i++) {
            stack().twilio().nextAnswer(SimulatedAnswer.rateLimited(Duration.ofMinutes(1)));
        }

        EndedExecution ended = end(start(aTask(id)));

        assertThat(ended.error()).isEqualTo("20429");
        assertThat(ended.text("retryable")).isEqualTo("yes");
        assertThat(ended.states()).filteredOn("Delay"::equals).hasSize(StateMachineStack.MAX_RETRIES);
        assertThat(posts()).hasSize(StateMachineStack.MAX_RETRIES + 1);
    }

    @Test
    void a_country_that_is_not_allowed_ends_red_at_once() {
        Map<String, Object> task = aTaskWithContext("abroad");
        task.put("number_to", "+441234567890");

        EndedExecution ended = end(start(task));

        assertThat(ended.states()).endsWith("Calling API", "Is status received?", "Escalation");
        assertThat(ended.error()).isEqualTo("country_not_allowed");
        assertThat(ended.text("retryable")).isEqualTo("no");
        assertThat(contextOf(ended)).isEqualTo("abroad");
        assertThat(posts()).isEmpty();
    }

    /** With more than an hour to the next window it ends at once, else after its retries. */
    @Test
    void a_recipient_who_has_got_enough_for_now_ends_red() {
        for (int i = 0; i < StateMachineStack.RECIPIENT_LIMIT; i++) {
            assertThat(stack().direct(aTask(id + "-" + i)).path("sid").asText()).startsWith("SM");
        }

        EndedExecution ended = end(start(aTask(id)));

        assertThat(ended.states()).endsWith("Calling API", "Is status received?", "Is a retry left?", "Escalation");
        assertThat(ended.error()).isEqualTo("recipient_limit");
        assertThat(ended.text("retryable")).isEqualTo("yes");
        assertThat(ended.json().path("retry_after_seconds").asInt()).isBetween(1, 86_400);
        assertThat(posts()).isEmpty();
    }

    @Test
    void a_task_that_is_cancelled_while_an_execution_waits_ends_red_with_one_reply() {
        Map<String, Object> task = aTaskWithContext("cancelled");
        task.put("number_from", "MG00000000000000000000000000000001");
        task.put("ScheduleType", "fixed");
        task.put("SendAt", Instant.now().plus(Duration.ofHours(2)).toString());
        String execution = start(task);
        stack().awaitWaiting(id, 1);

        JsonNode canceled = stack().direct(Map.of("cancel", id));
        EndedExecution ended = end(execution);

        assertThat(canceled.path("done").asBoolean()).isTrue();
        assertThat(ended.error()).isEqualTo("canceled");
        assertThat(ended.text("status")).isEqualTo("canceled");
        assertThat(ended.text("retryable")).isEqualTo("no");
        assertThat(contextOf(ended)).isEqualTo("cancelled");
        // One is send-function's answer. The other is the reply, although both the callback and the poll may tell.
        assertThat(ended.history())
                .filteredOn(event -> event.path("type").asText().equals("TaskSucceeded"))
                .hasSize(2);
        stack().awaitWaiting(id, 0);
        assertThat(posts()).hasSize(1);
    }

    @Test
    void a_call_that_is_wrong_ends_red_with_its_problems() {
        Map<String, Object> task = aTask(id);
        task.remove("number_to");

        EndedExecution ended = end(start(task));

        assertThat(ended.error()).isEqualTo("invalid_task");
        assertThat(ended.json().path("problems").findValuesAsText("field")).containsExactly("number_to");
        assertThat(ended.errors()).containsExactly("io.smstask.send.InvalidTask");
    }

    @Test
    void a_task_id_of_another_task_ends_red() {
        stack().twilio().nextCallbacks(CallbackPlan.lost("sent"));
        stack().direct(aTask(id));
        Map<String, Object> other = aTask(id);
        other.put("body", "Another text");

        EndedExecution ended = end(start(other));

        assertThat(ended.error()).isEqualTo("task_conflict");
        assertThat(ended.errors()).containsExactly("io.smstask.send.TaskConflict");
        assertThat(posts()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"AuthToken\":\"a token\"}",
                "{\"AuthToken\":\" \"}",
                "{\"AuthToken\":4711}",
                "{\"AuthToken\":false}",
                "{\"AuthToken\":[\"a token\"]}",
                "{\"SigningAuthToken\":\"a token\"}"
            })
    void a_token_in_the_input_is_refused(String token) throws BadJson {
        Map<String, Object> task = aTask(id);
        task.put("AccountSid", LocalOptions.SIMULATED_ACCOUNT.sid());
        task.putAll(Json.parseObject(token));

        EndedExecution ended = end(start(task));

        assertThat(ended.error()).isEqualTo("token_in_execution");
        assertThat(ended.states()).doesNotContain("Calling API");
        assertThat(posts()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"AuthToken\":null}", "{\"AuthToken\":\"\"}"})
    void a_token_that_is_null_or_empty_is_none(String token) throws BadJson {
        stack().twilio().nextCallbacks(CallbackPlan.beforeAnswer("delivered"));
        Map<String, Object> task = aTask(id);
        task.putAll(Json.parseObject(token));

        assertThat(end(start(task)).isGreen()).isTrue();
        assertThat(posts()).hasSize(1);
    }

    @Test
    void a_token_in_the_input_is_taken_where_the_template_allows_it() {
        String allowing = stack().sendSms("allowing", true);
        stack().twilio().nextCallbacks(CallbackPlan.beforeAnswer("delivered"));
        Map<String, Object> task = aTask(id);
        task.put("AccountSid", LocalOptions.SIMULATED_ACCOUNT.sid());
        task.put("AuthToken", AUTH_TOKEN);

        EndedExecution ended = end(stack().start(allowing, id, Json.writeText(task)));

        assertThat(ended.isGreen()).isTrue();
        // This is why it is refused otherwise.
        assertThat(history(ended)).contains(AUTH_TOKEN);
    }

    @Test
    void more_executions_wait_for_one_task_than_its_item_has_places() {
        stack().twilio().nextCallbacks(CallbackPlan.lost("sent"));
        List<String> waiting = startFor(id, 5);
        stack().awaitWaiting(id, waiting.size());
        // Each execution takes the interpreter most of a second: the others have long been forgotten.
        stack().addTokens(id, Subscribers.MOST_TOKENS - waiting.size() - 1);
        waiting.addAll(startFor(id, 1));
        stack().awaitWaiting(id, Subscribers.MOST_TOKENS);
        List<String> reading = startFor(id, 5);
        reading.forEach(execution -> stack().awaitState(execution, "Waiting to read again"));

        callBack("sent");
        assertThat(stack().tokens(id)).hasSize(Subscribers.MOST_TOKENS);
        stack().callBackUntilAllAreTold(id, "delivered");

        for (String execution : waiting) {
            EndedExecution ended = stack().end(execution);
            assertThat(ended.text("status")).isEqualTo("delivered");
            assertThat(ended.states()).endsWith("Waiting for Callback", "Is a context in the input?", "Final");
        }
        for (String execution : reading) {
            EndedExecution ended = stack().end(execution);
            assertThat(ended.text("status")).isEqualTo("delivered");
            assertThat(ended.states())
                    .endsWith("Waiting to read again", "Reading the task", "Is a context in the input?", "Final");
        }
        assertThat(posts()).hasSize(1);
    }

    private List<String> startFor(String task, int executions) {
        List<String> started = new ArrayList<>();
        for (int i = 0; i < executions; i++) {
            started.add(start(aTask(task)));
        }
        return started;
    }

    @ParameterizedTest
    @CsvSource({"sent, true, Final", "queued, false, Escalation"})
    void when_the_wait_is_over_the_tasks_present_state_decides(String status, boolean isGreen, String last) {
        stack().twilio().nextCallbacks(CallbackPlan.lost("sent"));
        stack().direct(aTask(id));
        if (status.equals("sent")) {
            callBack("sent");
        }

        // Its patience is over too, and the poll does not come: poll_at is minutes ahead.
        stack().setTime(id, "due_at", longOver());
        EndedExecution ended = end(start(aTask(id)));

        assertThat(ended.isGreen()).isEqualTo(isGreen);
        assertThat(ended.states())
                .containsSubsequence("Is status received?", "Is it final?", last)
                .doesNotContain("Waiting for Callback");
        assertThat(ended.error()).isEqualTo(isGreen ? "" : "status_timeout");
        assertThat(ended.text("status")).isEqualTo(status);
        assertThat(ended.text("task_id")).isEqualTo(id);
    }

    @Test
    void another_process_calls_it_for_many_recipients() {
        stack().twilio().nextCallbacks(CallbackPlan.beforeAnswer("delivered"));

        EndedExecution ended = end(stack().start(
                        callProcess,
                        id,
                        Json.writeText(Map.of(
                                "order",
                                id,
                                "number_from",
                                "+15005550006",
                                "body",
                                "Your order is on its way.",
                                "recipients",
                                List.of("+15558675310", "+15005550004", "+15005550001")))));

        assertThat(ended.isGreen()).isTrue();
        List<JsonNode> replies = ended.json().findValues("reply");
        assertThat(replies).hasSize(3);
        assertThat(replies.get(0).path("told").asBoolean()).isTrue();
        assertThat(replies.get(0).path("status").asText()).isEqualTo("delivered");
        assertThat(replies.get(1).path("opted_out").asBoolean()).isTrue();
        assertThat(replies.get(2).path("task").path("code").asText()).isEqualTo("21211");
        assertThat(ended.json().findValuesAsText("task_id")).contains(id + "-0", id + "-1", id + "-2");
    }

    Map<String, Object> aTaskWithContext(String caller) {
        Map<String, Object> task = aTask(id);
        task.put("context", Map.of("caller", caller));
        return task;
    }

    static String contextOf(EndedExecution ended) {
        return ended.json().path("context").path("caller").asText();
    }

    String start(Map<String, Object> task) {
        return stack().start(sendSms, id + "-" + System.nanoTime(), Json.writeText(task));
    }

    EndedExecution end(String execution) {
        EndedExecution ended = stack().end(execution);
        scenarios.add("%-75s %-10s %5d ms  %s"
                .formatted(
                        scenario,
                        ended.isGreen() ? "green" : "red",
                        Duration.between(began, Instant.now()).toMillis(),
                        String.join(" > ", ended.states()) + (ended.isGreen() ? "" : ": " + ended.error())));
        return ended;
    }

    void callBack(String status) {
        stack().callBack(id, status);
    }

    List<ReceivedRequest> posts() {
        return stack().posts(id);
    }

    /** A time at which even the patience for a task that is due is over. */
    static long longOver() {
        return Instant.now().minus(Task.PATIENCE).minusSeconds(120).toEpochMilli();
    }

    private Path file(String ending) {
        return TARGET.resolve(name + "-" + ending);
    }

    /** The callback key of the task. */
    private String key() {
        return posts().get(0).form().get("StatusCallback").get(0).split("/")[5];
    }

    /** An execution's history as text, an event a line. */
    private static String history(EndedExecution ended) {
        return ended.history().stream().map(JsonNode::toString).collect(Collectors.joining("\n"));
    }
}
