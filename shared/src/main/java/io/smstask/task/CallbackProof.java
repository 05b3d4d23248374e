package io.smstask.task;

/**
 * What the item stores to verify callbacks. Neither kind reveals the callback key, which exists only in the callback
 * URL.
 */
public sealed interface CallbackProof {

    /**
     * The caller's own AuthToken, sealed with the callback key; or two tokens, either of which may sign.
     *
     * @param text base64url; two tokens are joined by a dot
     */
    record SealedToken(String text) implements CallbackProof {

        /** Separates two sealed tokens. */
        public static final char SEPARATOR = '.';
    }

    /**
     * A hash of the callback key, for a task that is sent with the stack's credentials.
     *
     * @param text base64url of the SHA-256
     */
    record KeyHash(String text) implements CallbackProof {}
}
