package io.smstask.lambda;

import io.smstask.task.Misconfigured;
import io.smstask.task.StoreUnavailable;
import java.util.Locale;
import java.util.Optional;

/** What CloudWatch counts from the log lines. The names are those of the lines' fields; docs/operations.md explains them. */
public enum Metric {
    /** Messages that Twilio took. */
    ACCEPTED,
    /** What they take in SMS, and so in money; one if Twilio does not say. */
    SEGMENTS,
    /** From the call to send to Twilio's acceptance. */
    TIME_TO_ACCEPTED("Milliseconds"),
    /** Calls that ended without an SMS, by reason. */
    REFUSED(true),
    /** Tasks that a brake of this stack stopped, by reason. */
    STOPPED(true),
    /** Calls after which an SMS may have been sent or not, by reason. */
    UNKNOWN_OUTCOMES(true),
    /** Calls that Twilio did not answer, or not with JSON of its own. */
    CALL_ERRORS,
    /** Sent, and the store does not know. */
    NOT_RECORDED,
    /** The table did not answer in time, or refused for now. */
    STORE_UNAVAILABLE,
    /** The table or the credentials cannot be used until somebody corrects the configuration. */
    MISCONFIGURED,

    /** Messages of the queue that send-function made dead letters. */
    DEAD_LETTERS,

    CALLBACKS_APPLIED,
    CALLBACKS_LATE,
    CALLBACKS_DUPLICATE,
    CALLBACKS_CONFLICT,
    /** With a right key and without Twilio's signature, by kind. */
    CALLBACKS_FORGED(true),
    /** That need no key to be refused, by kind. */
    CALLBACKS_REFUSED(true),
    /** That Twilio must repeat. */
    CALLBACKS_UNAVAILABLE,

    /** Tasks that ended green. */
    DELIVERED,
    /** Tasks that Twilio took and that ended red, by reason. */
    UNDELIVERED(true),
    /** Tasks that ended, green or red, after Twilio took them. */
    TASKS_ENDED,
    /** From the claim to the end. */
    TIME_TO_FINAL("Milliseconds"),

    /** Tasks that the poll found due, by what they need. */
    DUE_TELL,
    DUE_END,
    DUE_LOOK,
    /** How long the first of them has been due; missing where a run could not know, or the queue took nothing. */
    OLDEST_SECONDS("Seconds"),
    /** Tasks that went to the queue. */
    LEASED,
    /** Runs that leased nothing since the queue is behind. */
    QUEUE_BEHIND,
    /** Tasks that Twilio was asked for. */
    LOOKED,
    /** Tasks with a sid that were polled before any callback had come. */
    NO_CALLBACK,
    MOVED,
    ENDED,
    TOLD,
    PUT_OFF,
    SET_ASIDE,
    FAILED;

    private final String unit;
    private final boolean isByReason;

    Metric() {
        this("Count", false);
    }

    Metric(String unit) {
        this(unit, false);
    }

    Metric(boolean isByReason) {
        this("Count", isByReason);
    }

    Metric(String unit, boolean isByReason) {
        this.unit = unit;
        this.isByReason = isByReason;
    }

    /** The metric of a call of AWS that failed with this code of ours, if there is one. */
    public static Optional<Metric> ofOutage(String code) {
        return switch (code) {
            case StoreUnavailable.CODE -> Optional.of(STORE_UNAVAILABLE);
            case Misconfigured.CODE -> Optional.of(MISCONFIGURED);
            default -> Optional.empty();
        };
    }

    /** The name at CloudWatch, and of the field in the line. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** CloudWatch's word for the unit. */
    public String unit() {
        return unit;
    }

    /** Whether CloudWatch also counts it apart for each reason. */
    public boolean isByReason() {
        return isByReason;
    }
}
