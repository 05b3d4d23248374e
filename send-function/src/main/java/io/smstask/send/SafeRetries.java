package io.smstask.send;

import io.smstask.task.Sms;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/**
 * Sends one message, at most once. A request is repeated only if surely nothing was sent: after a rate limit, if no
 * connection was made, and once after a {@code 401} if the stack's credentials have changed since they were read.
 */
final class SafeRetries {

    /** The time limit of all requests and the waits between them. */
    static final Duration LIMIT = Duration.ofSeconds(15);

    /** The time that must be left to record the outcome. */
    static final Duration KEPT_FOR_RECORD = Duration.ofMillis(4500);

    /** With less time left, no request is begun. */
    static final Duration LEAST = Duration.ofSeconds(1);

    private static final Duration FIRST_BACKOFF = Duration.ofMillis(100);

    private final SmsGateway gateway;
    private final Duration secretLimit;
    private final Clock clock;
    private final Pause pause;
    private final DoubleSupplier jitter;

    /** Waits; a test's pause moves its clock instead. */
    @FunctionalInterface
    interface Pause {
        void of(Duration duration);
    }

    /** The last answer, and the account with the credentials that got it. */
    record Answered(TwilioAnswer answer, SendingAccount account) {}

    /**
     * @param secretLimit how long reading the stack's secret may take
     * @param jitter numbers from 0 to 1
     */
    SafeRetries(SmsGateway gateway, Duration secretLimit, Clock clock, Pause pause, DoubleSupplier jitter) {
        this.gateway = gateway;
        this.secretLimit = secretLimit;
        this.clock = clock;
        this.pause = pause;
        this.jitter = jitter;
    }

    /** Whether enough time is left to call Twilio and to record the outcome. */
    boolean hasTime(Deadline deadline) {
        return patience(clock.instant().plus(LIMIT), deadline).compareTo(LEAST) >= 0;
    }

    /** Sends, within the time that is left. */
    Answered send(Sms sms, SendingAccount account, String statusCallback, Deadline deadline) {
        Instant end = clock.instant().plus(LIMIT);
        Duration backoff = FIRST_BACKOFF;
        SendingAccount current = account;
        boolean mayReadAgain = true;
        while (true) {
            TwilioAnswer answer = gateway.send(sms, current.credentials(), statusCallback, patience(end, deadline));
            if (answer instanceof TwilioAnswer.NotSent notSent) {
                // Twilio may ask for a wait of 0, again and again.
                Duration wait = longer(notSent.retryAfter().orElse(Duration.ZERO), jittered(backoff));
                if (wait.plus(LEAST).compareTo(patience(end, deadline)) > 0) {
                    return new Answered(answer, current);
                }
                pause.of(wait);
                backoff = backoff.multipliedBy(2);
            } else if (mayReadAgain && isUnauthorized(answer) && hasTimeToReadAgain(end, deadline)) {
                mayReadAgain = false;
                Optional<SendingAccount> changed = current.readAgain();
                if (changed.isEmpty()) {
                    return new Answered(answer, current);
                }
                current = changed.get();
            } else {
                return new Answered(answer, current);
            }
        }
    }

    private boolean hasTimeToReadAgain(Instant end, Deadline deadline) {
        return patience(end, deadline).compareTo(secretLimit.plus(LEAST)) >= 0;
    }

    private Duration patience(Instant end, Deadline deadline) {
        Duration ours = Duration.between(clock.instant(), end);
        Duration lambdas = deadline.remaining().minus(KEPT_FOR_RECORD);
        return ours.compareTo(lambdas) < 0 ? ours : lambdas;
    }

    /** Plus or minus ten per cent, so that many callers do not come back at once. */
    private Duration jittered(Duration backoff) {
        return Duration.ofMillis(Math.round(backoff.toMillis() * (0.9 + 0.2 * jitter.getAsDouble())));
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    private static boolean isUnauthorized(TwilioAnswer answer) {
        return answer instanceof TwilioAnswer.Refused refused && refused.isUnauthorized();
    }
}
