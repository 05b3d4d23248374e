package io.smstask.poll;

import io.smstask.lambda.FailureCounts;
import io.smstask.poll.MessageReader.Look;
import io.smstask.task.AccountSid;
import io.smstask.task.Match;
import io.smstask.task.RecordStatus;
import io.smstask.task.Source;
import io.smstask.task.StatusReport;
import io.smstask.task.StoreUnavailable;
import io.smstask.task.Task;
import io.smstask.task.TaskId;
import io.smstask.task.TaskIndex;
import io.smstask.task.TaskStore;
import io.smstask.task.TaskStore.WriteResult;
import io.smstask.task.UnreadableTask;
import io.smstask.tell.TellSubscribers;
import io.smstask.twilio.CredentialsUnavailable;
import io.smstask.twilio.StackCredentials;
import io.smstask.twilio.TwilioAccount;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Looks after the tasks that nothing has been heard of: asks Twilio where a callback is overdue, writes down an unknown
 * outcome and looks for its message in Twilio's list, ends every task whose time is over, and tells those whom nobody has
 * told of an end. It never sends.
 */
final class Poll {

    /** How many tasks one run takes, the oldest first. */
    static final int LIMIT = 200;

    /** A task is not begun with less than this: a look, or two pages of a list, and the calls of the store that follow. */
    static final Duration LEAST = Duration.ofSeconds(15);

    /** How long a rate limit of Twilio's may hold up a task's end. */
    static final Duration PATIENCE = Duration.ofHours(1);

    private static final Duration TO_TELL = Duration.ofSeconds(2);

    /** How long a task that cannot be read is set aside: as long as the longest wait between two looks. */
    static final Duration SET_ASIDE = Duration.ofHours(6);

    private final TaskStore store;
    private final TaskIndex index;
    private final RecordStatus recordStatus;
    private final TellSubscribers tellSubscribers;
    private final StackCredentials stack;
    private final MessageReader messages;
    private final FailureCounts failures;
    private final FindMessage findMessage;
    private final Clock clock;

    Poll(
            TaskStore store,
            TaskIndex index,
            RecordStatus recordStatus,
            TellSubscribers tellSubscribers,
            StackCredentials stack,
            MessageReader messages,
            FailureCounts failures,
            Clock clock) {
        this.store = store;
        this.index = index;
        this.recordStatus = recordStatus;
        this.tellSubscribers = tellSubscribers;
        this.stack = stack;
        this.messages = messages;
        this.failures = failures;
        this.findMessage = new FindMessage(store, index, messages);
        this.clock = clock;
    }

    /**
     * What one run did.
     *
     * @param looked tasks that were taken up
     * @param moved tasks that Twilio's answer moved
     * @param ended tasks whose time was over
     * @param unreadable tasks whose items cannot be read; they are set aside, and looked at again later
     * @param isCutShort whether tasks were left for the next run: Twilio's rate limit, an outage, or no more time
     */
    record Run(int looked, int moved, int ended, List<TaskId> unreadable, boolean isCutShort) {}

    /** What became of one task. */
    private enum Step {
        MOVED,
        ENDED,
        TOLD,
        POSTPONED,
        /** Somebody else was faster: what they wrote stands. */
        OVERTAKEN,
        /** The index follows the table: the task has moved on, or is done. */
        NOT_DUE,
        UNREADABLE,
        /** Nothing is written: the next run begins with this task. */
        RATE_LIMITED;

