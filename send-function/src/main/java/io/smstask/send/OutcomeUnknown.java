package io.smstask.send;

import io.smstask.task.CallFailure;

/**
 * The request was or may have been written, but no complete answer came back. Whether Twilio acted on it is unknown, so
 * it must not be repeated.
 */
final class OutcomeUnknown extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final CallFailure failure;

    /** With what became of the answer; the message is free of names, addresses and content. */
    OutcomeUnknown(CallFailure failure, String message) {
        super(message);
        this.failure = failure;
    }

    /** {@code TIMEOUT}, {@code CONNECTION_LOST} or {@code BAD_ANSWER}. */
    CallFailure failure() {
        return failure;
    }
}
