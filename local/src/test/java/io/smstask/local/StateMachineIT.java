package io.smstask.local;

import static io.smstask.local.Patience.await;
import static io.smstask.local.TasksClient.aTask;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.smstask.json.Json;
import io.smstask.local.LambdaRuntimeApi.Reported;
import io.smstask.local.StateMachineStage.Ended;
import io.smstask.local.twilio.Answer;
import io.smstask.local.twilio.CallbackPlan;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/**
 * The scenarios on moto's interpreter, with what only this stage can let happen: accidents, and an execution that is
 * forgotten. Skipped where there is no interpreter.
 */
@EnabledIf(value = "canRun", disabledReason = "python3 has no moto (pip install 'moto[stepfunctions,server]')")
final class StateMachineIT extends StateMachineScenarios<InterpreterStage> {

    /** Where this is set, a machine without the interpreter fails instead. */
    private static final String REQUIRED = "STATE_MACHINE_REQUIRED";

    StateMachineIT() {
        super("state-machine");
    }

    static boolean canRun() throws IOException, InterruptedException {
        return System.getenv(REQUIRED) != null || StepFunctionsInterpreter.isInstalled();
    }

    @Override
    InterpreterStage set(Path work, Path log) throws IOException {
        return new InterpreterStage(work, log);
    }

    @Test
    void a_task_that_is_final_before_the_token_is_stored_is_read() {
        stage().twilio().nextCallbacks(CallbackPlan.lost("sent"));
        stage().beforeItRegisters(() -> callBack("delivered"));

        Ended ended = end(start(aTask(id)));

        assertThat(ended.isGreen()).isTrue();
        assertThat(ended.states()).endsWith("Waiting for Callback", "Reading the task", "Is it final?", "Final");
        assertThat(ended.errors()).containsExactly("DynamoDb.ConditionalCheckFailedException");
        assertThat(stage().tokens(id)).isEmpty();
    }

    @Test
    void without_a_task_id_a_second_run_of_the_execution_is_the_same_task() {
        Map<String, Object> task = aTask(id);
        task.remove("task_id");
        String input = Json.writeText(task);
        stage().twilio().nextCallbacks(CallbackPlan.lost("sent"));
        String machine = stage().sendSms("redriven", false);
        String execution = stage().start(machine, "order", input);
        id = sha256(execution);
        stage().awaitWaiting(id, 1);
        stage().stop(execution);

        // A redrive keeps the execution's ARN, and so does an execution of the same name after the first is forgotten.
        stage().forget(machine);
        String again = stage().start(stage().sendSms("redriven", false), "order", input);
        stage().awaitWaiting(id, 2);
        callBack("delivered");

        assertThat(again).isEqualTo(execution);
        assertThat(end(again).isGreen()).isTrue();
        assertThat(posts()).hasSize(1);
    }

    @Test
    void incident_22_killed_between_the_post_and_its_record_no_second_sms_goes_out() {
        stage().twilio().nextAnswer(Answer.acceptThen(Answer.hang(Duration.ofSeconds(10))));
        stage().twilio().nextCallbacks(CallbackPlan.lost("sent"));
        stage().invoking(event -> {
            CompletableFuture.runAsync(() -> stage().send(event));
            await("the POST to Twilio").until(() -> posts().size() == 1);
            stage().killSendFunction();
            return new Reported(true, "{\"errorType\":\"Runtime.ExitError\",\"errorMessage\":\"exit status 137\"}");
        });
        stage().invoking(event -> {
            Reported inProgress = stage().send(event);
            stage().setTime(id, "call_deadline", 1);
            return inProgress;
        });

        String execution = start(aTask(id));
        stage().awaitWaiting(id, 1);
        callBack("delivered");
        Ended ended = end(execution);

        assertThat(ended.isGreen()).isTrue();
        assertThat(ended.errors()).containsExactly("Runtime.ExitError", "io.smstask.send.TaskInProgress");
        assertThat(posts()).hasSize(1);
    }

    @Test
    void a_store_that_is_down_for_a_moment_is_waited_for() {
        stage().twilio().nextCallbacks(CallbackPlan.beforeAnswer("delivered"));
        stage().invoking(event -> {
            stage().store().fail("PutItem", "GetItem", "UpdateItem");
            Reported down = stage().send(event);
            stage().store().fail();
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
            stage().invoking(event ->
                    new Reported(true, "{\"errorType\":\"Sandbox.Timedout\",\"errorMessage\":\"28 s\"}"));
        }

        Ended ended = end(start(aTask(id)));

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
