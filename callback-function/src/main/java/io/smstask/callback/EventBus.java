package io.smstask.callback;

import io.smstask.task.Task;
import java.time.Duration;

/** Tells everyone else how a task ended. */
interface EventBus {

    /**
     * @return whether the bus has taken the event; otherwise it is to be tried again
     */
    boolean put(Task task, Duration limit);
}
