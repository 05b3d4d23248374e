package io.smstask.http;

/** The request was or may have been written, but no complete answer came back. */
public final class NoAnswer extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Cause cause;

    /** Why there is none. */
    public enum Cause {
        TIMEOUT,
        CONNECTION_LOST,
        /** It is not HTTP, or too long. */
        UNUSABLE
    }

    /** With what became of the answer; the message is free of names, addresses and content. */
    NoAnswer(Cause cause, String message) {
        super(message);
        this.cause = cause;
    }

    /** Why there is none. */
    public Cause why() {
        return cause;
    }
}
