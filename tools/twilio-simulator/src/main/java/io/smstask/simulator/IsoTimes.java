package io.smstask.simulator;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;

/** Times in parameters, in ISO 8601. */
final class IsoTimes {
    private static final int DAY = "2026-11-24".length();
    private static final int WITHOUT_ZONE = "2026-11-24T12:00:00".length();

    private IsoTimes() {}

    /** Reads a time, or a day as its start. Without a zone it is UTC: twilio-java sends none. */
    static Optional<Instant> parse(String text) {
        try {
            if (isDay(text)) {
                return Optional.of(
                        LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant());
            }
            return Optional.of(
                    text.length() <= WITHOUT_ZONE
                            ? LocalDateTime.parse(text).toInstant(ZoneOffset.UTC)
                            : OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException notIso8601) {
            return Optional.empty();
        }
    }

    static boolean isDay(String text) {
        return text.length() == DAY;
    }
}
