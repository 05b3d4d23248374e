package io.smstask.testing;

import io.smstask.task.MessageSid;
import io.smstask.task.PollKind;
import io.smstask.task.StoreUnavailable;
import io.smstask.task.Task;
import io.smstask.task.TaskId;
import io.smstask.task.TaskIndex;
import io.smstask.task.TaskStore;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;

/** A store that records its calls, and runs a test's action just before it answers one. */
public final class FaultyStore implements TaskStore, TaskIndex {

    /** The calls that a test can intercept. */
    public enum Call {
        CLAIM,
        CLAIM_AGAIN,
        WRITE,
        FIND,
        FIND_BY_SID,
        DUE,
        NEIGHBOURS,
        RESCHEDULE
    }

    private volatile InMemoryTaskStore store = new InMemoryTaskStore();
    private final Map<Call, Queue<Runnable>> before = new EnumMap<>(Call.class);
    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private final List<Duration> steps = new CopyOnWriteArrayList<>();

    public FaultyStore() {
        for (Call call : Call.values()) {
            before.put(call, new ConcurrentLinkedQueue<>());
        }
    }

    /** Runs an action before the next such call without one. */
    public void before(Call call, Runnable what) {
        before.get(call).add(what);
    }

    /** Makes the next such call fail without effect. */
    public void failOnce(Call call) {
        before(call, () -> {
            throw new StoreUnavailable("the test's store does not answer");
        });
    }

    /** Deletes all tasks, as DynamoDB's time to live does. */
    public void forgetAll() {
        store = new InMemoryTaskStore();
    }

    /** The calls so far, oldest first. */
    public List<Call> calls() {
        return List.copyOf(calls);
    }

    /** The store behind this one: it neither records calls nor runs actions. */
    public InMemoryTaskStore undisturbed() {
        return store;
    }

    /** The time limits that were asked for, oldest first. */
    public List<Duration> steps() {
        return List.copyOf(steps);
    }

    @Override
    public TaskStore within(Duration limit) {
        steps.add(limit);
        return this;
    }

    @Override
    public ClaimResult claim(Task task) {
        enter(Call.CLAIM);
        return store.claim(task);
    }

    @Override
    public ClaimResult claimAgain(Task seen, Task again) {
        enter(Call.CLAIM_AGAIN);
        return store.claimAgain(seen, again);
    }

    @Override
    public WriteResult replace(Task seen, Task next) {
        enter(Call.WRITE);
        return store.replace(seen, next);
    }

    @Override
    public Optional<Task> find(TaskId id) {
        enter(Call.FIND);
        return store.find(id);
    }

    @Override
    public Optional<TaskId> bySid(MessageSid sid) {
        enter(Call.FIND_BY_SID);
        return store.bySid(sid);
    }

    @Override
    public List<Iterator<Due>> due(PollKind kind, Instant now, BooleanSupplier isTime) {
        enter(Call.DUE);
        return store.due(kind, now, isTime);
    }

    @Override
    public List<TaskId> neighbours(String matchKey, Instant from, Instant until, int limit) {
        enter(Call.NEIGHBOURS);
        return store.neighbours(matchKey, from, until, limit);
    }

    @Override
    public Rescheduled reschedule(TaskId id, BigDecimal seen, Instant to) {
        enter(Call.RESCHEDULE);
        return store.reschedule(id, seen, to);
    }

    private void enter(Call call) {
        calls.add(call);
        Runnable next = before.get(call).poll();
        if (next != null) {
            next.run();
        }
    }
}
