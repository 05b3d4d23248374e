package io.smstask.local;

import static io.smstask.local.TasksClient.aTask;
import static io.smstask.testing.Patience.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.smstask.local.TasksClient.Reply;
import io.smstask.local.gateway.LocalFunction;
import io.smstask.local.template.Template;
import io.smstask.simulator.CallbackPlan;
import io.smstask.simulator.ReceivedRequest;
import io.smstask.simulator.TwilioSimulator;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * All sending is stopped: with a reserved concurrency of 0 nobody can invoke send-function. Here a function that throws
 * stands behind the tasks API instead.
 */
class StopSendingEndToEndTest {

    @Test
    void nothing_is_sent_callbacks_and_the_poll_go_on_and_afterwards_the_same_call_sends() throws Exception {
        try (LocalStack stack = LocalStack.start(LocalOptions.forTests(line -> {}), Template.read(Template.find()))) {
            TwilioSimulator twilio = stack.simulator().orElseThrow();
            TasksClient client = new TasksClient(stack.tasksUrl());
            twilio.nextCallbacks(CallbackPlan.lost("sent"));
            String called = client.send(aTask("called-back")).text("sid");
            twilio.nextCallbacks(CallbackPlan.lost("sent", "delivered"));
            client.send(aTask("polled"));
            List<ReceivedRequest> posts = posts(twilio);

            stack.tasksApi().put(LocalStack.SEND_FUNCTION, stopped());

            for (Reply refused : List.of(
                    client.send(aTask("stopped")),
                    client.task("polled"),
                    client.post("/tasks/polled/cancel", "application/json", "{}"))) {
                assertThat(refused.status()).isGreaterThanOrEqualTo(500);
                assertThat(refused.json().has("message")).isTrue();
                assertThat(refused.json().has("code")).isFalse();
            }
            SignedCallback delivered = new SignedCallback(posts.get(0), called, "delivered");
            await("an answer to the callback")
                    .until(() -> delivered.postTo(stack).status() == 204);
            // The first query of a process takes its time, on a busy machine more than the poll gives it.
            await("the poll's look").ignoreExceptions().until(() -> {
                Overdue.make(stack, "polled");
                PollRun.of(stack);
                return stored(stack, "polled").contains("\"status\":\"delivered\"");
            });
            assertThat(stored(stack, "called-back")).contains("\"status\":\"delivered\"");
            assertThat(posts(twilio)).isEqualTo(posts);

            stack.tasksApi().put(LocalStack.SEND_FUNCTION, stack.function(LocalStack.SEND_FUNCTION));

            assertThat(client.task("polled").text("status")).isEqualTo("delivered");
            assertThat(client.send(aTask("stopped")).status()).isEqualTo(201);
            assertThat(posts(twilio)).hasSize(posts.size() + 1);
        }
    }

    /** Past the tasks API. */
    private static String stored(LocalStack stack, String task) throws IOException {
        byte[] read = ("{\"read\":\"" + task + "\"}").getBytes(UTF_8);
        return new String(stack.function(LocalStack.SEND_FUNCTION).invoke(read), UTF_8);
    }

    private static LocalFunction stopped() {
        return new LocalFunction(
                LocalStack.SEND_FUNCTION,
                (in, out, context) -> {
                    throw new IllegalStateException("TooManyRequestsException");
                },
                Duration.ofSeconds(1),
                line -> {});
    }

    private static List<ReceivedRequest> posts(TwilioSimulator twilio) {
        return twilio.requests().stream()
                .filter(request -> request.method().equals("POST"))
                .toList();
    }
}
