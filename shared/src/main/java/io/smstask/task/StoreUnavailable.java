package io.smstask.task;

/**
 * The store did not answer, or not in time. Its full name is part of the contract: callers of send-function see it as the
 * error type, and it tells them that Twilio was not called by this call. Where repeating cannot help it is a {@link
 * Misconfigured}.
 */
public class StoreUnavailable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** The {@code code} by which callers know this error. */
    public static final String CODE = "store_unavailable";

    /** With what was expected of the store. */
    public StoreUnavailable(String message) {
        super(message);
    }

    /** With what was expected of the store, and what happened instead. */
    public StoreUnavailable(String message, Throwable cause) {
        super(message, cause);
    }

    /** The {@code code} by which callers know this error. */
    public String code() {
        return CODE;
    }
}
