package io.smstask.send;

import io.smstask.task.Escalation;
import io.smstask.task.MessageSid;
import io.smstask.task.Retryable;
import io.smstask.twilio.TwilioMessage;
import java.time.Duration;
import java.util.Optional;

/** The outcome of one request to Twilio, by what may be done next. */
sealed interface TwilioAnswer {

    /** Handles each case. */
    <T> T match(Cases<T> cases);

    /** One method for each case: a forgotten case does not compile. */
    interface Cases<T> {

        /** Twilio took the message. */
        T accepted(Accepted accepted);

        /** Twilio said 2xx, but the sid or the status is missing. */
        T incomplete(Incomplete incomplete);

        /** Twilio did not take it, or nobody knows. */
        T red(Red red);
    }

    /** Twilio took the message. */
    record Accepted(TwilioMessage message) implements TwilioAnswer {

        @Override
        public <T> T match(Cases<T> cases) {
            return cases.accepted(this);
        }
    }

    /** Twilio said 2xx, but the sid or the status is missing. */
    record Incomplete(Optional<MessageSid> sid) implements TwilioAnswer {

        @Override
        public <T> T match(Cases<T> cases) {
            return cases.incomplete(this);
        }
    }

    /** Twilio did not take the message, or nobody knows whether it did. */
    sealed interface Red extends TwilioAnswer {

        /** Why. */
        Escalation error();

        /** How long Twilio asks to wait, if it says so. */
        Optional<Duration> retryAfter();

        @Override
        default <T> T match(Cases<T> cases) {
            return cases.red(this);
        }
    }

    /**
     * Twilio, or a proxy on the way, refused: nothing was sent, and the same request now would be refused again.
     *
     * @param httpStatus 4xx
     * @param retryAfter how long Twilio asks to wait, if it says so
     */
    record Refused(int httpStatus, Escalation error, Optional<Duration> retryAfter) implements Red {

        private static final int UNAUTHORIZED = 401;

        /** Whether Twilio does not accept the credentials. */
        boolean isUnauthorized() {
            return httpStatus == UNAUTHORIZED;
        }

        /** The error, but the same call may run the task again. */
        Escalation errorThatMayRunAgain() {
            return error instanceof Escalation.CallError call
                    ? new Escalation.CallError(call.failure(), call.message(), call.urlMoreInfo(), Retryable.YES)
                    : new Escalation.TwilioError(error.code(), error.message(), error.urlMoreInfo(), Retryable.YES);
        }
    }

    /**
     * Surely nothing was sent, and the request may be repeated within the call: Twilio's rate limit, or no connection.
     *
     * @param retryAfter how long Twilio asks to wait, if it says so
     */
    record NotSent(Escalation error, Optional<Duration> retryAfter) implements Red {}

    /** The request was or may have been written, and its outcome is unknown: it must never be repeated. */
    record Unknown(Escalation.CallError error) implements Red {

        @Override
        public Optional<Duration> retryAfter() {
            return Optional.empty();
        }
    }
}
