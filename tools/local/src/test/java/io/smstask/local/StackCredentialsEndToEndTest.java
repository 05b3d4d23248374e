package io.smstask.local;

import static io.smstask.local.TasksClient.aTask;
import static io.smstask.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.smstask.json.Json;
import io.smstask.local.template.Template;
import io.smstask.simulator.Account;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tasks without a token of their own: the stack's secret sends them and verifies their callbacks. */
class StackCredentialsEndToEndTest {

    private static final String SID = LocalOptions.SIMULATED_ACCOUNT.sid();
    private static final String TOKEN = LocalOptions.SIMULATED_ACCOUNT.authToken();
    private static final String NEXT_TOKEN = "fedcba9876543210fedcba9876543210";
    private static final String SECRET = "smstask/twilio";

    @Test
    void an_api_key_sends_and_the_token_before_a_rotation_still_proves_callbacks() {
        Account account = LocalOptions.SIMULATED_ACCOUNT.withApiKey("SK00000000000000000000000000000001", "key-secret");
        try (LocalStack stack = start(account)) {
            stack.secretsManager()
                    .put(
                            SECRET,
                            Json.writeText(Map.of(
                                    "AccountSid", SID,
                                    "AuthToken", NEXT_TOKEN,
                                    "PreviousAuthToken", TOKEN,
                                    "ApiKeySid", "SK00000000000000000000000000000001",
                                    "ApiKeySecret", "key-secret")));
            TasksClient client = new TasksClient(stack.tasksUrl());

            assertThat(client.send(aTask("rotated")).status()).isEqualTo(201);
            await("the task delivered")
                    .until(() -> client.task("rotated").text("status").equals("delivered"));
        }
    }

    @Test
    void a_token_that_was_rotated_since_it_was_read_is_read_again_and_the_same_call_sends() {
        AheadClock clock = new AheadClock();
        try (LocalStack stack = start(LocalOptions.SIMULATED_ACCOUNT, clock)) {
            stack.secretsManager().put(SECRET, secret(NEXT_TOKEN));
            TasksClient client = new TasksClient(stack.tasksUrl());
            TasksClient.Reply tooEarly = client.send(aTask("too-early"));
            assertThat(tooEarly.status()).isEqualTo(422);
            assertThat(tooEarly.text("code")).isEqualTo("20003");
            assertThat(tooEarly.text("retryable")).isEqualTo("yes");

            stack.secretsManager().put(SECRET, secret(TOKEN));
            // What was read a moment ago is not read again: the secret is spared a storm of failures.
            clock.jump(Duration.ofMinutes(1));
            assertThat(client.send(aTask("too-early")).status()).isEqualTo(201);
        }
    }

    @Test
    void an_account_that_the_stack_does_not_hold_needs_a_token() {
        try (LocalStack stack = start(LocalOptions.SIMULATED_ACCOUNT)) {
            Map<String, Object> task = aTask("other-account");
            task.put("AccountSid", "AC00000000000000000000000000000002");

            TasksClient.Reply answer = new TasksClient(stack.tasksUrl()).send(task);

            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.json().path("problems").findValuesAsText("field")).containsExactly("AuthToken");
        }
    }

    private static String secret(String token) {
        return Json.writeText(Map.of("AccountSid", SID, "AuthToken", token));
    }

    private static LocalStack start(Account account) {
        return start(account, Clock.systemUTC());
    }

    private static LocalStack start(Account account, Clock clock) {
        LocalOptions options =
                LocalOptions.forTests(line -> {}).withAccount(account).withClock(clock);
        return LocalStack.start(options, Template.read(Template.find()));
    }
}
