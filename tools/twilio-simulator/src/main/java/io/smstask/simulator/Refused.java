package io.smstask.simulator;

/** The request gets a Twilio error for an answer. Expected, hence checked and without a stack trace. */
final class Refused extends Exception {
    private static final long serialVersionUID = 1;

    private final TwilioError error;

    Refused(TwilioError error) {
        this(error, error.text());
    }

    Refused(TwilioError error, String message) {
        super(message, null, false, false);
        this.error = error;
    }

    /** An error whose message quotes the refused value, as most of Twilio's do. */
    static Refused quoting(TwilioError error, String value) {
        return new Refused(error, error.text() + ": " + value);
    }

    TwilioError error() {
        return error;
    }

    String message() {
        return String.valueOf(getMessage());
    }
}
