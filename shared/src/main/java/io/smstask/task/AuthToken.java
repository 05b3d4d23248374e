package io.smstask.task;

/**
 * A Twilio secret: an account's AuthToken or an API key's secret. It prints as {@code ***}; only {@link #reveal()}
 * gives the secret.
 */
public final class AuthToken {

    private final String secret;

    /**
     * @throws IllegalArgumentException if the secret is empty
     */
    public AuthToken(String secret) {
        if (secret.isEmpty()) {
            throw new IllegalArgumentException("AuthToken must not be empty");
        }
        this.secret = secret;
    }

    /** The secret in clear: for Twilio's Basic auth, its signature and sealing only. */
    public String reveal() {
        return secret;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AuthToken token && secret.equals(token.secret);
    }

    @Override
    public int hashCode() {
        return secret.hashCode();
    }

    @Override
    public String toString() {
        return "***";
    }
}
