package io.smstask.local;

import static io.smstask.local.TasksClient.aTask;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.smstask.json.Json;
import io.smstask.local.LambdaRuntimeApi.Reported;
import io.smstask.local.StateMachineStage.Ended;
import io.smstask.local.template.Template;
import io.smstask.local.twilio.Answer;
import io.smstask.local.twilio.CallbackPlan;
import io.smstask.local.twilio.ReceivedRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The state machine runs, scenario by scenario. Skipped where there is no interpreter. */
final class StateMachineIT {

    private static final Path TARGET = Template.find().resolveSibling("local/target");
    private static final String AUTH_TOKEN = LocalOptions.SIMULATED_ACCOUNT.authToken();

    /** Where this is set, a machine without the interpreter fails instead. */
    private static final String REQUIRED = "STATE_MACHINE_REQUIRED";

    @TempDir
    private static Path work;

    private static final List<String> SCENARIOS = new ArrayList<>();
    private static StateMachineStage stage;
    private static String sendSms;
    private static String callProcess;

    private String id;
    private String scenario;
    private Instant began;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        boolean isInstalled = StepFunctionsInterpreter.isInstalled();
        if (!isInstalled && System.getenv(REQUIRED) != null) {
            fail("moto is required, and python3 does not find it");
        }
        assumeTrue(isInstalled, "skipped: python3 has no moto (pip install 'moto[stepfunctions,server]')");
        stage = new StateMachineStage(work, TARGET.resolve("state-machine-interpreter.log"));
        sendSms = stage.sendSms("send-sms", false);
        callProcess = stage.machine("call-process", "call-process-example.asl.json", Map.of("SendSmsArn", sendSms));
    }

    @AfterAll
    static void tell() throws IOException {
        if (stage != null) {
            stage.close();
            Files.write(TARGET.resolve("state-machine-scenarios.txt"), SCENARIOS);
            SCENARIOS.forEach(System.out::println);
        }
    }

    @BeforeEach
    void nameTheTask(TestInfo test) {
        scenario = test.getTestMethod().orElseThrow().getName();
        id = scenario.substring(0, Math.min(40, scenario.length())) + "-" + System.nanoTime();
        began = Instant.now();
    }

    @AfterEach
    void expectNothing() {
        stage.expectNothing();
    }

    @Test
    void an_sms_is_sent_and_its_end_is_the_reply() throws IOException {
        stage.twilio().nextCallbacks(CallbackPlan.lost("sent"));
        Map<String, Object> task = aTask(id);
        task.put("body", "Grüße 👋");
        task.put("context", Map.of("order", 4711));

        String execution = start(task);
        stage.awaitWaiting(id, 1);
        String token = stage.tokens(id).get(0);
        callBack("sent");
        callBack("delivered");
        Ended ended = end(execution);

        assertThat(ended.isGreen()).isTrue();
        assertThat(ended.states())
                .containsExactly(
                        "Taking the task",
                        "Is a token in the input?",
                        "Calling API",
                        "Is status received?",
                        "Waiting for Callback",
                        "Is it final?",
                        "Final");
        assertThat(ended.text("node")).isEqualTo("Final");
        assertThat(ended.text("status")).isEqualTo("delivered");
        assertThat(ended.text("sid")).startsWith("SM");
        assertThat(ended.text("body")).isEqualTo("Grüße 👋");
        assertThat(ended.json().path("context").path("order").asInt()).isEqualTo(4711);
        assertThat(posts()).hasSize(1);
        String history = history(ended);
        Files.writeString(TARGET.resolve("state-machine-green.txt"), history);
        // Whoever may read the history reads the task token: Step Functions tells the parameters of a call.
        assertThat(history).containsOnlyOnce(token).doesNotContain(AUTH_TOKEN, key());
    }

    @Test
    void a_task_that_is_final_before_the_answer_needs_no_wait() {
        stage.twilio().nextCallbacks(CallbackPlan.beforeAnswer("sending", "sent", "delivered"));

        Ended ended = end(start(aTask(id)));

        assertThat(ended.isGreen()).isTrue();
        assertThat(ended.states()).endsWith("Calling API", "Is status received?", "Final");
    }

    @Test
    void a_task_that_is_final_before_the_token_is_stored_is_read() {
        stage.twilio().nextCallbacks(CallbackPlan.lost("sent"));
        stage.beforeItRegisters(() -> callBack("delivered"));

        Ended ended = end(start(aTask(id)));

        assertThat(ended.isGreen()).isTrue();
        assertThat(ended.states()).endsWith("Waiting for Callback", "Reading the task", "Is it final?", "Final");
        assertThat(ended.errors()).containsExactly("DynamoDb.ConditionalCheckFailedException");
        assertThat(stage.tokens(id)).isEmpty();
    }

    @Test
    void two_executions_wait_for_one_task() {
        stage.twilio().nextCallbacks(CallbackPlan.lost("sent"));

        String first = start(aTask(id));
        stage.awaitWaiting(id, 1);
        String second = start(aTask(id));
        stage.awaitWaiting(id, 2);
        callBack("delivered");

        assertThat(end(first).isGreen()).isTrue();
        assertThat(end(second).isGreen()).isTrue();
        assertThat(posts()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"+15005550001, 21211", "+15005550004, 21610"})
    void what_twilio_refuses_ends_red_at_once(String number, String code) throws IOException {
        Map<String, Object> task = aTask(id);
        task.put("number_to", number);

        Ended ended = end(start(task));

        assertThat(ended.states()).endsWith("Calling API", "Is status received?", "Escalation");
        assertThat(ended.error()).isEqualTo(code);
        assertThat(ended.text("code")).isEqualTo(code);
        assertThat(ended.text("message")).isNotEmpty();
        assertThat(ended.text("url_more_info")).endsWith("/" + code);
        assertThat(ended.text("task_id")).isEqualTo(id);
        Files.writeString(TARGET.resolve("state-machine-red.txt"), history(ended));
    }

    @Test
    void a_message_that_does_not_arrive_ends_red() {
        stage.twilio().nextCallbacks(CallbackPlan.lost("sent"));

        String execution = start(aTask(id));
        stage.awaitWaiting(id, 1);
        callBack("undelivered");
        Ended ended = end(execution);

        assertThat(ended.states()).endsWith("Waiting for Callback", "Is it final?", "Escalation");
        assertThat(ended.error()).isEqualTo("undelivered");
        assertThat(ended.text("status")).isEqualTo("undelivered");
    }

    @Test
    void an_answer_without_a_status_ends_red_at_once() {
        stage.twilio().nextAnswer(Answer.withoutStatus());
        stage.twilio().nextCallbacks(CallbackPlan.lost("sent"));

        Ended ended = end(start(aTask(id)));

        assertThat(ended.error()).isEqualTo("status_missing");
        assertThat(ended.text("sid")).startsWith("SM");
        assertThat(ended.states()).doesNotContain("Waiting for Callback");
    }

    @Test
    void an_unknown_outcome_waits_and_is_healed() {
        stage.twilio().nextAnswer(Answer.acceptThen(Answer.httpError(502, "text/html", "<h1>Bad gateway</h1>")));
        stage.twilio().nextCallbacks(CallbackPlan.lost("sent"));

        String execution = start(aTask(id));
        stage.awaitWaiting(id, 1);
        callBack("delivered");
        Ended ended = end(execution);

        assertThat(ended.isGreen()).isTrue();
        assertThat(ended.states()).contains("Waiting for Callback");
        assertThat(ended.json().path("history").findValuesAsText("note")).containsExactly("healed");
        assertThat(posts()).hasSize(1);
    }

    @Test
    void an_unknown_outcome_that_nothing_heals_ends_red_when_it_is_due() {
        stage.twilio().nextAnswer(Answer.httpError(503, "text/html", ""));

        String execution = start(aTask(id));
        stage.awaitWaiting(id, 1);
        stage.setTime(id, "due_at", 1);
        stage.setTime(id, "poll_at", 1);
        Ended ended = end(execution);

        assertThat(ended.error()).isEqualTo("server_error");
        assertThat(ended.text("retryable")).isEqualTo("unknown");
        assertThat(posts()).hasSize(1);
    }

    @Test
    void what_was_surely_not_sent_is_run_again_after_a_delay() {
        stage.twilio().nextAnswer(Answer.rateLimited(Duration.ofMinutes(1)));
        stage.twilio().nextCallbacks(CallbackPlan.beforeAnswer("sent", "delivered"));

        Ended ended = end(start(aTask(id)));

        assertThat(ended.isGreen()).isTrue();
        assertThat(ended.states())
                .containsSubsequence("Calling API", "Is a retry left?", "Delay", "Calling API", "Final");
        assertThat(posts()).hasSize(2);
    }

    @Test
    void the_delay_loop_ends() {
        for (int i = 0; i <= StateMachineStage.MAX_RETRIES; i++) {
            stage.twilio().nextAnswer(Answer.rateLimited(Duration.ofMinutes(1)));
        }

        Ended ended = end(start(aTask(id)));

        assertThat(ended.error()).isEqualTo("20429");
        assertThat(ended.text("retryable")).isEqualTo("yes");
        assertThat(ended.states()).filteredOn("Delay"::equals).hasSize(StateMachineStage.MAX_RETRIES);
        assertThat(posts()).hasSize(StateMachineStage.MAX_RETRIES + 1);
    }

    @Test
    void a_call_that_is_wrong_ends_red_with_its_problems() {
        Map<String, Object> task = aTask(id);
        task.remove("number_to");

        Ended ended = end(start(task));

        assertThat(ended.error()).isEqualTo("invalid_task");
        assertThat(ended.json().path("problems").findValuesAsText("field")).containsExactly("number_to");
        assertThat(ended.errors()).containsExactly("io.smstask.send.InvalidTask");
    }

    @Test
    void a_task_id_of_another_task_ends_red() {
        stage.twilio().nextCallbacks(CallbackPlan.lost("sent"));
        stage.direct(aTask(id));
        Map<String, Object> other = aTask(id);
        other.put("body", "Another text");

        Ended ended = end(start(other));

        assertThat(ended.error()).isEqualTo("task_conflict");
        assertThat(ended.errors()).containsExactly("io.smstask.send.TaskConflict");
        assertThat(posts()).hasSize(1);
    }

    @Test
    void a_token_in_the_input_is_refused() {
        Map<String, Object> task = aTask(id);
        task.put("AccountSid", LocalOptions.SIMULATED_ACCOUNT.sid());
        task.put("AuthToken", AUTH_TOKEN);

        Ended ended = end(start(task));

        assertThat(ended.error()).isEqualTo("token_in_execution");
        assertThat(ended.states()).doesNotContain("Calling API");
        assertThat(posts()).isEmpty();
    }

    @Test
    void a_token_in_the_input_is_taken_where_the_template_allows_it() {
        String allowing = stage.sendSms("allowing", true);
        stage.twilio().nextCallbacks(CallbackPlan.beforeAnswer("delivered"));
        Map<String, Object> task = aTask(id);
        task.put("AccountSid", LocalOptions.SIMULATED_ACCOUNT.sid());
        task.put("AuthToken", AUTH_TOKEN);

        Ended ended = end(stage.start(allowing, id, Json.writeText(task)));

        assertThat(ended.isGreen()).isTrue();
        // This is why it is refused otherwise.
        assertThat(history(ended)).contains(AUTH_TOKEN);
    }

    @Test
    void without_a_task_id_a_second_run_of_the_execution_is_the_same_task() {
        String input = Json.writeText(without("task_id"));
        stage.twilio().nextCallbacks(CallbackPlan.lost("sent"));
        String machine = stage.sendSms("redriven", false);
        String execution = stage.start(machine, "order", input);
        id = sha256(execution);
        stage.awaitWaiting(id, 1);
        stage.stop(execution);

        // A redrive keeps the execution's ARN, and so does an execution of the same name after the first is forgotten.
        stage.forget(machine);
        String again = stage.start(stage.sendSms("redriven", false), "order", input);
        stage.awaitWaiting(id, 2);
        callBack("delivered");

        assertThat(again).isEqualTo(execution);
        assertThat(end(again).isGreen()).isTrue();
        assertThat(posts()).hasSize(1);
    }

    @Test
    void incident_22_killed_between_the_post_and_its_record_no_second_sms_goes_out() {
        stage.twilio().nextAnswer(Answer.acceptThen(Answer.hang(Duration.ofSeconds(10))));
        stage.twilio().nextCallbacks(CallbackPlan.lost("sent"));
        stage.invoking(event -> {
            CompletableFuture.runAsync(() -> stage.send(event));
            await().until(() -> posts().size() == 1);
            stage.killSendFunction();
            return new Reported(true, "{\"errorType\":\"Runtime.ExitError\",\"errorMessage\":\"exit status 137\"}");
        });
        stage.invoking(event -> {
            Reported inProgress = stage.send(event);
            stage.setTime(id, "call_deadline", 1);
            return inProgress;
        });

        String execution = start(aTask(id));
        stage.awaitWaiting(id, 1);
        callBack("delivered");
        Ended ended = end(execution);

        assertThat(ended.isGreen()).isTrue();
        assertThat(ended.errors()).containsExactly("Runtime.ExitError", "io.smstask.send.TaskInProgress");
        assertThat(posts()).hasSize(1);
    }

    @Test
    void a_store_that_is_down_for_a_moment_is_waited_for() {
        stage.twilio().nextCallbacks(CallbackPlan.beforeAnswer("delivered"));
        stage.invoking(event -> {
            stage.store().fail("PutItem", "GetItem", "UpdateItem");
            Reported down = stage.send(event);
            stage.store().fail();
            return down;
        });

        Ended ended = end(start(aTask(id)));

        assertThat(ended.isGreen()).isTrue();
        assertThat(ended.errors()).containsExactly("io.smstask.task.StoreUnavailable");
        assertThat(posts()).hasSize(1);
    }

    @Test
    void a_function_that_never_answers_leaves_an_unknown_outcome() {
        for (int i = 0; i < 4; i++) {
            stage.invoking(
                    event -> new Reported(true, "{\"errorType\":\"Sandbox.Timedout\",\"errorMessage\":\"28 s\"}"));
        }

        Ended ended = end(start(aTask(id)));

        assertThat(ended.error()).isEqualTo("outcome_unknown");
        assertThat(ended.text("retryable")).isEqualTo("unknown");
        assertThat(ended.states()).endsWith("Calling API", "No answer", "Escalation");
    }

    @ParameterizedTest
    @CsvSource({"sent, true, Final", "queued, false, Escalation"})
    void at_the_timers_end_the_tasks_present_state_decides(String status, boolean isGreen, String last) {
        stage.twilio().nextCallbacks(CallbackPlan.lost("sent"));
        stage.direct(aTask(id));
        if (status.equals("sent")) {
            callBack("sent");
        }

        // It is due, and the poll does not come: poll_at is minutes ahead.
        stage.setTime(id, "due_at", Instant.now().minusSeconds(120).toEpochMilli());
        Ended ended = end(start(aTask(id)));

        assertThat(ended.isGreen()).isEqualTo(isGreen);
        assertThat(ended.states()).containsSubsequence("Waiting for Callback", "Reading the task", last);
        assertThat(ended.error()).isEqualTo(isGreen ? "" : "status_timeout");
        assertThat(ended.text("status")).isEqualTo(status);
        assertThat(ended.text("task_id")).isEqualTo(id);
    }

    @Test
    void another_process_calls_it_for_many_recipients() {
        stage.twilio().nextCallbacks(CallbackPlan.beforeAnswer("delivered"));

        Ended ended = end(stage.start(
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

    private String start(Map<String, Object> task) {
        return stage.start(sendSms, id + "-" + System.nanoTime(), Json.writeText(task));
    }

    private Ended end(String execution) {
        Ended ended = stage.end(execution);
        SCENARIOS.add("%-75s %-10s %5d ms  %s"
                .formatted(
                        scenario,
                        ended.isGreen() ? "green" : "red",
                        Duration.between(began, Instant.now()).toMillis(),
                        String.join(" > ", ended.states()) + (ended.isGreen() ? "" : ": " + ended.error())));
        return ended;
    }

    private void callBack(String status) {
        stage.callBack(id, status);
    }

    private List<ReceivedRequest> posts() {
        return stage.posts(id);
    }

    /** The callback key of the task. */
    private String key() {
        return posts().get(0).form().get("StatusCallback").get(0).split("/")[5];
    }

    private Map<String, Object> without(String field) {
        Map<String, Object> task = aTask(id);
        task.remove(field);
        return task;
    }

    /** An execution's history as text, an event a line. */
    private static String history(Ended ended) {
        return ended.history().stream().map(JsonNode::toString).collect(Collectors.joining("\n"));
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
