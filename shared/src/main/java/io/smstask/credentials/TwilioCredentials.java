package io.smstask.credentials;

import io.smstask.task.AccountSid;
import io.smstask.task.AuthToken;

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
}
