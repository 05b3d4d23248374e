package io.smstask.callback;

import io.smstask.lambda.Log;
import io.smstask.lambda.Metric;
import io.smstask.task.Note;
import io.smstask.task.StatusReport;
import io.smstask.task.Task;
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
            line.reason(reply.code()).metric(Metric.CALLBACKS_REFUSED, 1);
        }
    }

    /** The key is the task's, but the signature is missing or wrong. The log names the task and nothing of the form. */
    record NotSigned(CallbackReply reply, Task task) implements CallbackResult {
        @Override
        public void addTo(Log.Line line) {
            line.task(task.id()).account(task.sms().account());
            line.reason(reply.code()).metric(Metric.CALLBACKS_FORGED, 1);
        }
    }

    /**
     * Twilio signed it.
     *
     * @param seen the task as it was read before
     * @param now the task as it stands after it
     */
    record Genuine(CallbackReply reply, StatusReport report, Task seen, Task now) implements CallbackResult {
        @Override
        public void addTo(Log.Line line) {
            line.task(now.id()).account(now.sms().account()).sid(report.sid()).status(report.status());
            if (reply == CallbackReply.NOTED) {
                note(line);
                return;
            }
            boolean isApplied = reply == CallbackReply.APPLIED;
            line.metric(isApplied ? Metric.CALLBACKS_APPLIED : Metric.CALLBACKS_CONFLICT, 1);
            if (isApplied && seen.isOpen() && !now.isOpen()) {
                line.task(now).end(now);
            }
        }

        private void note(Log.Line line) {
            String note = now.history().noteOf(report.status().word());
            line.note(note);
            line.metric(
                    switch (note) {
                        case Note.DUPLICATE -> Metric.CALLBACKS_DUPLICATE;
                        case Note.CONFLICT -> Metric.CALLBACKS_CONFLICT;
                        default -> Metric.CALLBACKS_LATE;
                    },
                    1);
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
            line.outage(outage).metric(Metric.CALLBACKS_UNAVAILABLE, 1);
        }
    }
}
