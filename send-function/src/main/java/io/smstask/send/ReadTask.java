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
        return store.find(id).map(this::seenNow);
    }

    Optional<Task> bySid(MessageSid sid) {
        return index.get().bySid(sid).flatMap(store::find).map(this::seenNow);
    }

    private Task seenNow(Task task) {
        return task.seenAt(clock.instant());
    }
}
