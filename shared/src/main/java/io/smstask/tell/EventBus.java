package io.smstask.tell;

import io.smstask.task.Task;
import java.time.Duration;

/** Tells everyone else how a task ended. */
public interface EventBus {

    /**
     * Puts the event of this task's end there.
     *
     * @return whether the bus has taken the event; otherwise it is to be tried again
     */
    boolean put(Task task, Duration limit);
}
