package io.smstask.send;

import io.smstask.aws.AwsFailure;
import io.smstask.lambda.Level;
import io.smstask.lambda.Log;
import io.smstask.lambda.Metric;
import io.smstask.task.CallFailure;
import io.smstask.task.Escalation;
import io.smstask.task.Task;
import io.smstask.task.TaskId;
import java.time.Duration;

/**
 * The queue as a door: decides what becomes of a message once its call has an answer. It is done; or it goes back to the
 * queue with a delay, since surely nothing was sent; or it becomes a dead letter, with our code as the reason; or it is left
 * to SQS, which hands it over again. Each method answers whether the message is done with, and otherwise left to SQS.
 */
final class QueueDoor {

    /** Each wait is twice the one before, until they are this long. */
    private static final Duration USUAL_MOST = Duration.ofMinutes(15);

    private final SendQueue queue;
    private final int mostRetries;
    private final Duration firstWait;

    /**
     * @param mostRetries how often a task is run again
     * @param firstWait how long before the first time
     */
    QueueDoor(SendQueue queue, int mostRetries, Duration firstWait) {
        this.queue = queue;
        this.mostRetries = mostRetries;
        this.firstWait = firstWait;
    }

    /** After a call that has ended like this. */
    boolean isDone(QueuedCall call, SendResult result, Log log) {
        return result.match(new Ends(call, log));
    }

    /** Puts a call back that is to wait. */
    boolean putBack(QueuedCall call, Log log) {
        try {
            queue.putBack(call);
            return true;
        } catch (AwsFailure e) {
            return left(e, log);
        }
    }

    /** Makes a dead letter of what is no call to send. */
    boolean refuse(QueuedCall call, InvalidTask invalid, Log log) {
        return deadLetter(
                call, InvalidTask.CODE, invalid.text(), deadLetter(log).reason(InvalidTask.CODE), log);
    }

    /** Makes a dead letter of a call that can never be made. */
    boolean refuse(QueuedCall call, TaskId id, String code, Log log) {
        return deadLetter(call, code, "", deadLetter(log).task(id).reason(code), log);
    }

    private static Log.Line deadLetter(Log log) {
        return log.event(Level.WARN, "dead_letter").metric(Metric.DEAD_LETTERS, 1);
    }

    /** @param line is written once the queue has the dead letter */
    private boolean deadLetter(QueuedCall call, String code, String problems, Log.Line line, Log log) {
        try {
            queue.deadLetter(call.bodyWithoutTokens(), code, problems);
        } catch (AwsFailure e) {
            return left(e, log);
        }
        line.write();
        return true;
    }

    /** The message is not lost: the next time its task is found as this call has left it. */
    private static boolean left(AwsFailure failure, Log log) {
        log.event(Level.WARN, "queue_unavailable").error(failure).write();
        return false;
    }

    private Duration nextWait(QueuedCall call) {
        Duration wait = firstWait;
        for (int i = 0; i < call.retries() && wait.compareTo(USUAL_MOST) < 0; i++) {
            Duration doubled = wait.multipliedBy(2);
            wait = doubled.compareTo(USUAL_MOST) < 0 ? doubled : USUAL_MOST;
        }
        return wait;
    }

    private final class Ends implements SendResult.Cases<Boolean> {

        private final QueuedCall call;
        private final Log log;

        private Ends(QueuedCall call, Log log) {
            this.call = call;
            this.log = log;
        }

        @Override
        public Boolean sent(SendResult.Sent sent) {
            return isDone(sent.task(), sent.retryAfter().orElse(SendReplies.usualWait(sent.task())));
        }

        @Override
        public Boolean stopped(SendResult.Stopped stopped) {
            return isDone(stopped.task(), stopped.retryAfter().orElse(Duration.ZERO));
        }

        @Override
        public Boolean repeated(SendResult.Repeated repeated) {
            return isDone(repeated.task(), SendReplies.usualWait(repeated.task()));
        }

        /** Until its message comes again, that call has ended. */
        @Override
        public Boolean inProgress(SendResult.InProgress inProgress) {
            return false;
        }

        @Override
        public Boolean conflict(SendResult.Conflict conflict) {
            return refuse(call, conflict.id(), TaskConflict.CODE, log);
        }

        /** A task with a sid is done, whatever came of it: those who are notified of its end hear of that, too. */
        private boolean isDone(Task task, Duration leastWait) {
            if (task.escalation().isEmpty() || task.sid().isPresent() || task.isErased()) {
                return true;
            }
            Escalation escalation = task.escalation().get();
            return switch (escalation.retryable()) {
                case YES -> again(task, escalation, leastWait);
                case NO -> escalation.code().equals(CallFailure.CANCELED.code()) || giveUp(task, escalation);
                case UNKNOWN -> true;
            };
        }

        private boolean again(Task task, Escalation escalation, Duration leastWait) {
            if (call.retries() >= mostRetries) {
                return giveUp(task, escalation);
            }
            Duration usual = nextWait(call);
            boolean isPutBack = putBack(call.again(leastWait.compareTo(usual) > 0 ? leastWait : usual), log);
            if (isPutBack) {
                log.event("put_back").task(task).count(call.retries() + 1).write();
            }
            return isPutBack;
        }

        private boolean giveUp(Task task, Escalation escalation) {
            Log.Line line =
                    deadLetter(log).task(task).reason(escalation.reason().word());
            return deadLetter(call, escalation.code(), "", line, log);
        }
    }
}
