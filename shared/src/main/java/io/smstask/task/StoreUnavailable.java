package io.smstask.task;

/**
 * The store did not answer in time. Its full class name is part of the contract: direct callers of send-function see it
 * as the error type, which says that this call did not call Twilio. If repeating cannot help, it is a
 * {@link Misconfigured}.
 */
public class StoreUnavailable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** The {@code code} by which callers know this error. */
    public static final String CODE = "store_unavailable";

    private final boolean mayReadAsUnknown;

    /** With what was expected of the store. */
    public StoreUnavailable(String message) {
        this(message, false);
    }

    /** With what was expected of the store, and what happened instead. */
    public StoreUnavailable(String message, Throwable cause) {
        super(message, cause);
        this.mayReadAsUnknown = false;
    }

    /**
     * As above, for a call that may leave its claim behind.
     *
     * @param mayReadAsUnknown {@link #mayReadAsUnknown()}
     */
    public StoreUnavailable(String message, boolean mayReadAsUnknown) {
        super(message);
        this.mayReadAsUnknown = mayReadAsUnknown;
    }

    /**
     * Whether the claim was or may yet be written and could not be released: after its deadline the task then reads as
     * {@code outcome_unknown}, although this call did not call Twilio.
     */
    public boolean mayReadAsUnknown() {
        return mayReadAsUnknown;
    }

    /** The {@code code} by which callers know this error. */
    public String code() {
        return CODE;
    }
}
