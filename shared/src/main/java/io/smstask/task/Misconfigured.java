package io.smstask.task;

/**
 * The store refuses, or the stack's credentials cannot be used, until somebody changes the stack's configuration: a
 * permission, a table or a secret is missing, for instance. Its full class name is part of the contract. Like
 * {@link StoreUnavailable}, it says that this call did not call Twilio.
 */
public final class Misconfigured extends StoreUnavailable {

    private static final long serialVersionUID = 1L;

    /** The {@code code} by which callers know this error. */
    public static final String CODE = "misconfigured";

    /** With what was expected. */
    public Misconfigured(String message) {
        super(message);
    }

    /** With what was expected, and what happened instead. */
    public Misconfigured(String message, Throwable cause) {
        super(message, cause);
    }

    @Override
    public String code() {
        return CODE;
    }
}
