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

    Optional<Task> byId(TaskId id) {
        return store.find(id).map(this::seenNow);
    }

    Optional<Task> bySid(MessageSid sid) {
        return store.findBySid(sid).map(this::seenNow);
    }

    private Task seenNow(Task task) {
        return task.seenAt(clock.instant());
    }
}
