package io.smstask.send;

import io.smstask.task.MessageSid;
import io.smstask.task.Task;
import io.smstask.task.TaskId;
import io.smstask.task.TaskIndex;
import io.smstask.task.TaskStore;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Supplier;

/** Reads a task as it stands at this moment. */
final class ReadTask {

    private final TaskStore store;
    private final Supplier<TaskIndex> index;
    private final Clock clock;

    /**
     * @param index asked for when a task is read by its sid: it is a client of the whole AWS SDK
     */
    ReadTask(TaskStore store, Supplier<TaskIndex> index, Clock clock) {
        this.store = store;
        this.index = index;
        this.clock = clock;
    }

    Optional<Task> byId(TaskId id) {
        Optional<Task> task = store.find(id);
        return task.isPresent() ? Optional.of(task.get().seenAt(clock.instant())) : task;
    }

    Optional<Task> bySid(MessageSid sid) {
        Optional<TaskId> id = index.get().bySid(sid);
        return id.isPresent() ? byId(id.get()) : Optional.empty();
    }
}
