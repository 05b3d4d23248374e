package io.smstask.send;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smstask.settings.Settings;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SendRehearsalTest {

    /** None of its addresses exists, so any network call would fail. */
    private static Settings settings(String secretId) {
        return Settings.from(Map.of(
                "TASKS_TABLE",
                "tasks",
                "TWILIO_SECRET_ID",
                secretId,
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
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "twilio", "twilio/"})
    void it_sends_a_task_and_calls_nobody(String secretId) {
        assertThatCode(() -> SendHandler.rehearse(new SendRehearsal(settings(secretId))))
                .doesNotThrowAnyException();
    }

    @Test
    void a_task_that_is_not_sent_is_noticed() {
        SendRehearsal rehearsal = new SendRehearsal(settings(""));

        assertThatThrownBy(() -> rehearsal.check("{\"statusCode\":502}".getBytes(UTF_8)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the rehearsal's task must be sent");
    }
}
