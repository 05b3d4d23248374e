package io.smstask.simulator;

import java.time.Duration;

/**
 * What can go wrong with one message. The message is taken, which means that it has a sid and goes through its statuses
 * whatever the sender is told, except with {@link #HANG}, the two rate limits, {@link #QUOTA} and {@link
 * #REFUSED_IN_TEXT}.
 */
public enum Fault {
    /** All callbacks are posted and answered before the request is. */
    CALLBACKS_BEFORE_ANSWER,
    /** The callbacks are posted in reverse order, the final status first. */
    CALLBACKS_REORDERED,
    /** Each callback is posted twice in a row, with different idempotency tokens. */
    CALLBACKS_DUPLICATED,
    /** No callback is posted; the message still goes through its statuses. */
    CALLBACKS_DROPPED,
    /** The first callback, and so every callback, is late, by default by 5 s. */
    CALLBACKS_DELAYED(Duration.ofSeconds(5)),
    /** The callbacks are signed with a token that no account has. */
    CALLBACKS_SIGNED_WRONG,
    /**
     * The callbacks carry another account's {@code AccountSid} and a valid signature of its token. It is another
     * account of the simulator, or a made-up one if the simulator has only one.
     */
    CALLBACKS_SIGNED_BY_ANOTHER_ACCOUNT,
    /** The message is taken, then the connection is closed without a byte of an answer. */
    ACCEPTED_THEN_CLOSED,
    /** The message is taken; the answer is 500 with Twilio's error 20500. */
    ACCEPTED_THEN_500,
    /** The message is taken; the answer is 502, plain text, as from a proxy. */
    ACCEPTED_THEN_502,
    /** The message is taken; the answer is 503 with Twilio's error 20503. */
    ACCEPTED_THEN_503,
    /** The message is taken; the answer is 200 with a page of HTML. */
    ACCEPTED_THEN_HTML,
    /** 201, but the JSON has no {@code sid}. */
    WITHOUT_SID,
    /** 201, but the JSON has no {@code status}. */
    WITHOUT_STATUS,
    /** The message is not taken; the connection stays open, by default for 60 s, then is closed without an answer. */
    HANG(Duration.ofSeconds(60)),
    /** The message is taken at once; the answer follows, by default 5 s later, then the callbacks. */
    SLOW_ANSWER(Duration.ofSeconds(5)),
    /** The message is not taken: 429 with Twilio's error 20429. */
    RATE_LIMITED,
    /** The message is not taken: 429 with {@code Retry-After} in whole seconds, by default 1. */
    RATE_LIMITED_WITH_RETRY_AFTER(Duration.ofSeconds(1)),
    /** The message is not taken: 429 with Twilio's error 63038, the account's daily limit. */
    QUOTA,
    /** The message is not taken: 451, plain text, as from a proxy. */
    REFUSED_IN_TEXT,
    /**
     * The port is closed, by default for 2 s, and open connections are cut. By rate, the message is taken and answered
     * first; requested as the next fault, the port closes at once.
     */
    CONNECTION_REFUSED(Duration.ofSeconds(2)),
    /**
     * The message is taken, but a {@code GET} of it is answered 404, by default for 60 s; the list of messages shows
     * it.
     */
    READ_NOT_FOUND(Duration.ofSeconds(60)),
    /**
     * The message is taken. The request that cancels it, if one does, is not answered: the connection is closed, as
     * after {@link #ACCEPTED_THEN_CLOSED}.
     */
    CANCELED_THEN_CLOSED;

    private final Duration time;

    Fault() {
        this(Duration.ZERO);
    }

    Fault(Duration time) {
        this.time = time;
    }

    /** {@return its default time; zero if it has no time} */
    public Duration time() {
        return time;
    }

    SimulatedAnswer answer(Duration lasting) {
        return switch (this) {
            case ACCEPTED_THEN_CLOSED -> SimulatedAnswer.acceptThen(SimulatedAnswer.closeWithoutAnswer());
            case ACCEPTED_THEN_500 -> SimulatedAnswer.acceptThen(SimulatedAnswer.error(ApiError.INTERNAL));
            case ACCEPTED_THEN_502 ->
                SimulatedAnswer.acceptThen(SimulatedAnswer.httpError(502, "text/plain", "Bad gateway"));
            case ACCEPTED_THEN_503 -> SimulatedAnswer.acceptThen(SimulatedAnswer.error(ApiError.UNAVAILABLE));
            case ACCEPTED_THEN_HTML ->
                SimulatedAnswer.acceptThen(
                        SimulatedAnswer.httpError(200, "text/html", "<!doctype html><title>Welcome</title>"));
            case WITHOUT_SID -> SimulatedAnswer.withoutSid();
            case WITHOUT_STATUS -> SimulatedAnswer.withoutStatus();
            case HANG -> SimulatedAnswer.hang(lasting);
            case SLOW_ANSWER -> SimulatedAnswer.slow(lasting, SimulatedAnswer.created());
            case RATE_LIMITED -> SimulatedAnswer.rateLimited();
            // Rounded up: a client that waits that long must not come too early.
            case RATE_LIMITED_WITH_RETRY_AFTER -> SimulatedAnswer.rateLimited(lasting.plusMillis(999));
            case QUOTA -> SimulatedAnswer.error(ApiError.DAILY_LIMIT);
            case REFUSED_IN_TEXT -> SimulatedAnswer.httpError(451, "text/plain", "Unavailable for legal reasons");
            case CALLBACKS_BEFORE_ANSWER,
                    CALLBACKS_REORDERED,
                    CALLBACKS_DUPLICATED,
                    CALLBACKS_DROPPED,
                    CALLBACKS_DELAYED,
                    CALLBACKS_SIGNED_WRONG,
                    CALLBACKS_SIGNED_BY_ANOTHER_ACCOUNT,
                    CONNECTION_REFUSED,
                    READ_NOT_FOUND,
                    CANCELED_THEN_CLOSED -> SimulatedAnswer.created();
        };
    }

    CallbackPlan plan(CallbackPlan usual, Duration lasting) {
        return switch (this) {
            case CALLBACKS_BEFORE_ANSWER -> usual.hastened();
            case CALLBACKS_REORDERED -> usual.reversed();
            case CALLBACKS_DUPLICATED -> usual.doubled();
            case CALLBACKS_DROPPED -> usual.unposted();
            case CALLBACKS_DELAYED -> usual.delayed(lasting);
            case CALLBACKS_SIGNED_WRONG -> usual.signed(CallbackPlan.Signing.WRONG);
            case CALLBACKS_SIGNED_BY_ANOTHER_ACCOUNT -> usual.signed(CallbackPlan.Signing.ANOTHER_ACCOUNT);
            case ACCEPTED_THEN_CLOSED,
                    ACCEPTED_THEN_500,
                    ACCEPTED_THEN_502,
                    ACCEPTED_THEN_503,
                    ACCEPTED_THEN_HTML,
                    WITHOUT_SID,
                    WITHOUT_STATUS,
                    HANG,
                    SLOW_ANSWER,
                    RATE_LIMITED,
                    RATE_LIMITED_WITH_RETRY_AFTER,
                    QUOTA,
                    REFUSED_IN_TEXT,
                    CONNECTION_REFUSED,
                    READ_NOT_FOUND,
                    CANCELED_THEN_CLOSED -> usual;
        };
    }
}
