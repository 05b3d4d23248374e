package io.smstask.task;

/**
 * The store refuses, or the stack's credentials cannot be used, and that will stay so until somebody changes the stack's
 * configuration: a right that is missing, a table or a secret that is not there. Its full name is part of the contract, and
 * it tells what {@link StoreUnavailable} tells: Twilio was not called by this call.
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
