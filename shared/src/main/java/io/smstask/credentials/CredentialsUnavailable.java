package io.smstask.credentials;

/** The stack's Twilio credentials could not be read, or are not what they should be. The message holds no secret. */
public final class CredentialsUnavailable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** With what was expected. */
    public CredentialsUnavailable(String message) {
        super(message);
    }

    /** With what was expected, and what happened instead. */
    public CredentialsUnavailable(String message, Throwable cause) {
        super(message, cause);
    }
}
