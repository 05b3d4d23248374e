package io.smstask.task;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * When somebody looks at a task again, if no callback comes first. The wait grows with the task's age, so no counter is
 * needed: a message that was sent a minute ago is asked for soon, one that has been queued for hours seldom. The last look
 * is at {@link Task#dueAt()}.
 */
final class PollPlan {

    /** A callback is overdue after this; Twilio's own callbacks take seconds. No {@link Match} is tried much sooner. */
    static final Duration SOONEST = Duration.ofMinutes(10);

    static final Duration LATEST = Duration.ofHours(6);

    private PollPlan() {}

    /**
     * The next look at a task as it stands; empty if it is done.
     *
     * @param at now
     */
    static Optional<Instant> after(Task task, Instant at) {
        if (!task.isOpen()) {
            return Optional.empty();
        }
        Duration halfItsAge = Duration.between(task.createdAt(), at).dividedBy(2);
        Instant next = at.plus(longer(SOONEST, shorter(halfItsAge, LATEST)));
        Instant last = task.dueAt().isAfter(at) ? task.dueAt() : at;
        return Optional.of(next.isBefore(last) ? next : last);
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
