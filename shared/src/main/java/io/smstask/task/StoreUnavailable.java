package io.smstask.task;

/**
 * The store did not answer, or not in time. Its full name is part of the contract: callers of send-function see it as the
 * error type, and it tells them that Twilio was not called by this call.
 */
public final class StoreUnavailable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** The {@code code} by which callers know this error. */
    public static final String CODE = "store_unavailable";

    private final boolean mayReadAsUnknown;

    /** With what was expected of the store. */
    public StoreUnavailable(String message) {
        super(message);
        this.mayReadAsUnknown = false;
    }

    /** With what was expected of the store, and what happened instead. */
    public StoreUnavailable(String message, Throwable cause) {
        this(message, cause, false);
    }

    private StoreUnavailable(String message, Throwable cause, boolean mayReadAsUnknown) {
        super(message, cause);
        this.mayReadAsUnknown = mayReadAsUnknown;
    }

    /** A claim may still be written, or stand, although Twilio was not called: nobody could take it back. */
    public static StoreUnavailable withClaimLeft(Throwable cause) {
        return new StoreUnavailable("the task could neither be claimed nor released in time", cause, true);
    }

    /** Whether the task may later read as {@code outcome_unknown}, although this call did not call Twilio. */
    public boolean mayReadAsUnknown() {
        return mayReadAsUnknown;
    }
}
