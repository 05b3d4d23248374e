package io.smstask.tell;

import io.smstask.task.Task;
import io.smstask.task.TaskToken;
import java.time.Duration;

/** The executions of the state machine that wait for a task. */
public interface WaitingExecutions {

    /**
     * Resumes the execution that waits with this token.
     *
     * @return whether it goes on, or no execution waits with this token any more; if not, it must be tried again
     */
    boolean resume(TaskToken token, Task task, Duration limit);
}
