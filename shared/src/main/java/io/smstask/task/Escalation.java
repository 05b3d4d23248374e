package io.smstask.task;

import java.util.List;
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

    /** This escalation with Twilio's texts cleaned, and with our words for Twilio's code. */
    Escalation cleaned(List<String> secrets);

    /** Twilio answered the call with an error: nothing was sent. */
    record TwilioError(String code, String message, Optional<String> urlMoreInfo, Retryable retryable)
            implements Escalation {

        @Override
        public Reason reason() {
            if (retryable != Retryable.YES) {
                return KnownError.reasonOf(code);
            }
            Optional<KnownError> known = KnownError.of(code);
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

        @Override
        public Escalation cleaned(List<String> secrets) {
            String text = TwilioTexts.cleaned(message, secrets);
            String words = KnownError.of(code).isPresent() || text.isEmpty()
                    ? KnownError.explained(code, "Twilio refused with error " + code + ".", text)
                    : text;
            return new TwilioError(code, words, cleanedUrl(this, secrets), retryable);
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

        @Override
        public Escalation cleaned(List<String> secrets) {
            return new CallError(failure, TwilioTexts.cleaned(message, secrets), cleanedUrl(this, secrets), retryable);
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
            return KnownError.reasonOf(code);
        }

        /** Itself: its report was cleaned. */
        @Override
        public Escalation cleaned(List<String> secrets) {
            return this;
        }
    }

    private static Optional<String> cleanedUrl(Escalation escalation, List<String> secrets) {
        Optional<String> url = escalation.urlMoreInfo();
        return url.isPresent() ? Optional.of(TwilioTexts.cleaned(url.get(), secrets)) : url;
    }

    /**
     * The escalation as it was stored.
     *
     * @param page Twilio's page about the error; empty if there is none
     * @param hasSid whether Twilio took the message
     */
    static Escalation restore(String code, String message, String page, Retryable retryable, boolean hasSid) {
        Optional<String> urlMoreInfo = page.isEmpty() ? Optional.empty() : Optional.of(page);
        Optional<CallFailure> failure = CallFailure.of(code);
        // What Twilio cancelled has Twilio's word as its code too.
        if (failure.isPresent() && !(hasSid && failure.get() == CallFailure.CANCELED)) {
            return new CallError(failure.get(), message, urlMoreInfo, retryable);
        }
        return hasSid
                ? new DeliveryError(code, message, urlMoreInfo)
                : new TwilioError(code, message, urlMoreInfo, retryable);
    }

    /**
     * What is left of the escalation of an erased task. It is never run again.
     *
     * @param isTaken whether Twilio took the message
     */
    static Escalation erased(String code, boolean isTaken) {
        return restore(code, "The task was erased.", "", Retryable.NO, isTaken);
    }
}
