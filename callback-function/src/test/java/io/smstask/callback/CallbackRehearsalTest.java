package io.smstask.callback;

import static org.assertj.core.api.Assertions.assertThatCode;

import io.smstask.aws.AwsClients;
import io.smstask.http.Tls;
import io.smstask.settings.Settings;
import io.smstask.store.DynamoTaskStore;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class CallbackRehearsalTest {

    /** No address in it is anyone's: whoever were called would be missed. */
    private final Settings settings = Settings.from(Map.of(
            "TASKS_TABLE",
            "tasks",
            "AWS_ENDPOINT_URL",
            "https://aws.invalid",
            "AWS_ACCESS_KEY_ID",
            "key",
            "AWS_SECRET_ACCESS_KEY",
            "secret"));

    @Test
    void it_takes_a_callback_and_calls_nobody() {
        var store = new DynamoTaskStore(
                new AwsClients(settings, new Tls(), Clock.systemUTC()).rehearsalDynamoDb(),
                settings.tasksTable(),
                settings.taskTtl(),
                Duration.ofSeconds(20));

        assertThatCode(() -> CallbackRehearsal.run(store, Clock.systemUTC())).doesNotThrowAnyException();
    }
}
