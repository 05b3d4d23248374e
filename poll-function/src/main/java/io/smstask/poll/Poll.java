package io.smstask.poll;

import io.smstask.lambda.FailureCounts;
import io.smstask.poll.MessageReader.Look;
import io.smstask.task.AccountSid;
import io.smstask.task.Match;
import io.smstask.task.RecordStatus;
import io.smstask.task.Source;
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
 * Looks after tasks without news. It asks Twilio for a message whose callback is overdue, records an unknown outcome and
 * searches Twilio's list for its message, ends tasks that are past their due time, and notifies the subscribers that are
 * left. It never sends.
 */
final class Poll {

    /** The most tasks of one run, longest wait first. */
    static final int LIMIT = 200;

    /** The time that one task may need: a look or two pages of a list, and the store's calls after it. */
    static final Duration LEAST = Duration.ofSeconds(15);

    /** How long Twilio's rate limit may delay a task's end. */
    static final Duration PATIENCE = Duration.ofHours(1);

    /** How long notifying one task's subscribers may take. */
    private static final Duration TO_TELL = Duration.ofSeconds(2);

    /** How long an unreadable task is set aside: the longest wait between two looks. */
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
     * @param looked how many tasks were worked on
     * @param moved how many of them Twilio's answer moved
     * @param ended how many of them this run ended
     * @param unreadable tasks whose items cannot be read; they are set aside for a while
     * @param isCutShort whether tasks were left for the next run, because of a rate limit, an outage or the time
     */
    record Run(int looked, int moved, int ended, List<TaskId> unreadable, boolean isCutShort) {}

    /** How the poll of one task ended. */
    private enum Polled {
        MOVED,
        ENDED,
        TOLD,
        POSTPONED,
        /** Another writer was faster, and its write stands. */
        OVERTAKEN,
        /** The index lags the table: the task has moved on, or is done. */
        NOT_DUE,
        UNREADABLE,
        /** Nothing was written, so the next run begins with this task. */
        RATE_LIMITED;

        boolean isLook() {
            return switch (this) {
                case MOVED, ENDED, TOLD, POSTPONED, OVERTAKEN -> true;
                case NOT_DUE, UNREADABLE, RATE_LIMITED -> false;
            };
        }
    }

    /**
     * Works on the tasks that are due for a poll.
     *
     * @param end when the function times out
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
                Polled polled = poll(id, limited);
                looked += polled.isLook() ? 1 : 0;
                moved += polled == Polled.MOVED ? 1 : 0;
                ended += polled == Polled.ENDED ? 1 : 0;
                if (polled == Polled.UNREADABLE) {
                    unreadable.add(id);
                }
            }
            return new Run(looked, moved, ended, unreadable, !limited.isEmpty());
        } catch (StoreUnavailable e) {
            failures.add(e.code(), e);
            return new Run(looked, moved, ended, unreadable, true);
        }
    }

    /**
     * @param limited accounts that Twilio has limited in this run; the others go on
     */
    private Polled poll(TaskId id, Set<AccountSid> limited) {
        try {
            Optional<Task> task = store.find(id).filter(this::isToBePolled);
            return task.isPresent() ? poll(task.get(), limited) : Polled.NOT_DUE;
        } catch (UnreadableTask e) {
            // Due tasks come longest wait first, so it would block the others in every run.
            store.setAside(id, now(), now().plus(SET_ASIDE));
            return Polled.UNREADABLE;
        }
    }

    private boolean isToBePolled(Task task) {
        return task.pollAt().isPresent() && !task.pollAt().get().isAfter(now());
    }

    private Polled poll(Task found, Set<AccountSid> limited) {
        Task task = found;
        if (!task.isOpen()) {
            tell(task);
            return Polled.TOLD;
        }
        Optional<Look> look = look(task, limited);
        if (look.isPresent() && look.get() instanceof Look.RateLimited) {
            limited.add(task.sms().account());
            if (now().isBefore(task.dueAt().plus(PATIENCE))) {
                return Polled.RATE_LIMITED;
            }
        }
        if (look.isPresent() && look.get() instanceof Look.Seen seen) {
            RecordStatus.Recorded recorded =
                    recordStatus.record(task, seen.message().report(Source.POLL, now()));
            if (recorded.effect() == RecordStatus.Effect.MOVED) {
                // A final status ends the task; any other has scheduled the next look.
                tell(recorded.now());
                return Polled.MOVED;
            }
            // The report may have added a note.
            task = recorded.now();
        }
        // If Twilio no longer has the message, a further look would bring nothing.
        boolean isGone = look.isPresent() && look.get() instanceof Look.NotThere;
        if (isGone || !now().isBefore(task.dueAt())) {
            WriteResult end = store.replace(task, task.ended(now()));
            if (!end.isWritten()) {
                return Polled.OVERTAKEN;
            }
            tell(end.stored().orElseThrow());
            return Polled.ENDED;
        }
        Task unknown = task.withUnknownOutcome(now());
        store.replace(task, unknown == task ? task.postponed(now()) : unknown);
        return Polled.POSTPONED;
    }

    private void tell(Task task) {
        tellSubscribers.tell(task, now().plus(TO_TELL));
    }

    /** What Twilio says; empty if it is too early to ask, or the stack has no credentials for the account. */
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
        return look instanceof Look.Seen seen ? new Look.Seen(seen.message().cleaned(account.secrets())) : look;
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
