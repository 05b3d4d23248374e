package io.smstask.simulator;

import java.time.Duration;

/**
 * What can go wrong with one message, one constant each. All but {@link #HANG}, the two rate limits, {@link #QUOTA} and
 * {@link #REFUSED_IN_TEXT} take the message: it has a sid and goes through its statuses, whatever its sender hears.
 */
public enum Fault {
    /** All callbacks are posted and answered before the request is. */
    CALLBACKS_BEFORE_ANSWER,
    /** The callbacks come in reverse order, the final status first. */
    CALLBACKS_REORDERED,
    /** Each callback comes twice in a row, each time with an idempotency token of its own. */
    CALLBACKS_DUPLICATED,
    /** No callback is posted; the message goes through its statuses all the same. */
    CALLBACKS_DROPPED,
    /** The first callback, and so all of them, come later; usually by 5 s. */
    CALLBACKS_DELAYED(Duration.ofSeconds(5)),
    /** The callbacks are signed with a token that no account has. */
    CALLBACKS_SIGNED_WRONG,
    /**
     * The callbacks are those of another account: its {@code AccountSid}, and a signature that is valid for its token.
     * That is the simulator's next other account, or a stranger where it has only one.
     */
    CALLBACKS_SIGNED_BY_ANOTHER_ACCOUNT,
    /** The message is taken, then the connection closed without a byte of an answer. */
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
    /** The message is not taken; the connection stays open, usually for 60 s, and is closed without an answer. */
    HANG(Duration.ofSeconds(60)),
    /** The message is taken at once, the answer usually comes 5 s later, and its callbacks after that. */
    SLOW_ANSWER(Duration.ofSeconds(5)),
    /** The message is not taken: 429 with Twilio's error 20429. */
    RATE_LIMITED,
    /** The message is not taken: 429 with a {@code Retry-After} in whole seconds, usually 1. */
    RATE_LIMITED_WITH_RETRY_AFTER(Duration.ofSeconds(1)),
    /** The message is not taken: 429 with Twilio's error 63038, the account's daily limit. */
    QUOTA,
    /** The message is not taken: 451, plain text, as from a proxy. */
    REFUSED_IN_TEXT,
    /**
     * The listening port is closed, usually for 2 s, and connections that are open are cut. By rate, the message is taken
     * and answered first; when asked for as the next fault, the port closes at once.
     */
    CONNECTION_REFUSED(Duration.ofSeconds(2)),
    /** The message is taken, but a {@code GET} of it is 404, usually for 60 s; the list of messages shows it. */
    READ_NOT_FOUND(Duration.ofSeconds(60));

    private final Duration time;

    Fault() {
        this(Duration.ZERO);
    }

    Fault(Duration time) {
        this.time = time;
    }

    /** {@return how long it usually takes; zero where no time belongs to it} */
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
            // Rounded up: who waits as long as told must not come too early.
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
                    READ_NOT_FOUND -> SimulatedAnswer.created();
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
                    READ_NOT_FOUND -> usual;
        };
    }
}
