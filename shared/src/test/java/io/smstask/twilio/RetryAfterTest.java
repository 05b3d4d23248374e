package io.smstask.twilio;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RetryAfterTest {

    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "30, 30",
        "' 30 ', 30",
        "999999999, 999999999",
        "'Tue, 24 Nov 2026 12:00:30 GMT', 30",
        "' Tue, 24 Nov 2026 12:00:30 GMT ', 30",
        "'Tue, 24 Nov 2026 12:00:00 GMT', 0",
        "'Tue, 24 Nov 2026 11:59:59 GMT', 0"
    })
    void it_is_seconds_or_a_date_and_a_past_date_asks_for_no_wait(String value, long seconds) {
        assertThat(RetryAfter.read(value, NOW)).contains(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "-1", "1.5", "soon", "1234567890", "2026-11-24T12:00:30Z", "Mon, 24 Nov 2026"})
    void anything_else_is_none(String value) {
        assertThat(RetryAfter.read(value, NOW)).isEmpty();
    }
}
