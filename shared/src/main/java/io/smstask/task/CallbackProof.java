package io.smstask.task;

/**
 * What the item keeps so that a callback can be proved genuine. Neither kind tells the callback key, which stands in the
 * callback URL only.
 */
public sealed interface CallbackProof {

    /**
     * The caller's own AuthToken, sealed with the callback key; or two tokens, of which either may sign.
     *
     * @param text base64url; of two tokens, one after the other with a dot between them
     */
    record SealedToken(String text) implements CallbackProof {

        /** Stands between two sealed tokens. */
        public static final char SEPARATOR = '.';
    }

    /**
     * A hash of the callback key, where the stack itself holds the account's credentials.
     *
     * @param text base64url of the SHA-256
     */
    record KeyHash(String text) implements CallbackProof {}
}
