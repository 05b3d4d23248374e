package io.smstask.callback;

import io.smstask.lambda.Log;
import io.smstask.task.StatusReport;
import io.smstask.task.Task;
import io.smstask.task.TaskId;
import io.smstask.task.UnreadableTask;

/** How a callback was handled: what Twilio is answered, and what may be logged. */
sealed interface CallbackResult {

    /** The answer to Twilio. */
    CallbackReply reply();

    /** Adds to the log line what may be logged besides the answer. */
    void addTo(Log.Line line);

    /** Anyone could have sent this request, or the task was erased: only the answer is logged. */
    record Refused(CallbackReply reply) implements CallbackResult {
        @Override
        public void addTo(Log.Line line) {
            // Everything in the request is the sender's choice.
        }
    }

    /** The key is the task's, but the signature is missing or wrong. The log names the task and nothing of the form. */
    record NotSigned(CallbackReply reply, Task task) implements CallbackResult {
        @Override
        public void addTo(Log.Line line) {
            line.task(task.id()).account(task.sms().account());
        }
    }

    /** Twilio signed it. */
    record Genuine(CallbackReply reply, TaskId task, StatusReport report) implements CallbackResult {
        @Override
        public void addTo(Log.Line line) {
            line.task(task).sid(report.sid()).status(report.status());
        }
    }

    /**
     * It could not be checked or recorded now.
     *
     * @param outage why
     */
    record Unavailable(RuntimeException outage) implements CallbackResult {
        @Override
        public CallbackReply reply() {
            return CallbackReply.UNAVAILABLE;
        }

        @Override
        public void addTo(Log.Line line) {
            // The id may be logged although the callback is unverified: an item has it.
            if (outage instanceof UnreadableTask unreadable) {
                line.task(unreadable.id());
            }
            line.error(outage);
        }
    }
}
