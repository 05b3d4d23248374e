package io.smstask.proof;

import static io.smstask.testing.Patience.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smstask.json.BadJson;
import io.smstask.json.Json;
import io.smstask.lambdaprocess.Reported;
import io.smstask.proof.StateMachineStack.EndedExecution;
import io.smstask.simulator.CallbackPlan;
import io.smstask.simulator.SimulatedAnswer;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The scenarios on moto's interpreter, with what only this stack can let happen: accidents, and an execution that is
 * forgotten. Skipped where there is no interpreter.
 */
@EnabledIf(value = "canRun", disabledReason = "python3 has no moto (pip install 'moto[stepfunctions,server]')")
final class StateMachineIT extends StateMachineScenarios<StackOnInterpreter> {

    /** Where this is set, a machine without the interpreter fails instead. */
    private static final String REQUIRED = "STATE_MACHINE_REQUIRED";

    StateMachineIT() {
        super("state-machine");
    }

    static boolean canRun() throws IOException, InterruptedException {
        return System.getenv(REQUIRED) != null || StepFunctionsInterpreter.isInstalled();
    }

    @Override
    StackOnInterpreter startStack(Path work, Path log) throws IOException {
        return new StackOnInterpreter(work, log);
    }

    @Test
    void a_task_that_is_final_before_the_token_is_stored_is_read() {
        stack().twilio().nextCallbacks(CallbackPlan.lost("sent"));
        stack().beforeItRegisters(() -> callBack("delivered"));

        EndedExecution ended = end(start(aTaskWithContext("late")));

        assertThat(ended.isGreen()).isTrue();
        assertThat(ended.states())
                .endsWith(
                        "Waiting for Callback",
                        "Reading the task",
                        "Is a context in the input?",
                        "Taking the input's context",
                        "Is it final?",
                        "Final");
        assertThat(ended.errors()).containsExactly("DynamoDb.ConditionalCheckFailedException");
        assertThat(stack().tokens(id)).isEmpty();
        // The texts have gone with the task's end.
        assertThat(ended.json().has("body")).isFalse();
        assertThat(contextOf(ended)).isEqualTo("late");
    }

