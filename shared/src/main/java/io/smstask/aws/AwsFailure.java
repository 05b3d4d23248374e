package io.smstask.aws;

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
}
