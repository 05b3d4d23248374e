package io.smstask.callback;

import com.twilio.security.RequestValidator;
import io.smstask.task.AuthToken;
import java.util.List;

/**
 * {@code X-Twilio-Signature}: an HMAC-SHA1 of the URL that we gave Twilio and all fields, keyed with the account's
 * AuthToken.
 *
 * @param value the header's value; blank if the request has no such header
 * @see <a href="https://www.twilio.com/docs/usage/security#validating-requests">Twilio: validating requests</a>
 */
record TwilioSignature(String value) {

    /** The header's name, in lower case. */
    static final String HEADER = "x-twilio-signature";

    /** Whether one of these tokens signed the form for that URL. */
    boolean isBy(List<AuthToken> tokens, String url, CallbackForm form) {
        for (AuthToken token : tokens) {
            if (new RequestValidator(token.reveal()).validate(url, form.all(), value)) {
                return true;
            }
        }
        return false;
    }
}
