package io.smstask.task;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * When Twilio is to send a scheduled message. Twilio validates the parameter {@code SendAt}; we only read it, in more
 * spellings of ISO 8601 than Twilio documents, so that no scheduled message counts as overdue.
 *
 * @see <a href="https://www.twilio.com/docs/messaging/features/message-scheduling">Twilio: message scheduling</a>
 */
public final class SendAt {

    /** How far ahead Twilio accepts a schedule. */
    public static final Duration FURTHEST = Duration.ofDays(35);

    // Compiled when it is needed: every task's due_at asks for FURTHEST.
    private static final String TIME =
            "(\\d{4})-?(\\d{2})-?(\\d{2})[Tt ]+(\\d{2}):?(\\d{2})(?::?(\\d{2})(?:[.,]\\d*)?)? *(?:[Zz]|([+-]\\d{2})(?::?(\\d{2}))?)?";

    private SendAt() {}

    /** The time, to the second; UTC if it names no zone. Empty if it cannot be read. */
    public static Optional<Instant> read(String text) {
        Matcher time = Pattern.compile(TIME).matcher(text.strip());
        if (!time.matches()) {
            return Optional.empty();
        }
        String zone = time.group(7) == null ? "Z" : time.group(7) + ":" + or(time.group(8), "00");
        String iso = time.group(1) + "-" + time.group(2) + "-" + time.group(3) + "T" + time.group(4) + ":"
                + time.group(5) + ":" + or(time.group(6), "00") + zone;
        try {
            return Optional.of(OffsetDateTime.parse(iso).toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static String or(String group, String otherwise) {
        return group == null ? otherwise : group;
    }
}
