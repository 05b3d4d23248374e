package io.smstask.simulator;

/** A request that is answered with one of Twilio's errors. Expected, so checked and without a stack trace. */
final class ApiRefusal extends Exception {
    private static final long serialVersionUID = 1;

    private final ApiError error;

    ApiRefusal(ApiError error) {
        this(error, error.text());
    }

    ApiRefusal(ApiError error, String message) {
        super(message, null, false, false);
        this.error = error;
    }

    /** An error whose message quotes the refused value, as most of Twilio's do. */
    static ApiRefusal quoting(ApiError error, String value) {
        return new ApiRefusal(error, error.text() + ": " + value);
    }

    ApiError error() {
        return error;
    }

    String message() {
        return String.valueOf(getMessage());
    }
}
