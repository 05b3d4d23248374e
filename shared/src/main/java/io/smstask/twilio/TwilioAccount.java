package io.smstask.twilio;

import io.smstask.task.AccountSid;
import io.smstask.task.AuthToken;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An account whose credentials the stack holds.
 *
 * @param authToken the current primary token: it signs callbacks, and it sends if there is no API key
 * @param previousAuthToken the token before a rotation, which signs callbacks until Twilio has switched
 * @param apiKey sends, if there is one; an API key never signs
 */
public record TwilioAccount(
        AccountSid sid,
        AuthToken authToken,
        Optional<AuthToken> previousAuthToken,
        Optional<TwilioCredentials> apiKey) {

    /** The credentials for requests to Twilio. */
    public TwilioCredentials forSending() {
        return apiKey.orElse(TwilioCredentials.of(sid, authToken));
    }

    /** The tokens that may have signed a callback, the likeliest first. */
    public List<AuthToken> forSignatures() {
        List<AuthToken> tokens = new ArrayList<>();
        tokens.add(authToken);
        if (previousAuthToken.isPresent()) {
            tokens.add(previousAuthToken.get());
        }
        return tokens;
    }

    /** The secrets that Twilio's texts might quote. */
    public List<String> secrets() {
        List<String> secrets = new ArrayList<>(forSending().secrets());
        for (AuthToken token : forSignatures()) {
            secrets.add(token.reveal());
        }
        return secrets;
    }
}
