package io.smstask.tell;

import io.smstask.aws.AwsClients;
import io.smstask.lambda.FailureCounts;
import io.smstask.settings.Settings;
import io.smstask.task.StoreUnavailable;
import io.smstask.task.Subscribers;
import io.smstask.task.Task;
import io.smstask.task.TaskStore;
import io.smstask.task.TaskStore.WriteResult;
import io.smstask.task.TaskToken;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Notifies the subscribers of a task's end: resumes the executions that wait for it, and puts the event on the bus. A
 * subscriber is removed only after the other side has acknowledged, so each is notified at least once; the next callback or
 * poll notifies those that are left. A failure here does not change the task's end.
 */
public final class TellSubscribers {

    /** The limit of one call. */
    private static final Duration LIMIT = Duration.ofSeconds(1);

    /** No call begins with less time than this. */
    private static final Duration LEAST = Duration.ofMillis(100);

    /** Kept for the write that strikes off who was told. */
    private static final Duration STRIKE_OFF = Duration.ofMillis(200);

    /** How often the strike-off is tried if more subscribers are added meanwhile. */
    private static final int TRIES = 3;

    private final TaskStore store;
    private final WaitingExecutions executions;
    private final Optional<EventBus> bus;
    private final Clock clock;

    /** For a stack without an event bus: events that tasks still want are dropped. */
    public TellSubscribers(TaskStore store, WaitingExecutions executions, Clock clock) {
        this.store = store;
        this.executions = executions;
        this.bus = Optional.empty();
        this.clock = clock;
    }

    /** For a stack with an event bus. */
    public TellSubscribers(TaskStore store, WaitingExecutions executions, EventBus bus, Clock clock) {
        this.store = store;
        this.executions = executions;
        this.bus = Optional.of(bus);
        this.clock = clock;
    }

    /** Notifies by Step Functions and, if the stack has an event bus, by EventBridge. */
    public static TellSubscribers by(
            AwsClients aws, Settings settings, TaskStore store, FailureCounts failures, Clock clock) {
        WaitingExecutions executions = new StepFunctions(aws.stepFunctions(), failures);
        Optional<String> bus = settings.eventBus();
        return bus.isEmpty()
                ? new TellSubscribers(store, executions, clock)
                : new TellSubscribers(
                        store,
                        executions,
                        new EventBridge(aws.eventBridge(), bus.get(), settings.hasEventsWithPersonalData(), failures),
                        clock);
    }

    /**
     * Notifies the subscribers that are left, if the task has ended.
     *
     * @param task as it stands
     * @param end when the last call must be over
     * @return false if a subscriber could not be notified
     */
    public boolean tell(Task task, Instant end) {
        return tell(task, true, true, end).isEmpty();
    }

    /**
     * As above, for a caller that knows that Step Functions or the bus does not answer.
     *
     * @param byToken whether executions are resumed
     * @param byEvent whether the event is put on the bus
     * @return who is left
     */
    public Subscribers tell(Task task, boolean byToken, boolean byEvent, Instant end) {
        if (task.isOpen() || task.pollAt().isEmpty()) {
            return Subscribers.NOBODY;
        }
        Instant told = end.minus(STRIKE_OFF);
        Subscribers left = new Subscribers(
                byToken ? notResumed(task, told) : task.subscribers().tokens(),
                byEvent ? event(task, told) : task.subscribers().event());
        boolean isDue = !clock.instant().isBefore(task.pollAt().get());
        boolean isTold = left.event() != task.subscribers().event()
                || !left.tokens().equals(task.subscribers().tokens());
        if (isDue || isTold) {
            strikeOff(task, left, end);
        }
        return left;
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

    /** Subscribers added meanwhile stay, and the next poll notifies them. If the write fails, it notifies all again. */
    private void strikeOff(Task task, Subscribers left, Instant end) {
        try {
            Instant now = clock.instant();
            TaskStore limited = store.within(Duration.between(now, end));
            Instant at = now.truncatedTo(ChronoUnit.MILLIS);
            Task seen = task;
            WriteResult written = limited.replace(seen, seen.told(left, at));
            for (int i = 1; i < TRIES && isWaitedForByMore(seen, written); i++) {
                seen = written.stored().get();
                written = limited.replace(seen, seen.told(left(task, left, seen.subscribers()), at));
            }
        } catch (StoreUnavailable e) {
            return;
        }
    }

    private static boolean isWaitedForByMore(Task seen, WriteResult written) {
        return !written.isWritten()
                && written.stored().isPresent()
                && written.stored().get().standing().equals(seen.standing());
    }

    /** Those who wait now, except who was notified. */
    private static Subscribers left(Task task, Subscribers left, Subscribers now) {
        List<TaskToken> tokens = new ArrayList<>();
        for (TaskToken token : now.tokens()) {
            if (left.tokens().contains(token) || !task.subscribers().tokens().contains(token)) {
                tokens.add(token);
            }
        }
        return new Subscribers(tokens, left.event());
    }

    private Duration limit(Instant end) {
        Duration rest = Duration.between(clock.instant(), end);
        return rest.compareTo(LIMIT) < 0 ? rest : LIMIT;
    }
}
