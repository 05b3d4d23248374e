package io.smstask.poll;

import io.smstask.task.MessageSid;
import io.smstask.task.PollKind;
import io.smstask.task.Task;
import io.smstask.task.TaskId;
import io.smstask.task.TaskIndex;
import io.smstask.task.TaskStore;
import io.smstask.task.UnreadableTask;
import io.smstask.testing.InMemoryTaskStore;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The store in memory with an index in order, for many tasks at once. Tasks that are done are forgotten: nothing reads them
 * any more.
 */
final class SimulatedStore implements TaskIndex {

    private final InMemoryTaskStore store = new InMemoryTaskStore();
    private final Map<PollKind, NavigableSet<Due>> due = new EnumMap<>(PollKind.class);

    /** Items that are no tasks any more. */
    final Set<TaskId> unreadable = new HashSet<>();

    /** Items that take no write. */
    final Set<TaskId> refusing = new HashSet<>();

    SimulatedStore() {
        for (PollKind kind : PollKind.values()) {
            due.put(
                    kind,
                    new TreeSet<>(Comparator.comparing(Due::pollAt)
                            .thenComparing(task -> task.id().value())));
        }
    }

    /** What a worker or the dispatcher sees of it. */
    interface Watcher {

        /** A call of the store takes its time. */
        void called();

        /** A task was written. */
        default void written(Task before, Task after) {}
    }

    void add(Task task) {
        store.claim(task);
        reindex(null, task);
    }

    /** Writes by somebody else than the poll. */
    void move(Task task, Task next) {
        reindex(task, store.replace(task, next).stored().orElseThrow());
    }

    Task task(TaskId id) {
        return store.find(id).orElseThrow();
    }

    /** How many tasks are not done, poisoned ones included. */
    int size() {
        int size = 0;
        for (NavigableSet<Due> tasks : due.values()) {
            size += tasks.size();
        }
        return size;
    }

    private void reindex(@Nullable Task before, Task after) {
        if (before != null) {
            due(before).ifPresent(due.get(before.pollKind())::remove);
        }
        Optional<Due> next = due(after);
        if (next.isPresent()) {
            due.get(after.pollKind()).add(next.get());
        } else {
            store.forget(after.id());
        }
    }

    private static Optional<Due> due(Task task) {
        return task.pollAt().map(at -> new Due(task.id(), BigDecimal.valueOf(at.toEpochMilli())));
    }

    @Override
    public List<Iterator<Due>> due(PollKind kind, Instant now, BooleanSupplier isTime) {
        NavigableSet<Due> tasks = due.get(kind);
        BigDecimal until = BigDecimal.valueOf(now.toEpochMilli());
        return List.of(new Iterator<>() {
            private @Nullable Due last;

            private @Nullable Due head() {
                if (tasks.isEmpty()) {
                    return null;
                }
                Due head = last == null ? tasks.first() : tasks.higher(last);
                return head == null || head.pollAt().compareTo(until) > 0 ? null : head;
            }

            @Override
            public boolean hasNext() {
                return isTime.getAsBoolean() && head() != null;
            }

            @Override
            public Due next() {
                Due head = head();
                if (head == null) {
                    throw new NoSuchElementException("no task is due");
                }
                last = head;
                return head;
            }
        });
    }

    @Override
    public Optional<TaskId> bySid(MessageSid sid) {
        throw new UnsupportedOperationException("every simulated task knows its message");
    }

    @Override
    public List<TaskId> neighbours(String matchKey, Instant from, Instant until, int limit) {
        throw new UnsupportedOperationException("every simulated task knows its message");
    }

    TaskStore watchedBy(Watcher watcher) {
        return new Watched(watcher);
    }

    private final class Watched implements TaskStore {

        private final Watcher watcher;

        Watched(Watcher watcher) {
            this.watcher = watcher;
        }

        @Override
        public ClaimResult claim(Task task) {
            throw new UnsupportedOperationException("the poll claims nothing");
        }

        @Override
        public ClaimResult claimAgain(Task seen, Task again) {
            throw new UnsupportedOperationException("the poll claims nothing");
        }

        @Override
        public WriteResult replace(Task seen, Task next) {
            watcher.called();
            Optional<Task> before = store.find(seen.id());
            WriteResult result = store.replace(seen, next);
            if (before.isPresent() && result.isWritten()) {
                Task after = result.stored().orElseThrow();
                reindex(before.get(), after);
                watcher.written(before.get(), after);
            }
            return result;
        }

        @Override
        public Optional<Task> find(TaskId id) {
            watcher.called();
            if (unreadable.contains(id)) {
                throw new UnreadableTask(id);
            }
            return store.find(id);
        }

        @Override
        public Rescheduled reschedule(TaskId id, BigDecimal seen, Instant to) {
            watcher.called();
            if (refusing.contains(id)) {
                return new Rescheduled.Refused();
            }
            Optional<Task> before = store.find(id);
            Rescheduled result = store.reschedule(id, seen, to);
            if (before.isPresent() && result instanceof Rescheduled.Moved) {
                reindex(before.get(), store.find(id).orElseThrow());
            }
            return result;
        }
    }
}
