package io.smstask.tell;

import io.smstask.task.StoreUnavailable;
import io.smstask.task.Subscribers;
import io.smstask.task.Task;
import io.smstask.task.TaskStore;
import io.smstask.task.TaskToken;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Tells how a task ended: resumes the executions that wait for it, and puts the event on the bus. Each is struck off only
 * when the other side has acknowledged it, so all are told at least once; whoever is left is told by the next callback or
 * poll. The task's end itself stands, whatever happens here.
 */
public final class TellSubscribers {

    /** One call takes at most this. */
    private static final Duration LIMIT = Duration.ofSeconds(1);

    /** With less than this no call is begun. */
    private static final Duration LEAST = Duration.ofMillis(100);

    /** Kept for the write that strikes off who was told. */
    private static final Duration STRIKE_OFF = Duration.ofMillis(200);

    private final TaskStore store;
    private final WaitingExecutions executions;
    private final Optional<EventBus> bus;
    private final Clock clock;

    /**
     * @param bus empty where the stack has none: a task that still wants an event goes without
     */
    public TellSubscribers(TaskStore store, WaitingExecutions executions, Optional<EventBus> bus, Clock clock) {
        this.store = store;
        this.executions = executions;
        this.bus = bus;
        this.clock = clock;
    }

    /**
     * Tells whoever is left, if the task has ended.
     *
     * @param task as it stands
     * @param end nothing is under way after this
     */
    public void tell(Task task, Instant end) {
        if (task.isOpen() || task.pollAt().isEmpty()) {
            return;
        }
        Instant told = end.minus(STRIKE_OFF);
        Subscribers left = new Subscribers(notResumed(task, told), event(task, told));
        boolean isDue = !clock.instant().isBefore(task.pollAt().get());
        if (isDue || !left.equals(task.subscribers())) {
            strikeOff(task, left, end);
        }
    }

    private List<TaskToken> notResumed(Task task, Instant end) {
        List<TaskToken> left = new ArrayList<>();
        for (TaskToken token : task.subscribers().tokens()) {
            Duration limit = limit(end);
            if (limit.compareTo(LEAST) < 0 || !executions.resume(token, task, limit)) {
                left.add(token);
            }
        }
        return left;
    }

    private Subscribers.Event event(Task task, Instant end) {
        Subscribers.Event event = task.subscribers().event();
        if (event != Subscribers.Event.WANTED) {
            return event;
        }
        if (bus.isEmpty()) {
            return Subscribers.Event.OFF;
        }
        Duration limit = limit(end);
        return limit.compareTo(LEAST) >= 0 && bus.get().put(task, limit) ? Subscribers.Event.PUT : event;
    }

    /** Whoever came since is refused with this write, and told by the next poll; so is everyone if it fails. */
    private void strikeOff(Task task, Subscribers left, Instant end) {
        try {
            Instant now = clock.instant();
            store.within(Duration.between(now, end)).replace(task, task.told(left, now.truncatedTo(ChronoUnit.MILLIS)));
        } catch (StoreUnavailable e) {
            return;
        }
    }

    private Duration limit(Instant end) {
        Duration rest = Duration.between(clock.instant(), end);
        return rest.compareTo(LIMIT) < 0 ? rest : LIMIT;
    }
}
