package io.smstask.credentials;

import io.smstask.task.AccountSid;
import io.smstask.task.AuthToken;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/**
 * What a request to Twilio is authenticated with (HTTP Basic).
 *
 * @param username the AccountSid, or an API key's sid
 * @param password the AuthToken, or the API key's secret
 */
public record TwilioCredentials(String username, AuthToken password) {

    /** The account's own token. */
    public static TwilioCredentials of(AccountSid account, AuthToken token) {
        return new TwilioCredentials(account.value(), token);
    }

    /** What Twilio's texts might quote: the password, and both as they stand in the header {@code Authorization} (RFC 7617). */
    public List<String> secrets() {
        String pair = username + ":" + password.reveal();
        return List.of(password.reveal(), Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
    }
}
