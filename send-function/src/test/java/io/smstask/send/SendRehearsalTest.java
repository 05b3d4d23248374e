package io.smstask.send;

import static org.assertj.core.api.Assertions.assertThatCode;

import io.smstask.aws.AwsClients;
import io.smstask.http.Tls;
import io.smstask.settings.Settings;
import io.smstask.store.DynamoTaskStore;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SendRehearsalTest {

    /** Its addresses lead nowhere, so a network call would fail. */
    private final Settings settings = Settings.from(Map.of(
            "TASKS_TABLE",
            "tasks",
            "CALLBACK_BASE_URL",
            "https://callbacks.invalid",
            "TWILIO_API_URL",
            "https://twilio.invalid",
            "AWS_ENDPOINT_URL",
            "https://aws.invalid",
            "AWS_ACCESS_KEY_ID",
            "key",
            "AWS_SECRET_ACCESS_KEY",
            "secret"));

    @Test
    void it_sends_a_task_and_calls_nobody() {
        var store = new DynamoTaskStore(
                new AwsClients(settings, new Tls(), Clock.systemUTC()).rehearsalDynamoDb(),
                settings.tasksTable(),
                settings.taskTtl(),
                Duration.ofSeconds(20));

        assertThatCode(() -> SendRehearsal.run(store, settings, Clock.systemUTC(), new SecureRandom()))
                .doesNotThrowAnyException();
    }
}
