package io.smstask.send;

import io.smstask.task.Escalation;
import java.util.List;

/** Twilio's error texts as they may be stored and answered. They can quote what we sent, secrets included. */
final class TwilioTexts {

    /** "The StatusCallback URL is not a valid URL": Twilio quotes the URL, and the key is in it. */
    private static final String INVALID_STATUS_CALLBACK = "21609";

    /** The most characters of a text that are kept: an item of DynamoDB may have 400 KB, and Twilio's texts have some 100. */
    static final int MAX_LENGTH = 1000;

    private TwilioTexts() {}

    /** The escalation with every occurrence of a secret replaced by {@code ***}, and an endless text cut. */
    static Escalation cleaned(Escalation escalation, List<String> secrets) {
        if (escalation instanceof Escalation.TwilioError error) {
            String message = error.code().equals(INVALID_STATUS_CALLBACK)
                    ? "Twilio does not accept the status callback's URL: check the setting CALLBACK_BASE_URL."
                    : cleaned(error.message(), secrets);
            return new Escalation.TwilioError(
                    cleaned(error.code(), secrets),
                    message,
                    error.urlMoreInfo().map(url -> cleaned(url, secrets)),
                    error.retryable());
        }
        if (escalation instanceof Escalation.CallError error) {
            return new Escalation.CallError(
                    error.failure(),
                    cleaned(error.message(), secrets),
                    error.urlMoreInfo().map(url -> cleaned(url, secrets)),
                    error.retryable());
        }
        return escalation;
    }

    private static String cleaned(String text, List<String> secrets) {
        String cleaned = text;
        for (String secret : secrets) {
            cleaned = cleaned.replace(secret, "***");
        }
        return cut(cleaned);
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
