package io.smstask.testing;

import io.smstask.task.Match;
import io.smstask.task.MessageSid;
import io.smstask.task.PollKind;
import io.smstask.task.Subscribers;
import io.smstask.task.Task;
import io.smstask.task.TaskId;
import io.smstask.task.TaskIndex;
import io.smstask.task.TaskStore;
import io.smstask.task.TaskToken;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

/** The task store and its index in memory, for tests of the use cases. They pass the same contract as the real ones. */
public final class InMemoryTaskStore implements TaskStore, TaskIndex {

    private final Map<TaskId, Task> tasks = new ConcurrentHashMap<>();

    @Override
    public synchronized ClaimResult claim(Task task) {
        Task stored = tasks.putIfAbsent(task.id(), task);
        return stored == null ? new ClaimResult.Claimed(task) : claimed(stored, task);
    }

    @Override
    public synchronized ClaimResult claimAgain(Task seen, Task again) {
        Task stored = tasks.get(again.id());
        if (stored == null) {
            return claim(again);
        }
        if (!seen.mayRunAgain() || !isSeen(seen, stored)) {
            return claimed(stored, again);
        }
        Task claimed = again.writtenOver(seen);
        tasks.put(again.id(), claimed);
        return new ClaimResult.Claimed(claimed);
    }

    private static boolean isSeen(Task seen, Task stored) {
        return stored.claim().id().equals(seen.claim().id()) && stored.revision() == seen.revision();
    }

    private static ClaimResult claimed(Task stored, Task mine) {
        return stored.claim().id().equals(mine.claim().id())
                ? new ClaimResult.Claimed(stored)
                : new ClaimResult.Taken(stored);
    }

    @Override
    public synchronized WriteResult replace(Task seen, Task next) {
        if (next.equals(seen)) {
            return new WriteResult.Written(seen);
        }
        Task now = tasks.get(seen.id());
        if (now == null) {
            return new WriteResult.Gone();
        }
        Task after = next.writtenOver(seen);
        if (isSeen(seen, now)) {
            tasks.put(now.id(), after);
            return new WriteResult.Written(after);
        }
        return next.isWrittenIn(now, seen) ? new WriteResult.Written(now) : new WriteResult.Overtaken(now);
    }

    /**
     * Lets an execution wait for a task, as the state machine does with an update of its own.
     *
     * @return whether it waits now: false if there is no such task, it is done, or {@link Subscribers#MOST_TOKENS} wait
     *     already
     */
    public synchronized boolean register(TaskId id, TaskToken token) {
        Task now = tasks.get(id);
        if (now == null || now.pollAt().isEmpty() || now.subscribers().tokens().size() >= Subscribers.MOST_TOKENS) {
            return false;
        }
        List<TaskToken> waiting = new ArrayList<>(now.subscribers().tokens());
        waiting.add(token);
        tasks.put(
                id,
                now.with(new Subscribers(waiting, now.subscribers().event())).writtenOver(now));
        return true;
    }

    /** Deletes a task, as DynamoDB's time to live does. */
    public void forget(TaskId id) {
        tasks.remove(id);
    }

    @Override
    public Optional<Task> find(TaskId id) {
        return Optional.ofNullable(tasks.get(id));
    }

    @Override
    public Optional<TaskId> bySid(MessageSid sid) {
        return tasks.values().stream()
                .filter(task -> task.sid().isPresent() && task.sid().get().equals(sid))
                .map(Task::id)
                .findFirst();
    }

    @Override
    public List<Iterator<Due>> due(PollKind kind, Instant now, BooleanSupplier isTime) {
        return List.of(tasks.values().stream()
                .filter(task -> task.pollKind() == kind && isToBePolled(task, now))
                .map(task -> new Due(task.id(), pollAt(task)))
                .sorted(Comparator.comparing(Due::pollAt))
                .takeWhile(task -> isTime.getAsBoolean())
                .iterator());
    }

    @Override
    public List<TaskId> neighbours(String matchKey, Instant from, Instant until, int limit) {
        return tasks.values().stream()
                .filter(task -> Match.key(task.sms()).equals(matchKey)
                        && !task.claim().callDeadline().isBefore(from)
                        && !task.claim().callDeadline().isAfter(until))
                .limit(limit)
                .map(Task::id)
                .toList();
    }

    @Override
    public synchronized Rescheduled reschedule(TaskId id, BigDecimal seen, Instant to) {
        Task now = tasks.get(id);
        if (now == null || now.pollAt().isEmpty()) {
            return new Rescheduled.Overtaken();
        }
        if (pollAt(now).compareTo(seen) == 0) {
            tasks.put(id, now.polledAt(to).writtenOver(now));
        } else if (!now.pollAt().get().equals(to)) {
            return new Rescheduled.Overtaken();
        }
        return new Rescheduled.Moved(Optional.of(now.sms().account()), Optional.of(now.dueAt()));
    }

    private static BigDecimal pollAt(Task task) {
        return BigDecimal.valueOf(task.pollAt().orElseThrow().toEpochMilli());
    }

    private static boolean isToBePolled(Task task, Instant now) {
        return task.pollAt().isPresent() && !task.pollAt().get().isAfter(now);
    }
}
