package io.smstask.task;

import java.util.Optional;

/** Why a task is red. Like the original process, it keeps the red exits apart. */
public sealed interface Escalation {

    /**
     * The error's code: Twilio's number, one of {@link CallFailure}'s, or the final status if Twilio gave no number.
     */
    String code();

    /** What happened, in words, without secrets. */
    String message();

    /** Twilio's page about the error. */
    Optional<String> urlMoreInfo();

    /** Whether the same call may run the task again. */
    Retryable retryable();

    /** What kind of error it is; it follows from the code. */
    Reason reason();

    /** Twilio answered the call with an error: nothing was sent. */
    record TwilioError(String code, String message, Optional<String> urlMoreInfo, Retryable retryable)
            implements Escalation {

        @Override
        public Reason reason() {
            Optional<KnownError> known = KnownError.of(code);
            if (retryable != Retryable.YES) {
                return known.isPresent() ? known.get().reason() : Reason.UNKNOWN;
            }
            if (known.isPresent()) {
                // Only a maintenance, a 401 to the stack's credentials or a 429 may be run again; a 429 is a limit,
                // whatever its code.
                boolean isLimit =
                        known.get() != KnownError.MAINTENANCE && known.get().reason() != Reason.ACCOUNT;
                return isLimit ? Reason.CAPACITY : known.get().reason();
            }
            // An unknown code of a 401 or a 429; Twilio's access errors are 20xxx.
            return code.startsWith("20") ? Reason.ACCOUNT : Reason.CAPACITY;
        }
    }

    /**
     * Twilio could not be reached, or its answer was unusable. {@code failure} says whether an SMS may have been sent.
     */
    record CallError(CallFailure failure, String message, Optional<String> urlMoreInfo, Retryable retryable)
            implements Escalation {

        /** A call error for which Twilio gave no page. */
        public CallError(CallFailure failure, String message) {
            this(failure, message, Optional.empty(), failure.retryable());
        }

        @Override
        public String code() {
            return failure.code();
        }

        @Override
        public Reason reason() {
            // The only refusal that may be run again is that of the stack's credentials.
            return failure == CallFailure.REFUSED && retryable == Retryable.YES ? Reason.ACCOUNT : failure.reason();
        }
    }

    /** Twilio took the message and later reported that it did not arrive. */
    record DeliveryError(String code, String message, Optional<String> urlMoreInfo) implements Escalation {

        @Override
        public Retryable retryable() {
            return Retryable.NO;
        }

        @Override
        public Reason reason() {
            Optional<KnownError> known = KnownError.of(code);
            return known.isPresent() ? known.get().reason() : Reason.UNKNOWN;
        }
    }

    /**
     * The escalation as it was stored.
     *
     * @param hasSid whether Twilio took the message
     */
    static Escalation restore(
            String code, String message, Optional<String> urlMoreInfo, Retryable retryable, boolean hasSid) {
        Optional<CallFailure> failure = CallFailure.of(code);
        if (failure.isPresent()) {
            return new CallError(failure.get(), message, urlMoreInfo, retryable);
        }
        return hasSid
                ? new DeliveryError(code, message, urlMoreInfo)
                : new TwilioError(code, message, urlMoreInfo, retryable);
    }
}
