package io.smstask.local;

import static io.smstask.local.TasksClient.aTask;
import static io.smstask.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.smstask.json.Json;
import io.smstask.local.TasksClient.Reply;
import io.smstask.local.template.Template;
import io.smstask.simulator.Account;
import io.smstask.simulator.ApiError;
import io.smstask.simulator.CallbackAttempt;
import io.smstask.simulator.CallbackPlan;
import io.smstask.simulator.SimulatedAnswer;
import io.smstask.simulator.TwilioSimulator;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Cancelling over HTTP: the real handlers, DynamoDB Local and the Twilio simulator. */
class CancelEndToEndTest {

    private static final Account CALLER =
            new Account("AC00000000000000000000000000000007", "77777777777777777777777777777777");

    private static LocalStack stack;
    private static TwilioSimulator twilio;
    private static TasksClient client;

    @BeforeAll
    static void start() {
        stack = LocalStack.start(LocalOptions.forTests(line -> {}).withCallers(CALLER), Template.read(Template.find()));
        twilio = stack.simulator().orElseThrow();
        client = new TasksClient(stack.tasksUrl());
    }

    @AfterAll
    static void stop() {
        stack.close();
    }

    @Test
    void a_scheduled_message_is_cancelled_and_its_callback_is_no_news() {
        String sid = client.send(scheduled("scheduled")).text("sid");

        Reply canceled = cancel("scheduled");

        assertThat(canceled.status()).isEqualTo(200);
        assertThat(canceled.text("status")).isEqualTo("canceled");
        assertThat(canceled.text("node")).isEqualTo("Escalation");
        await("the callback")
                .until(() ->
                        twilio.callbacks().stream().map(CallbackAttempt::sid).anyMatch(sid::equals));
        assertThat(cancel("scheduled").status()).isEqualTo(200);
        assertThat(client.task("scheduled").text("status")).isEqualTo("canceled");
        assertThat(statusAtTwilio(sid)).isEqualTo("canceled");
    }

    @Test
    void a_message_that_was_delivered_is_too_late() {
        client.send(aTask("delivered"));
        await("the end").until(() -> client.task("delivered").text("node").equals("Final"));

        Reply refused = cancel("delivered");

        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.text("status")).isEqualTo("delivered");
    }

    @Test
    void twilio_knows_better_than_the_task_that_it_is_too_late() {
        twilio.nextCallbacks(CallbackPlan.lost("sending", "sent", "delivered"));
        String sid = client.send(aTask("unheard")).text("sid");
        await("the message delivered").until(() -> statusAtTwilio(sid).equals("delivered"));

        Reply refused = cancel("unheard");

        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.text("node")).isEqualTo("Final");
    }

    @Test
    void a_callers_own_account_is_cancelled_with_the_callers_token_only() {
        Map<String, Object> task = scheduled("own-account");
        task.put("AccountSid", CALLER.sid());
        task.put("AuthToken", CALLER.authToken());
        assertThat(client.send(task).status()).isEqualTo(201);

        Reply without = cancel("own-account");
        Reply wrong = cancel("own-account", Map.of("AuthToken", "00000000000000000000000000000000"));
        Reply right = cancel("own-account", Map.of("AuthToken", CALLER.authToken()));

        assertThat(without.status()).isEqualTo(400);
        assertThat(wrong.status()).isEqualTo(400);
        assertThat(wrong.json().toString()).contains("AuthToken").doesNotContain("0000000");
        assertThat(right.status()).isEqualTo(200);
    }

    @Test
    void a_task_that_could_be_run_again_is_closed() {
        twilio.nextAnswer(SimulatedAnswer.error(ApiError.QUEUE_FULL));
        assertThat(client.send(aTask("closed")).text("retryable")).isEqualTo("yes");

        Reply closed = cancel("closed");

        assertThat(closed.status()).isEqualTo(200);
        assertThat(closed.text("code")).isEqualTo("canceled");
        assertThat(closed.text("retryable")).isEqualTo("no");
        assertThat(client.send(aTask("closed")).status()).isEqualTo(422);
        assertThat(cancel("closed").json()).isEqualTo(closed.json());
    }

    @Test
    void a_cancel_against_callbacks_ends_as_twilio_says_whoever_wins() throws Exception {
        for (int i = 0; i < 20; i++) {
            String id = "race-" + i;
            String sid = client.send(aTask(id)).text("sid");
            List<Callable<Reply>> calls = new ArrayList<>();
            for (int caller = 0; caller < 4; caller++) {
                calls.add(() -> cancel(id));
            }
            ExecutorService threads = Executors.newFixedThreadPool(calls.size());
            List<Future<Reply>> replies;
            try {
                replies = threads.invokeAll(calls);
            } finally {
                threads.shutdownNow();
            }

            await("the end").until(() -> isEnd(client.task(id).json()));
            String end = client.task(id).text("status");
            assertThat(end).isIn("canceled", "delivered").isEqualTo(statusAtTwilio(sid));
            for (Future<Reply> reply : replies) {
                assertThat(reply.get().status()).isEqualTo(end.equals("canceled") ? 200 : 409);
            }
        }
    }

    private static boolean isEnd(JsonNode task) {
        return task.path("node").asText().equals("Final")
                || task.path("node").asText().equals("Escalation");
    }

    private static Map<String, Object> scheduled(String id) {
        Map<String, Object> task = aTask(id);
        task.put("number_from", "MG00000000000000000000000000000001");
        task.put("ScheduleType", "fixed");
        task.put("SendAt", Instant.now().plus(2, ChronoUnit.HOURS).toString());
        return task;
    }

    private static Reply cancel(String id) {
        return cancel(id, Map.of());
    }

    private static Reply cancel(String id, Map<String, Object> body) {
        return client.post("/tasks/" + id + "/cancel", "application/json", Json.writeText(body));
    }

    private static String statusAtTwilio(String sid) {
        return twilio.messages().stream()
                .filter(message -> message.sid().equals(sid))
                .findFirst()
                .orElseThrow()
                .status();
    }
}
