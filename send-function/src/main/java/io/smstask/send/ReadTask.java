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

    /** The task of that id; a text that cannot be an id names no task. */
    Optional<Task> byId(String id) {
        return TaskId.isValid(id) ? store.find(new TaskId(id)).map(this::seenNow) : Optional.empty();
    }

    /** The task of that message; a text that cannot be a sid names no task. */
    Optional<Task> bySid(String sid) {
        return MessageSid.isValid(sid)
                ? index.get().bySid(new MessageSid(sid)).flatMap(store::find).map(this::seenNow)
                : Optional.empty();
    }

    private Task seenNow(Task task) {
        return task.seenAt(clock.instant());
    }
}
