package io.smstask.twilio;

import io.smstask.task.Digits;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/**
 * Reads the header {@code Retry-After}: seconds, or a date.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3">RFC 9110: Retry-After</a>
 */
public final class RetryAfter {

    private RetryAfter() {}

    /**
     * How long to wait. A past date asks for no wait.
     *
     * @param value the header's value
     * @param now when the answer came
     * @return empty if the value is neither
     */
    public static Optional<Duration> read(String value, Instant now) {
        Optional<String> seconds = Digits.read(value);
        return seconds.isPresent()
                ? Optional.of(Duration.ofSeconds(Long.parseLong(seconds.get())))
                : untilDate(value.strip(), now);
    }

    private static Optional<Duration> untilDate(String date, Instant now) {
        try {
            Instant then = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date));
            return Optional.of(then.isAfter(now) ? Duration.between(now, then) : Duration.ZERO);
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
