package io.smstask.tell;

import io.smstask.task.Task;
import java.time.Duration;

/** Announces the ends of tasks. */
public interface EventBus {

    /**
     * Announces this task's end.
     *
     * @return whether the bus took the event; if not, it must be tried again
     */
    boolean put(Task task, Duration limit);
}
