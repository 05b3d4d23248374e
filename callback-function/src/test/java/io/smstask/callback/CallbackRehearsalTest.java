package io.smstask.callback;

import static org.assertj.core.api.Assertions.assertThatCode;

import io.smstask.settings.Settings;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class CallbackRehearsalTest {

    /** None of its addresses exists, so any network call would fail. */
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
        assertThatCode(() -> CallbackHandler.rehearse(new CallbackRehearsal(settings)))
                .doesNotThrowAnyException();
    }
}
