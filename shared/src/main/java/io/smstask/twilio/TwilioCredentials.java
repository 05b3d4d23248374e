package io.smstask.twilio;

import io.smstask.task.AccountSid;
import io.smstask.task.AuthToken;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/**
 * The credentials of a request to Twilio (HTTP Basic).
 *
 * @param username the AccountSid, or an API key's sid
 * @param password the AuthToken, or the API key's secret
 */
public record TwilioCredentials(String username, AuthToken password) {

    /** The account's own token. */
    public static TwilioCredentials of(AccountSid account, AuthToken token) {
        return new TwilioCredentials(account.value(), token);
    }

    /** The secrets that Twilio's texts might quote: the password, and the value of {@code Authorization} (RFC 7617). */
    public List<String> secrets() {
        String pair = username + ":" + password.reveal();
        return List.of(password.reveal(), Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
    }
}
