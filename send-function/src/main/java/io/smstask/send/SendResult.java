package io.smstask.send;

import io.smstask.task.Task;
import io.smstask.task.TaskId;
import java.time.Duration;
import java.util.Optional;

/** How a call to send ended. */
sealed interface SendResult {

    /** The word for it in the log. */
    String event();

    /**
     * This call called Twilio.
     *
     * @param task with what came of it
     * @param retryAfter how long Twilio asked to wait, where it refused and said so
     * @param isRecorded whether the store has it too; if not, a callback will repair the item
     */
    record Sent(Task task, Optional<Duration> retryAfter, boolean isRecorded) implements SendResult {
        @Override
        public String event() {
            return isRecorded ? "sent" : "sent_not_recorded";
        }
    }

    /** An earlier call did, and this is the task as it stands. */
    record Repeated(Task task) implements SendResult {
        @Override
        public String event() {
            return "repeated";
        }
    }

    /** Another call is doing so at this moment. */
    record InProgress(Task task) implements SendResult {
        @Override
        public String event() {
            return "in_progress";
        }
    }

    /** The task id belongs to a task with other parameters. */
    record Conflict(TaskId id) implements SendResult {
        @Override
        public String event() {
            return "conflict";
        }
    }
}
