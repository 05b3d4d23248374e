package io.smstask.tell;

import io.smstask.task.Task;
import io.smstask.task.TaskToken;
import java.time.Duration;

/** The executions of the state machine that wait for a task. */
public interface WaitingExecutions {

    /**
     * Lets the execution of this token go on with the task as it ended.
     *
     * @return whether that is settled: it goes on, or nobody waits with this token any more; otherwise it is to be tried again
     */
    boolean resume(TaskToken token, Task task, Duration limit);
}
