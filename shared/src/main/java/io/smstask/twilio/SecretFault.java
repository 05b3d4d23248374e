package io.smstask.twilio;

import java.util.Locale;

/** What is wrong with a secret; repeating does not help. The words are logged and quote nothing. */
public enum SecretFault {
    /** There is no secret with the configured name. */
    MISSING,
    /** It holds bytes ({@code SecretBinary}) and no text. */
    BINARY,
    /** It is not a JSON object. */
    NOT_JSON,
    NO_ACCOUNT_SID,
    NO_AUTH_TOKEN,
    /** It is not {@code AC} and 32 hex digits. */
    BAD_ACCOUNT_SID,
    /**
     * It is not a text, or holds a blank, a line end or another character that Twilio's never have; the next ones
     * likewise.
     */
    BAD_AUTH_TOKEN,
    BAD_PREVIOUS_AUTH_TOKEN,
    BAD_API_KEY_SID,
    BAD_API_KEY_SECRET,
    /** {@code ApiKeySid} without {@code ApiKeySecret}, or the reverse. */
    HALF_API_KEY,
    /** Its {@code AccountSid} is not the one in its name. */
    OTHER_ACCOUNT,
    /** A task was sent with the stack's credentials for its account, and the stack no longer has them. */
    NO_SUCH_ACCOUNT;

    /** The word in the log, for instance {@code half_api_key}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
