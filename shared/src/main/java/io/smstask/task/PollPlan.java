package io.smstask.task;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * When a task is polled again, if no callback comes first. The wait grows with the task's age, so no counter is needed:
 * a message sent a minute ago is polled soon, one queued for hours seldom. The last poll is at {@link Task#dueAt()}.
 */
final class PollPlan {

    /**
     * After this a callback counts as overdue; Twilio's take seconds. Longer than {@link Match#AGE}, so that the first
     * poll may match.
     */
    static final Duration SOONEST = Duration.ofMinutes(10);

    static final Duration LATEST = Duration.ofHours(6);

    /**
     * The function that ends a task notifies its subscribers at once; after this, the poll notifies those that it
     * missed.
     */
    static final Duration SOONEST_TELLING = Duration.ofSeconds(10);

    private PollPlan() {}

    /**
     * When to poll a task next; empty if it is done and nobody is left to notify.
     *
     * @param at now
     */
    static Optional<Instant> after(Task task, Instant at) {
        if (!task.isOpen()) {
            return task.subscribers().isEmpty()
                    ? Optional.empty()
                    : Optional.of(later(at, SOONEST_TELLING, task.updatedAt()));
        }
        // For a further attempt, only the end of the call is stored.
        Instant since =
                task.claim().attempt() == 1 ? task.createdAt() : task.claim().callDeadline();
        Instant next = later(at, SOONEST, since);
        Instant last = task.dueAt().isAfter(at) ? task.dueAt() : at;
        return Optional.of(next.isBefore(last) ? next : last);
    }

    /** Waits half of the time that has passed since then, within bounds. */
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
