package io.smstask.callback;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smstask.settings.Settings;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CallbackRehearsalTest {

    /** None of its addresses exists, so any network call would fail. */
    private static Settings settings(String secretId) {
        return Settings.from(Map.of(
                "TASKS_TABLE",
                "tasks",
                "TWILIO_SECRET_ID",
                secretId,
                "AWS_ENDPOINT_URL",
                "https://aws.invalid",
                "AWS_ACCESS_KEY_ID",
                "key",
                "AWS_SECRET_ACCESS_KEY",
                "secret"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "twilio", "twilio/"})
    void it_takes_a_callback_and_calls_nobody(String secretId) {
        assertThatCode(() -> CallbackHandler.rehearse(new CallbackRehearsal(settings(secretId))))
                .doesNotThrowAnyException();
    }

    @Test
    void a_callback_that_is_refused_is_noticed() {
        CallbackRehearsal rehearsal = new CallbackRehearsal(settings(""));

        assertThatThrownBy(() -> rehearsal.check("{\"statusCode\":403}".getBytes(UTF_8)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the rehearsal's callback must be applied");
    }
}
