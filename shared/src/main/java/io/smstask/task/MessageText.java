package io.smstask.task;

/**
 * The text of a message. It prints only its length.
 *
 * @param value the text in clear, at most {@value #MAX_CODE_POINTS} code points
 */
public record MessageText(String value) {

    /** Twilio's limit for {@code Body}; error 21617 beyond it. */
    public static final int MAX_CODE_POINTS = 1600;

    /** The length in Unicode code points, the most lenient way to count it against Twilio's limit. */
    public int codePoints() {
        return value.codePointCount(0, value.length());
    }

    @Override
    public String toString() {
        return "*** (" + codePoints() + " characters)";
    }
}
