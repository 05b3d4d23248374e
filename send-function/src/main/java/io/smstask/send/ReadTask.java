package io.smstask.send;

import io.smstask.task.MessageSid;
import io.smstask.task.Task;
import io.smstask.task.TaskId;
import io.smstask.task.TaskStore;
import java.time.Clock;
import java.util.Optional;

/** Reads a task as it stands at this moment. */
final class ReadTask {

    private final TaskStore store;
    private final Clock clock;

    ReadTask(TaskStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /** The task of that id; a text that cannot be an id names no task. */
    Optional<Task> byId(String id) {
        return TaskId.isValid(id) ? store.find(new TaskId(id)).map(this::seenNow) : Optional.empty();
    }

    /** The task of that message; a text that cannot be a sid names no task. */
    Optional<Task> bySid(String sid) {
        return MessageSid.isValid(sid) ? store.findBySid(new MessageSid(sid)).map(this::seenNow) : Optional.empty();
    }

    private Task seenNow(Task task) {
        return task.seenAt(clock.instant());
    }
}
