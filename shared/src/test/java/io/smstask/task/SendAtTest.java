package io.smstask.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Twilio judges {@code SendAt}; we read every spelling of ISO 8601 that it may accept. */
final class SendAtTest {

    @ParameterizedTest
    @CsvSource({
        "2026-12-04T10:00:00Z, 2026-12-04T10:00:00Z",
        "2026-12-04t10:00:00z, 2026-12-04T10:00:00Z",
        "2026-12-04T10:00:00+0000, 2026-12-04T10:00:00Z",
        "2026-12-04T10:00:00-05, 2026-12-04T15:00:00Z",
        "2026-12-04T10:00:00 +02:30, 2026-12-04T07:30:00Z",
        "2026-12-04T10:00:00, 2026-12-04T10:00:00Z",
        "2026-12-04 10:00:00, 2026-12-04T10:00:00Z",
        "2026-12-04T10:00Z, 2026-12-04T10:00:00Z",
        "2026-12-04T10:00:30.999999Z, 2026-12-04T10:00:30Z",
        "'2026-12-04T10:00:30,5Z', 2026-12-04T10:00:30Z",
        "20261204T100000Z, 2026-12-04T10:00:00Z",
        "' 2026-12-04T10:00:00Z ', 2026-12-04T10:00:00Z"
    })
    void every_spelling_of_a_time_is_read(String text, Instant time) {
        assertThat(SendAt.read(text)).contains(time);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "tomorrow",
                "2026-12-04",
                "2026-13-04T10:00:00Z",
                "2026-12-04T25:00:00Z",
                "2026-12-04T10:00:00+99:00",
                "2026-12-04T10:00:00 Europe/Berlin",
                "+999999999-12-31T23:59:59Z",
                "1796378400"
            })
    void what_is_no_time_is_not_read(String text) {
        assertThat(SendAt.read(text)).isEmpty();
    }
}
