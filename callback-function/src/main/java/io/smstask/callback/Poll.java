package io.smstask.callback;

import io.smstask.callback.MessageReader.Look;
import io.smstask.credentials.CredentialsUnavailable;
import io.smstask.credentials.StackCredentials;
import io.smstask.credentials.TwilioAccount;
import io.smstask.task.Change;
import io.smstask.task.MessageSid;
import io.smstask.task.Source;
import io.smstask.task.StatusReport;
import io.smstask.task.StoreUnavailable;
import io.smstask.task.Task;
import io.smstask.task.TaskId;
import io.smstask.task.TaskStore;
import io.smstask.task.TaskStore.WriteResult;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Looks after the tasks that nothing has been heard of: asks Twilio where a callback is overdue, writes down an unknown
 * outcome, ends every task whose time is over, and tells those whom nobody has told of an end. It never sends.
 */
final class Poll {

    /** How many tasks one run takes, the oldest first. */
    static final int LIMIT = 200;

    /** A task is not begun with less than this: a look, and the writes that follow. */
    static final Duration LEAST = Duration.ofSeconds(10);

    private static final Duration TO_TELL = Duration.ofSeconds(2);

    private final TaskStore store;
    private final RecordStatus recordStatus;
    private final TellSubscribers tellSubscribers;
    private final StackCredentials stack;
    private final MessageReader messages;
    private final Clock clock;

    Poll(
            TaskStore store,
            RecordStatus recordStatus,
            TellSubscribers tellSubscribers,
            StackCredentials stack,
            MessageReader messages,
            Clock clock) {
        this.store = store;
        this.recordStatus = recordStatus;
        this.tellSubscribers = tellSubscribers;
        this.stack = stack;
        this.messages = messages;
        this.clock = clock;
    }

    /**
     * What one run did.
     *
     * @param looked tasks that were taken up
     * @param moved tasks that Twilio's answer moved
     * @param ended tasks whose time was over
     * @param isCutShort whether tasks were left for the next run: Twilio's rate limit, an outage, or no more time
     */
    record Run(int looked, int moved, int ended, boolean isCutShort) {}

    /** What became of one task. */
    private enum Step {
        MOVED,
        ENDED,
        TOLD,
        POSTPONED,
        RATE_LIMITED
    }

    /**
     * Takes up the tasks that are to be looked at.
     *
     * @param end when the function's time is over
     */
    Run run(Instant end) {
        int looked = 0;
        int moved = 0;
        int ended = 0;
        try {
            for (TaskId id : store.toPoll(now(), LIMIT)) {
                if (Duration.between(now(), end).compareTo(LEAST) < 0) {
                    return new Run(looked, moved, ended, true);
                }
                Optional<Task> task = store.find(id).filter(this::isToBePolled);
                if (task.isPresent()) {
                    Step step = poll(task.get());
                    if (step == Step.RATE_LIMITED) {
                        // Nothing is written: the next run begins with this task.
                        return new Run(looked, moved, ended, true);
                    }
                    looked++;
                    moved += step == Step.MOVED ? 1 : 0;
                    ended += step == Step.ENDED ? 1 : 0;
                }
            }
            return new Run(looked, moved, ended, false);
        } catch (StoreUnavailable e) {
            return new Run(looked, moved, ended, true);
        }
    }

    /** The index follows the table: the task may have moved on, or be done. */
    private boolean isToBePolled(Task task) {
        return task.pollAt().isPresent() && !task.pollAt().get().isAfter(now());
    }

    private Step poll(Task task) {
        if (!task.isOpen()) {
            tell(task);
            return Step.TOLD;
        }
        Optional<Look> look = look(task);
        if (look.isPresent() && look.get() instanceof Look.RateLimited) {
            return Step.RATE_LIMITED;
        }
        if (look.isPresent() && look.get() instanceof Look.Seen message) {
            StatusReport report = report(task.sid().orElseThrow(), message);
            RecordStatus.Recorded recorded = recordStatus.record(task, report);
            if (recorded.effect() == RecordStatus.Effect.MOVED) {
                // A final status ends it; any other has set the next look.
                tell(recorded.now());
                return Step.MOVED;
            }
        }
        // A message that Twilio does not have any more will tell no other status when asked again.
        boolean isGone = look.isPresent() && look.get() instanceof Look.NotThere;
        if (isGone || !now().isBefore(task.dueAt())) {
            WriteResult result = store.write(task, Change.End.of(task, now()));
            if (result instanceof WriteResult.Written ended) {
                tell(ended.task());
            }
            return Step.ENDED;
        }
        boolean isUnwritten = task.isBeingCalled() && task.seenAt(now()) != task;
        store.write(task, isUnwritten ? Change.Escalate.outcomeUnknown(task, now()) : Change.Postpone.of(task, now()));
        return Step.POSTPONED;
    }

    private void tell(Task task) {
        tellSubscribers.tell(task, now().plus(TO_TELL));
    }

    /** A look at Twilio; empty where there is no sid to ask for, or the stack has no credentials for the account. */
    private Optional<Look> look(Task task) {
        if (task.sid().isEmpty()) {
            return Optional.empty();
        }
        try {
            Optional<TwilioAccount> account = stack.account(task.sms().account());
            return account.map(known -> messages.look(known.sid(), task.sid().orElseThrow(), known.forSending()));
        } catch (CredentialsUnavailable e) {
            return Optional.empty();
        }
    }

    private StatusReport report(MessageSid sid, Look.Seen message) {
        return new StatusReport(sid, message.status(), message.errorCode(), message.numSegments(), Source.POLL, now());
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
