package io.smstask.callback;

import io.smstask.lambda.Log;
import io.smstask.task.StatusReport;
import io.smstask.task.Task;
import io.smstask.task.TaskId;
import io.smstask.task.UnreadableTask;

/** What became of a callback: how it is answered, and what may be logged of it. */
sealed interface CallbackResult {

    /** The answer to Twilio. */
    CallbackReply reply();

    /** Adds to the log line what we know of the callback and may log. */
    void addTo(Log.Line line);

    /** Nothing proves whose callback it is, so nothing of it is logged. */
    record Refused(CallbackReply reply) implements CallbackResult {
        @Override
        public void addTo(Log.Line line) {
            // Only the answer is logged.
        }
    }

    /** The key is the task's, but the signature is not. Of the callback itself nothing is logged. */
    record NotSigned(CallbackReply reply, Task task) implements CallbackResult {
        @Override
        public void addTo(Log.Line line) {
            line.task(task.id()).account(task.sms().account());
        }
    }

    /** Twilio has signed it. */
    record Genuine(CallbackReply reply, TaskId task, StatusReport report) implements CallbackResult {
        @Override
        public void addTo(Log.Line line) {
            line.task(task).sid(report.sid()).status(report.status());
        }
    }

    /** It could not be checked or recorded now. */
    record Unavailable(RuntimeException outage) implements CallbackResult {
        @Override
        public CallbackReply reply() {
            return CallbackReply.UNAVAILABLE;
        }

        @Override
        public void addTo(Log.Line line) {
            // A stored item has this id, so it may be logged although nothing proves the callback genuine.
            if (outage instanceof UnreadableTask unreadable) {
                line.task(unreadable.id());
            }
            line.error(outage);
        }
    }
}
