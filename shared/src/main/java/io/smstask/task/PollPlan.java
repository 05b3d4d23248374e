package io.smstask.task;

import java.time.Duration;
import java.time.Instant;

/**
 * When a task is polled again, if no callback comes first. The wait grows with the task's age, so no counter is needed:
 * a message sent a minute ago is polled soon, one queued for hours seldom. The last poll is at {@link Task#dueAt()}.
 */
final class PollPlan {

    /**
     * After this a callback counts as overdue; Twilio's take seconds. Longer than {@link Match#AGE}, so that the first
     * poll may match, and longer than {@link #KEPT}, so that callbacks that come in quick succession leave it in place.
     */
    static final Duration SOONEST = Duration.ofMinutes(15);

    /** A callback leaves a planned look in place if it is at least this far ahead: each move is two writes of the index. */
    static final Duration KEPT = Duration.ofMinutes(10);

    static final Duration LATEST = Duration.ofHours(6);

    /**
     * The function that ends a task notifies its subscribers at once; after this, the poll notifies those that it
     * missed.
     */
    static final Duration SOONEST_TELLING = Duration.ofSeconds(10);

    private PollPlan() {}

    /**
     * When to look next for an open task.
     *
     * @param since when its message was sent
     * @param dueAt {@link Task#dueAt()}
     * @param at now
     */
    static Instant next(Instant since, Instant dueAt, Instant at) {
        Instant next = later(at, SOONEST, since);
        Instant last = dueAt.isAfter(at) ? dueAt : at;
        return next.isBefore(last) ? next : last;
    }

    /** When to notify the subscribers of a task next that ended then. */
    static Instant nextTelling(Instant endedAt, Instant at) {
        return later(at, SOONEST_TELLING, endedAt);
    }

    /** Waits half of the time that has passed since then, within bounds. */
    private static Instant later(Instant at, Duration soonest, Instant since) {
        // Duration.dividedBy would load BigDecimal, on the way to a first answer.
        Duration half = Duration.ofMillis(Duration.between(since, at).toMillis() / 2);
        return at.plus(longer(soonest, shorter(half, LATEST)));
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
