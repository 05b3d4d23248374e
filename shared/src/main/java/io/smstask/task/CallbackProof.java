package io.smstask.task;

/**
 * What the item stores to verify callbacks. Neither kind reveals the callback key, which exists only in the callback
 * URL.
 */
public sealed interface CallbackProof {

    /** What the item stores, in base64url. */
    String text();

    /** The hash of the callback key, which every claim stores: it is all that an erased task keeps. */
    KeyHash key();

    /** Handles each case. */
    <T> T match(Cases<T> cases);

    /** One method for each case: a forgotten case does not compile. */
    interface Cases<T> {

        /** The caller's own tokens, sealed. */
        T sealedToken(SealedToken sealed);

        /** A hash of the callback key. */
        T keyHash(KeyHash hash);
    }

    /**
     * The caller's own AuthToken, sealed with the callback key; or two tokens, either of which may sign.
     *
     * @param text base64url; two tokens are joined by a dot
     * @param key of the callback key that sealed them
     */
    record SealedToken(String text, KeyHash key) implements CallbackProof {

        /** Separates two sealed tokens. */
        public static final char SEPARATOR = '.';

        @Override
        public <T> T match(Cases<T> cases) {
            return cases.sealedToken(this);
        }
    }

    /**
     * A hash of the callback key, for a task that is sent with the stack's credentials.
     *
     * @param text base64url of the SHA-256
     */
    record KeyHash(String text) implements CallbackProof {

        @Override
        public KeyHash key() {
            return this;
        }

        @Override
        public <T> T match(Cases<T> cases) {
            return cases.keyHash(this);
        }
    }
}
