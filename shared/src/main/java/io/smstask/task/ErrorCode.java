package io.smstask.task;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads Twilio's error codes, whatever their form: a number or a text in Twilio's JSON, a text in a callback's form.
 *
 * @see <a href="https://www.twilio.com/docs/api/errors">Twilio's error and warning dictionary</a>
 */
public final class ErrorCode {

    private ErrorCode() {}

    /**
     * The code as text: digits only, since it becomes part of the URL of Twilio's page.
     *
     * @param value a text, whose surrounding blanks are ignored, or an {@code Integer}
     * @return empty for anything else, and for 0, which Twilio writes if there is no error
     */
    public static Optional<String> read(@Nullable Object value) {
        Optional<String> digits = Digits.read(value);
        return digits.isPresent() && digits.get().charAt(0) != '0' ? digits : Optional.empty();
    }
}