        boolean isLook() {
            return this != NOT_DUE && this != UNREADABLE && this != RATE_LIMITED;
        }
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
        List<TaskId> unreadable = new ArrayList<>();
        Set<AccountSid> limited = new HashSet<>();
        try {
            for (TaskId id : index.toPoll(now(), LIMIT)) {
                if (Duration.between(now(), end).compareTo(LEAST) < 0) {
                    return new Run(looked, moved, ended, unreadable, true);
                }
                Step step = poll(id, limited);
                looked += step.isLook() ? 1 : 0;
                moved += step == Step.MOVED ? 1 : 0;
                ended += step == Step.ENDED ? 1 : 0;
                if (step == Step.UNREADABLE) {
                    unreadable.add(id);
                }
            }
            return new Run(looked, moved, ended, unreadable, !limited.isEmpty());
        } catch (StoreUnavailable e) {
            failures.add(e.code(), e);
            return new Run(looked, moved, ended, unreadable, true);
        }
    }

    /** @param limited accounts of which Twilio wants to hear no more in this run; the others go on */
    private Step poll(TaskId id, Set<AccountSid> limited) {
        try {
            Optional<Task> task = store.find(id).filter(this::isToBePolled);
            return task.isPresent() ? poll(task.get(), limited) : Step.NOT_DUE;
        } catch (UnreadableTask e) {
            // The oldest come first: left where it is, it would stand before the others in every run.
            store.setAside(id, now(), now().plus(SET_ASIDE));
            return Step.UNREADABLE;
        }
    }

    private boolean isToBePolled(Task task) {
        return task.pollAt().isPresent() && !task.pollAt().get().isAfter(now());
    }

    private Step poll(Task found, Set<AccountSid> limited) {
        Task task = found;
        if (!task.isOpen()) {
            tell(task);
            return Step.TOLD;
        }
        Optional<Look> look = look(task, limited);
        if (look.isPresent() && look.get() instanceof Look.RateLimited) {
            limited.add(task.sms().account());
            if (now().isBefore(task.dueAt().plus(PATIENCE))) {
                return Step.RATE_LIMITED;
            }
        }
        if (look.isPresent() && look.get() instanceof Look.Seen message) {
            RecordStatus.Recorded recorded = recordStatus.record(task, report(message));
            if (recorded.effect() == RecordStatus.Effect.MOVED) {
                // A final status ends it; any other has set the next look.
                tell(recorded.now());
                return Step.MOVED;
            }
            // A repeated status may have been noted.
            task = recorded.now();
        }
        // A message that Twilio does not have any more will tell no other status when asked again.
        boolean isGone = look.isPresent() && look.get() instanceof Look.NotThere;
        if (isGone || !now().isBefore(task.dueAt())) {
            WriteResult end = store.replace(task, task.ended(now()));
            if (end instanceof WriteResult.Written ended) {
                tell(ended.task());
                return Step.ENDED;
            }
            return Step.OVERTAKEN;
        }
        Task unknown = task.withUnknownOutcome(now());
        store.replace(task, unknown == task ? task.postponed(now()) : unknown);
        return Step.POSTPONED;
    }

    private void tell(Task task) {
        tellSubscribers.tell(task, now().plus(TO_TELL));
    }

    /** A look at Twilio; empty where it is too early for one, or the stack has no credentials for the account. */
    private Optional<Look> look(Task task, Set<AccountSid> limited) {
        if (task.sid().isEmpty() && !Match.isTimely(task, now())) {
            return Optional.empty();
        }
        try {
            Optional<TwilioAccount> account = stack.account(task.sms().account());
            return account.map(known -> limited.contains(known.sid()) ? new Look.RateLimited() : look(task, known));
        } catch (CredentialsUnavailable e) {
            failures.add("not_looked", e);
            return Optional.empty();
        }
    }

    private Look look(Task task, TwilioAccount account) {
        Look look = task.sid().isPresent()
                ? messages.look(account.sid(), task.sid().get(), account.forSending())
                : findMessage.find(task, account.forSending());
        return look instanceof Look.Seen seen ? seen.cleaned(account.secrets()) : look;
    }

    private StatusReport report(Look.Seen message) {
        return new StatusReport(
                message.sid(),
                message.status(),
                message.errorCode(),
                message.errorText(),
                message.numSegments(),
                Source.POLL,
                now());
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