    @Test
    void without_a_task_id_a_second_run_of_the_execution_is_the_same_task() {
        Map<String, Object> task = aTask(id);
        task.remove("task_id");
        String input = Json.writeText(task);
        stack().twilio().nextCallbacks(CallbackPlan.lost("sent"));
        String machine = stack().sendSms("redriven", false);
        String execution = stack().start(machine, "order", input);
        id = sha256(execution);
        stack().awaitWaiting(id, 1);
        stack().stop(execution);

        // A redrive keeps the execution's ARN, and so does an execution of the same name after the first is forgotten.
        stack().forget(machine);
        String again = stack().start(stack().sendSms("redriven", false), "order", input);
        stack().awaitWaiting(id, 2);
        callBack("delivered");

        assertThat(again).isEqualTo(execution);
        assertThat(end(again).isGreen()).isTrue();
        assertThat(posts()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"task_id\":\"\"}", "{\"task_id\":null}"})
    void incident_30_an_empty_id_is_one_task_however_often_its_call_is_repeated(String emptyId) throws BadJson {
        Map<String, Object> task = aTask(id);
        task.putAll(Json.parseObject(emptyId));
        String body = "Only once: " + id;
        task.put("body", body);
        stack().twilio().nextCallbacks(CallbackPlan.lost("sent"));
        stack().invoking(event -> {
            stack().send(event);
            return new Reported(true, "{\"errorType\":\"Runtime.ExitError\",\"errorMessage\":\"exit status 137\"}");
        });

        String execution = start(task);
        id = sha256(execution);
        stack().awaitWaiting(id, 1);
        callBack("delivered");
        EndedExecution ended = end(execution);

        assertThat(ended.isGreen()).isTrue();
        assertThat(ended.text("task_id")).isEqualTo(id);
        assertThat(stack().twilio().requests())
                .filteredOn(request ->
                        request.form().getOrDefault("Body", List.of()).contains(body))
                .hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"3600, 3600", "1, 2", ", 2"})
    void the_delay_is_the_longer_of_what_the_answer_and_the_template_say(@Nullable Integer retryAfter, int delay) {
        stack().twilio().nextAnswer(SimulatedAnswer.rateLimited(Duration.ofMinutes(1)));
        stack().twilio().nextCallbacks(CallbackPlan.beforeAnswer("sent", "delivered"));
        stack().invoking(event -> answering(event, "retry_after_seconds", retryAfter));

        EndedExecution ended = end(start(aTask(id)));

        assertThat(ended.isGreen()).isTrue();
        assertThat(ended.input("Delay").path("delay").asInt()).isEqualTo(delay);
        assertThat(posts()).hasSize(2);
    }

    @Test
    void a_recipient_who_has_got_enough_for_now_gets_the_message_in_the_next_window() {
        for (int i = 0; i < StateMachineStack.RECIPIENT_LIMIT; i++) {
            stack().direct(aTask(id + "-" + i));
        }
        stack().twilio().nextCallbacks(CallbackPlan.beforeAnswer("sent", "delivered"));
        stack().invoking(event -> {
            Reported braked = answering(event, "retry_after_seconds", 60);
            stack().forgetRecipients();
            return braked;
        });

        EndedExecution ended = end(start(aTask(id)));

        assertThat(ended.isGreen()).isTrue();
        assertThat(ended.input("Delay").path("delay").asInt()).isEqualTo(60);
        assertThat(ended.json().path("history").findValuesAsText("code")).containsExactly("recipient_limit");
        assertThat(posts()).hasSize(1);
    }

    @Test
    void a_task_that_is_cancelled_before_it_is_run_again_ends_red_and_is_not_sent() {
        stack().twilio().nextAnswer(SimulatedAnswer.rateLimited(Duration.ofMinutes(1)));
        stack().invoking(event -> {
            Reported limited = stack().send(event);
            assertThat(stack().direct(Map.of("cancel", id)).path("done").asBoolean())
                    .isTrue();
            return limited;
        });

        EndedExecution ended = end(start(aTask(id)));

        assertThat(ended.error()).isEqualTo("canceled");
        assertThat(ended.states()).endsWith("Delay", "Calling API", "Is status received?", "Escalation");
        assertThat(posts()).hasSize(1);
    }

    @Test
    void a_quota_that_is_open_again_in_more_than_an_hour_ends_red_after_one_post() {
        stack().twilio().nextAnswer(SimulatedAnswer.rateLimited(Duration.ofMinutes(1)));
        stack().invoking(event -> answering(event, "retry_after_seconds", 3601));

        EndedExecution ended = end(start(aTask(id)));

        assertThat(ended.isGreen()).isFalse();
        assertThat(ended.text("retryable")).isEqualTo("yes");
        assertThat(ended.states()).endsWith("Is status received?", "Is a retry left?", "Escalation");
        assertThat(posts()).hasSize(1);
    }

    @Test
    void a_configuration_that_is_wrong_is_told_as_one_after_all_repeats() {
        for (int i = 0; i < 4; i++) {
            stack().invoking(event -> new Reported(
                    true,
                    "{\"errorType\":\"io.smstask.task.Misconfigured\","
                            + "\"errorMessage\":\"{\\\"code\\\":\\\"misconfigured\\\"}\"}"));
        }

        EndedExecution ended = end(start(aTask(id)));

        assertThat(ended.error()).isEqualTo("misconfigured");
        assertThat(ended.errors()).hasSize(4).containsOnly("io.smstask.task.Misconfigured");
        assertThat(ended.states()).endsWith("Opening the error", "Reading the error", "Escalation");
    }

    @Test
    void a_task_that_is_read_at_sent_before_its_time_is_waited_for_still() {
        stack().twilio().nextCallbacks(CallbackPlan.lost("sent"));
        stack().direct(aTask(id));
        callBack("sent");
        stack().invoking(event -> answering(event, "wait_seconds", 1));

        String execution = start(aTask(id));
        stack().awaitWaiting(id, 2);
        callBack("delivered");
        EndedExecution ended = end(execution);

        assertThat(ended.isGreen()).isTrue();
        assertThat(ended.text("status")).isEqualTo("delivered");
        assertThat(ended.states())
                .endsWith(
                        "Waiting for Callback",
                        "Reading the task",
                        "Is a context in the input?",
                        "Is it final?",
                        "Waiting for Callback",
                        "Is a context in the input?",
                        "Final");
    }

    @ParameterizedTest
    @CsvSource({"sent, true, Final", "queued, false, Escalation"})
    void at_the_timers_end_the_tasks_present_state_decides(String status, boolean isGreen, String last) {
        stack().twilio().nextCallbacks(CallbackPlan.lost("sent"));
        stack().direct(aTask(id));
        if (status.equals("sent")) {
            callBack("sent");
        }
        // Its patience is over too, and the poll does not come: poll_at is minutes ahead.
        stack().setTime(id, "due_at", longOver());
        stack().invoking(event -> answering(event, "wait_seconds", 1));

        EndedExecution ended = end(start(aTask(id)));

        assertThat(ended.isGreen()).isEqualTo(isGreen);
        assertThat(ended.states()).containsSubsequence("Waiting for Callback", "Reading the task", last);
        assertThat(ended.error()).isEqualTo(isGreen ? "" : "status_timeout");
        assertThat(ended.text("status")).isEqualTo(status);
    }

    /** send-function's answer with another field, or without it. */
    private Reported answering(String event, String field, @Nullable Integer value) {
        Reported reported = stack().send(event);
        assertThat(reported.isError()).as(reported.body()).isFalse();
        ObjectNode answer = (ObjectNode) StateMachineStack.json(reported.body());
        answer.remove(field);
        if (value != null) {
            answer.put(field, value);
        }
        return new Reported(false, answer.toString());
    }

    @Test
    void incident_22_killed_between_the_post_and_its_record_no_second_sms_goes_out() {
        stack().twilio().nextAnswer(SimulatedAnswer.acceptThen(SimulatedAnswer.hang(Duration.ofSeconds(10))));
        stack().twilio().nextCallbacks(CallbackPlan.lost("sent"));
        stack().invoking(event -> {
            CompletableFuture.runAsync(() -> stack().send(event));
            await("the POST to Twilio").until(() -> posts().size() == 1);
            stack().killSendFunction();
            return new Reported(true, "{\"errorType\":\"Runtime.ExitError\",\"errorMessage\":\"exit status 137\"}");
        });
        stack().invoking(event -> {
            Reported inProgress = stack().send(event);
            stack().setTime(id, "call_deadline", 1);
            return inProgress;
        });

        String execution = start(aTask(id));
        stack().awaitWaiting(id, 1);
        callBack("delivered");
        EndedExecution ended = end(execution);

        assertThat(ended.isGreen()).isTrue();
        assertThat(ended.errors()).containsExactly("Runtime.ExitError", "io.smstask.send.TaskInProgress");
        assertThat(posts()).hasSize(1);
    }

    @Test
    void a_store_that_is_down_for_a_moment_is_waited_for() {
        stack().twilio().nextCallbacks(CallbackPlan.beforeAnswer("delivered"));
        stack().invoking(event -> {
            stack().store().fail("PutItem", "GetItem", "UpdateItem");
            Reported down = stack().send(event);
            stack().store().fail();
            return down;
        });

        EndedExecution ended = end(start(aTask(id)));

        assertThat(ended.isGreen()).isTrue();
        assertThat(ended.errors()).containsExactly("io.smstask.task.StoreUnavailable");
        assertThat(posts()).hasSize(1);
    }

    @Test
    void an_execution_repeats_its_call_while_all_sending_is_stopped() {
        stack().twilio().nextCallbacks(CallbackPlan.beforeAnswer("delivered"));
        stack().stopSending(true);

        String execution = start(aTask(id));
        stack().awaitFailure(execution);
        assertThat(posts()).isEmpty();
        stack().stopSending(false);
        EndedExecution ended = end(execution);

        assertThat(ended.isGreen()).isTrue();
        assertThat(ended.errors()).isNotEmpty().containsOnly("Lambda.TooManyRequestsException");
        assertThat(posts()).hasSize(1);
    }

    @Test
    void while_all_sending_is_stopped_an_execution_that_waits_hears_of_its_end() {
        stack().twilio().nextCallbacks(CallbackPlan.lost("sent"));
        String execution = start(aTask(id));
        stack().awaitWaiting(id, 1);
        stack().stopSending(true);

        callBack("delivered");

        assertThat(end(execution).isGreen()).isTrue();
    }

    @Test
    void a_function_that_never_answers_leaves_an_unknown_outcome() {
        for (int i = 0; i < 4; i++) {
            stack().invoking(event ->
                    new Reported(true, "{\"errorType\":\"Sandbox.Timedout\",\"errorMessage\":\"28 s\"}"));
        }

        EndedExecution ended = end(start(aTask(id)));

        assertThat(ended.error()).isEqualTo("outcome_unknown");
        assertThat(ended.text("retryable")).isEqualTo("unknown");
        assertThat(ended.states()).endsWith("Calling API", "No answer", "Escalation");
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
