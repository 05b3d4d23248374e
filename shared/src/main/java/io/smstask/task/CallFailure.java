package io.smstask.task;

import java.util.Optional;

/** Why a call of Twilio's API gave no usable answer: the codes of the red exit "call error". */
public enum CallFailure {
    /** No connection was made (DNS, TCP or TLS), so the request was never written. */
    CONNECT_FAILED("connect_failed", Retryable.YES, Reason.TEMPORARY),
    /** Twilio did not answer in time. */
    TIMEOUT("timeout", Retryable.UNKNOWN, Reason.UNKNOWN),
    /** The connection broke after the request was written. */
    CONNECTION_LOST("connection_lost", Retryable.UNKNOWN, Reason.UNKNOWN),
    /** The answer is not Twilio's JSON. */
    BAD_ANSWER("bad_answer", Retryable.UNKNOWN, Reason.UNKNOWN),
    /** A 4xx that is not Twilio's JSON, with a status that surely means refusal: nothing was sent. */
    REFUSED("refused", Retryable.NO, Reason.UNKNOWN),
    /** Twilio answered 5xx. */
    SERVER_ERROR("server_error", Retryable.UNKNOWN, Reason.UNKNOWN),
    /** Twilio answered 2xx without a sid or without a status. */
    STATUS_MISSING("status_missing", Retryable.UNKNOWN, Reason.UNKNOWN),
    /** The call's deadline passed and its outcome was never recorded. */
    OUTCOME_UNKNOWN("outcome_unknown", Retryable.UNKNOWN, Reason.UNKNOWN),
    /** Twilio reported no final status before the task's wait ended. */
    STATUS_TIMEOUT("status_timeout", Retryable.UNKNOWN, Reason.UNKNOWN),
    /** The task could not be claimed in time: Twilio was not called. */
    STORE_UNAVAILABLE(StoreUnavailable.CODE, Retryable.YES, Reason.OURS),
    /** The recipient's country is not among those that this stack sends to: Twilio was not called. */
    COUNTRY_NOT_ALLOWED("country_not_allowed", Retryable.NO, Reason.OURS),
    /** The recipient has got as many messages as this stack sends in a window: Twilio was not called. */
    RECIPIENT_LIMIT("recipient_limit", Retryable.YES, Reason.CAPACITY),
    /** A caller cancelled the task, of which surely nothing was sent, before it was run again. */
    CANCELED("canceled", Retryable.NO, Reason.UNKNOWN);

    private final String code;
    private final Retryable retryable;
    private final Reason reason;

    CallFailure(String code, Retryable retryable, Reason reason) {
        this.code = code;
        this.retryable = retryable;
        this.reason = reason;
    }

    /** The {@code code} in JSON and in the table. */
    public String code() {
        return code;
    }

    /** Whether a task with this failure and without a sid may be run again. */
    public Retryable retryable() {
        return retryable;
    }

    /** What kind of error it is. */
    public Reason reason() {
        return reason;
    }

    /** The failure with this code; empty if the code is one of Twilio's. */
    public static Optional<CallFailure> of(String code) {
        for (CallFailure failure : values()) {
            if (failure.code.equals(code)) {
                return Optional.of(failure);
            }
        }
        return Optional.empty();
    }
}
