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

    /** Whoever ended the task tells its subscribers at once; this is for what that left over. */
    static final Duration SOONEST_TELLING = Duration.ofSeconds(10);

    private PollPlan() {}

    /**
     * The next look at a task as it stands; empty if it is done, and nobody is left to be told.
     *
     * @param at now
     */
    static Optional<Instant> after(Task task, Instant at) {
        if (!task.isOpen()) {
            return task.subscribers().isEmpty()
                    ? Optional.empty()
                    : Optional.of(later(at, SOONEST_TELLING, task.updatedAt()));
        }
        // Of a further attempt only the end of the call is stored.
        Instant since =
                task.claim().attempt() == 1 ? task.createdAt() : task.claim().callDeadline();
        Instant next = later(at, SOONEST, since);
        Instant last = task.dueAt().isAfter(at) ? task.dueAt() : at;
        return Optional.of(next.isBefore(last) ? next : last);
    }

    /** Half as long again as it has taken since then, within bounds. */
    private static Instant later(Instant at, Duration soonest, Instant since) {
        Duration half = Duration.between(since, at).dividedBy(2);
        return at.plus(longer(soonest, shorter(half, LATEST)));
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
