package io.smstask.task;

import java.util.Optional;

/** Why a task is red. The original process keeps its red exits apart, and so does this. */
public sealed interface Escalation {

    /** The error's code: Twilio's number, one of {@link CallFailure}'s, or the final status where Twilio gave no number. */
    String code();

    /** What happened, in words; free of secrets. */
    String message();

    /** Twilio's page about the error. */
    Optional<String> urlMoreInfo();

    /** Whether the same call may run the task again. */
    Retryable retryable();

    /** What kind of trouble it is; it follows from the code. */
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
                // A maintenance, a 401 to the stack's credentials, or a 429, which is a limit whatever its code.
                boolean isLimit =
                        known.get() != KnownError.MAINTENANCE && known.get().reason() != Reason.ACCOUNT;
                return isLimit ? Reason.CAPACITY : known.get().reason();
            }
            // Again one of the two, and Twilio's errors of access are 20xxx.
            return code.startsWith("20") ? Reason.ACCOUNT : Reason.CAPACITY;
        }
    }

    /** Twilio could not be reached, or its answer could not be used. Whether an SMS went out is told by {@code failure}. */
    record CallError(CallFailure failure, String message, Optional<String> urlMoreInfo, Retryable retryable)
            implements Escalation {

        /** A call error of which Twilio gave no page. */
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

        /**
         * The escalation that a final status brings.
         *
         * @param errorCode Twilio's {@code ErrorCode}, where it came with the status
         * @param errorText what Twilio says of the error, cleaned
         */
        public static DeliveryError of(MessageStatus status, Optional<String> errorCode, Optional<String> errorText) {
            String code = errorCode.orElse(status.word());
            String otherwise = errorCode.isPresent()
                    ? "Twilio reported the message as " + status + " with error " + code + "."
                    : "Twilio reported the message as " + status + ".";
            String message = KnownError.explained(code, otherwise, errorText.orElse(""));
            return new DeliveryError(code, message, errorCode.map(DeliveryError::page));
        }

        private static String page(String errorCode) {
            return "https://www.twilio.com/docs/errors/" + errorCode;
        }

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
