package io.smstask.send;

import io.smstask.lambda.Level;
import io.smstask.lambda.Log;
import io.smstask.lambda.Metric;
import io.smstask.task.CallFailure;
import io.smstask.task.Escalation;
import io.smstask.task.Retryable;
import io.smstask.task.Task;
import io.smstask.task.TaskId;
import java.time.Duration;
import java.util.Optional;

/** How a call to send ended. */
sealed interface SendResult {

    /** The word for it in the log. */
    String event();

    /** How much it matters. */
    default Level level() {
        return Level.INFO;
    }

    /** Handles each case. */
    <T> T match(Cases<T> cases);

    /** One method for each case: a forgotten case does not compile. */
    interface Cases<T> {

        /** This call called Twilio. */
        T sent(Sent sent);

        /** A brake of this stack has stopped the task. */
        T stopped(Stopped stopped);

        /** An earlier call did. */
        T repeated(Repeated repeated);

        /** Another call is doing so. */
        T inProgress(InProgress inProgress);

        /** The task id belongs to other parameters. */
        T conflict(Conflict conflict);
    }

    /**
     * This call called Twilio.
     *
     * @param task with its outcome
     * @param retryAfter how long Twilio asked to wait, if it refused and said so
     * @param isRecorded whether the store has it too; if not, a callback will repair the item
     */
    record Sent(Task task, Optional<Duration> retryAfter, boolean isRecorded) implements SendResult {
        @Override
        public String event() {
            return isRecorded ? "sent" : "sent_not_recorded";
        }

        @Override
        public Level level() {
            return isRecorded ? Level.INFO : Level.WARN;
        }

        /**
         * Adds what may be logged of it.
         *
         * @param time since the call began
         */
        void addTo(Log.Line line, Duration time) {
            line.task(task).account(task.sms().account());
            if (!isRecorded) {
                line.metric(Metric.NOT_RECORDED, 1);
            }
            if (task.sid().isPresent() && task.status().isPresent()) {
                line.metric(Metric.ACCEPTED, 1)
                        .metric(Metric.SEGMENTS, task.numSegments().orElse(1))
                        .metric(Metric.TIME_TO_ACCEPTED, time.toMillis());
                return;
            }
            Escalation escalation = task.escalation().orElseThrow();
            line.reason(escalation.reason().word());
            boolean isUnknown = escalation.retryable() == Retryable.UNKNOWN;
            line.metric(isUnknown ? Metric.UNKNOWN_OUTCOMES : Metric.REFUSED, 1);
            if (escalation instanceof Escalation.CallError error && error.failure() != CallFailure.REFUSED) {
                line.metric(Metric.CALL_ERRORS, 1);
            }
        }

        @Override
        public <T> T match(Cases<T> cases) {
            return cases.sent(this);
        }
    }

    /**
     * A brake of this stack has stopped the task, and Twilio was not called.
     *
     * @param task with the reason
     * @param retryAfter how long to wait; empty if that does not help
     * @param isRecorded whether the store has it too; if not, the task may later read as one of unknown outcome
     */
    record Stopped(Task task, Optional<Duration> retryAfter, boolean isRecorded) implements SendResult {
        @Override
        public String event() {
            return isRecorded ? "stopped" : "stopped_not_recorded";
        }

        @Override
        public Level level() {
            return isRecorded ? Level.INFO : Level.WARN;
        }

        /** Adds what may be logged of it. */
        void addTo(Log.Line line) {
            line.task(task)
                    .account(task.sms().account())
                    .reason(task.escalation().orElseThrow().reason().word())
                    .metric(Metric.STOPPED, 1);
            if (!isRecorded) {
                line.metric(Metric.NOT_RECORDED, 1);
            }
        }

        @Override
        public <T> T match(Cases<T> cases) {
            return cases.stopped(this);
        }
    }

    /** An earlier call did, and this is the task as it stands. */
    record Repeated(Task task) implements SendResult {
        @Override
        public String event() {
            return "repeated";
        }

        @Override
        public <T> T match(Cases<T> cases) {
            return cases.repeated(this);
        }
    }

    /** Another call is doing so at this moment. */
    record InProgress(Task task) implements SendResult {
        @Override
        public String event() {
            return "in_progress";
        }

        @Override
        public <T> T match(Cases<T> cases) {
            return cases.inProgress(this);
        }
    }

    /** The task id belongs to a task with other parameters. */
    record Conflict(TaskId id) implements SendResult {
        @Override
        public String event() {
            return "conflict";
        }

        @Override
        public <T> T match(Cases<T> cases) {
            return cases.conflict(this);
        }
    }
}
