package io.smstask.task;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Cleans Twilio's error texts before they are stored and answered: they can quote what we sent, secrets included. */
public final class TwilioTexts {

    /**
     * The most characters that are kept of a text. Twilio's have about 100, and an item of DynamoDB may have 400 KB.
     */
    public static final int MAX_LENGTH = 1000;

    private static final char REPLACEMENT = '\uFFFD';

    private TwilioTexts() {}

    /**
     * The text on one line, with each secret replaced by {@code ***}, cut after {@value #MAX_LENGTH} characters.
     *
     * @param secrets what must not be stored or answered: tokens, callback keys
     */
    public static String cleaned(String text, List<String> secrets) {
        // The longest first: a secret may begin with another.
        List<String> longestFirst = new ArrayList<>(secrets);
        longestFirst.sort(new Comparator<>() {
            @Override
            public int compare(String one, String other) {
                return Integer.compare(other.length(), one.length());
            }
        });
        String cleaned = text;
        for (String secret : longestFirst) {
            cleaned = cleaned.replace(secret, "***");
        }
        return cut(printable(cleaned).strip());
    }

    /** The text without control characters and lone surrogates, which no store accepts. */
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

    /**
     * Called after the secrets are replaced: one that was cut in two would not be found. Never cuts inside a character.
     */
    private static String cut(String text) {
        if (text.length() <= MAX_LENGTH) {
            return text;
        }
        boolean isInside = Character.isHighSurrogate(text.charAt(MAX_LENGTH - 1));
        return text.substring(0, isInside ? MAX_LENGTH - 1 : MAX_LENGTH) + "…";
    }
}
