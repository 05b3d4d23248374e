package io.smstask.task;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads numbers of a few digits. Twilio writes some as JSON numbers, some as texts, and some as either. */
public final class Digits {

    /** As many as fit into an {@code int}, whatever they are. */
    private static final int MAX = 9;

    private Digits() {}

    /**
     * The digits of a number.
     *
     * @param value a text, whose surrounding blanks are ignored, or an {@code Integer}
     * @return one to nine digits; empty for anything else, such as a number with a sign
     */
    public static Optional<String> read(@Nullable Object value) {
        if (!(value instanceof String || value instanceof Integer)) {
            return Optional.empty();
        }
        String digits = value.toString().strip();
        if (digits.isEmpty() || digits.length() > MAX) {
            return Optional.empty();
        }
        for (int i = 0; i < digits.length(); i++) {
            if (digits.charAt(i) < '0' || digits.charAt(i) > '9') {
                return Optional.empty();
            }
        }
        return Optional.of(digits);
    }
}
