package io.smstask.aws;

import java.util.Optional;

/** AWS did not do what it was asked. The message names the call and the error, and nothing of the request. */
public final class AwsFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient AwsError error;

    /**
     * @param asked service and operation
     */
    public AwsFailure(String asked, AwsError error) {
        super(asked + ": " + error.httpStatus() + " " + error.name());
        this.error = error;
    }

    /** Why. */
    public AwsError error() {
        return error;
    }

    /** The error of the failure that this is, or that caused it; empty if there is none. */
    public static Optional<AwsError> in(Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof AwsFailure failure) {
                return Optional.of(failure.error());
            }
        }
        return Optional.empty();
    }
}
