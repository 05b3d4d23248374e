package io.smstask.send;

import io.smstask.task.Escalation;
import java.util.List;

/** Twilio's error texts as they may be stored and answered. They can quote what we sent, secrets included. */
final class TwilioTexts {

    /** "The StatusCallback URL is not a valid URL": Twilio quotes the URL, and the key is in it. */
    private static final String INVALID_STATUS_CALLBACK = "21609";

    private TwilioTexts() {}

    /** The escalation with every occurrence of a secret replaced by {@code ***}. */
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
        return cleaned;
    }
}
