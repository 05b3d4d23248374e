package io.smstask.task;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Twilio's error texts as they may be stored and answered. They can quote what we sent, secrets included. What the code means
 * stands before them, in our own words.
 */
public final class TwilioTexts {

    /** The most characters of a text that are kept: an item of DynamoDB may have 400 KB, and Twilio's texts have some 100. */
    public static final int MAX_LENGTH = 1000;

    private static final char REPLACEMENT = '\uFFFD';

    private TwilioTexts() {}

    /** The escalation with its texts cleaned, and with our words for Twilio's code. */
    public static Escalation cleaned(Escalation escalation, List<String> secrets) {
        if (escalation instanceof Escalation.TwilioError error) {
            String text = cleaned(error.message(), secrets);
            String message = KnownError.of(error.code()).isPresent() || text.isEmpty()
                    ? KnownError.explained(error.code(), "Twilio refused with error " + error.code() + ".", text)
                    : text;
            return new Escalation.TwilioError(
                    error.code(), message, cleaned(error.urlMoreInfo(), secrets), error.retryable());
        }
        if (escalation instanceof Escalation.CallError error) {
            return new Escalation.CallError(
                    error.failure(),
                    cleaned(error.message(), secrets),
                    cleaned(error.urlMoreInfo(), secrets),
                    error.retryable());
        }
        return escalation;
    }

    /**
     * The text with every occurrence of a secret replaced by {@code ***}, on one line, and cut where it is endless.
     *
     * @param secrets what must not be stored or answered: tokens, callback keys
     */
    public static String cleaned(String text, List<String> secrets) {
        // The longest first: one may begin with another.
        List<String> longestFirst = new ArrayList<>(secrets);
        longestFirst.sort(Comparator.comparing(String::length).reversed());
        String cleaned = text;
        for (String secret : longestFirst) {
            cleaned = cleaned.replace(secret, "***");
        }
        return cut(printable(cleaned).strip());
    }

    private static Optional<String> cleaned(Optional<String> text, List<String> secrets) {
        return text.isPresent() ? Optional.of(cleaned(text.get(), secrets)) : text;
    }

    /** A text without control characters, and without halves of characters, which no store takes. */
    private static String printable(String text) {
        StringBuilder printable = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i = text.offsetByCodePoints(i, 1)) {
            int character = text.codePointAt(i);
            if (Character.isISOControl(character)) {
                printable.append(' ');
            } else if (character >= Character.MIN_SURROGATE && character <= Character.MAX_SURROGATE) {
                printable.append(REPLACEMENT);
            } else {
                printable.appendCodePoint(character);
            }
        }
        return printable.toString();
    }

    /** After the secrets are gone: a cut through one would hide it from the search. Never inside a character. */
    private static String cut(String text) {
        if (text.length() <= MAX_LENGTH) {
            return text;
        }
        boolean isInside = Character.isHighSurrogate(text.charAt(MAX_LENGTH - 1));
        return text.substring(0, isInside ? MAX_LENGTH - 1 : MAX_LENGTH) + "…";
    }
}
