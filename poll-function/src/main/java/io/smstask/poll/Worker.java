package io.smstask.poll;

import io.smstask.aws.AwsFailure;
import io.smstask.json.BadJson;
import io.smstask.lambda.FailureCounts;
import io.smstask.lambda.Level;
import io.smstask.lambda.Log;
import io.smstask.poll.Figures.Figure;
import io.smstask.poll.MessageReader.Look;
import io.smstask.task.AccountSid;
import io.smstask.task.HistoryEntry;
import io.smstask.task.Match;
import io.smstask.task.MessageSid;
import io.smstask.task.PollKind;
import io.smstask.task.RecordStatus;
import io.smstask.task.Source;
import io.smstask.task.StoreUnavailable;
import io.smstask.task.Subscribers;
import io.smstask.task.Task;
import io.smstask.task.TaskStore;
import io.smstask.task.TaskStore.WriteResult;
import io.smstask.tell.TellSubscribers;
import io.smstask.twilio.TwilioMessage;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleSupplier;
import java.util.function.UnaryOperator;

/**
 * Works on the tasks that the queue hands over: ends those whose time is over, asks Twilio for the messages of others, and
 * notifies the subscribers that are left. It never sends.
 */
final class Worker {

    /** The time that a look may need, with the store's calls after it. */
    static final Duration TO_LOOK = Duration.ofSeconds(15);

    /** How long a task rests if this code cannot handle it. */
    static final Duration SET_ASIDE = Duration.ofHours(6);

    /** After so many tasks in a row whose executions cannot be resumed, a run resumes no more; likewise with events. */
    static final int MOST_UNTOLD = 3;

    /** The time that a page of a list may need, with the looks after it. */
    private static final Duration TO_LIST = Duration.ofSeconds(30);

    /** How long notifying one task's subscribers may take. */
    private static final Duration TO_TELL = Duration.ofSeconds(2);

    private static final int TRIES = 3;

    /** The time that a step may need which asks nobody but the store: a record, an end with all its tries, or leaving the task. */
    private static final Duration TO_WRITE = Duration.ofSeconds(7);

    private final TaskStore store;
    private final RecordStatus recordStatus;
    private final TellSubscribers tellSubscribers;
    private final Looks looks;
    private final FailureCounts failures;
    private final Parallel parallel;
    private final DoubleSupplier random;
    private final Clock clock;

    /**
     * @param random from 0 to below 1, spreads the looks of an account after its rest
     */
    Worker(
            TaskStore store,
            RecordStatus recordStatus,
            TellSubscribers tellSubscribers,
            Looks looks,
            FailureCounts failures,
            Parallel parallel,
            DoubleSupplier random,
            Clock clock) {
        this.store = store;
        this.recordStatus = recordStatus;
        this.tellSubscribers = tellSubscribers;
        this.looks = looks;
        this.failures = failures;
        this.parallel = parallel;
        this.random = random;
        this.clock = clock;
    }

    /**
     * What one run did.
     *
     * @param failed the ids of the messages that the queue must hand over again
     */
    record Worked(Figures figures, List<String> failed) {}

    /**
     * Works on one batch.
     *
     * @param end when the function times out
     */
    Worked work(List<Received> batch, Instant end, Log log) {
        Run run = new Run(end, log);
        run.work(batch);
        return new Worked(run.figures, run.failed);
    }

    /** A message and the task that it leases. */
    private record Leased(Received received, PollMessage message, Task task) {}

    /** When an account's looks go on, with a jitter of as much as a rest: they must not all come at once. */
    static Instant afterRest(Instant until, DoubleSupplier random) {
        return until.plusMillis((long) (random.getAsDouble() * Looks.REST.toMillis()));
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    private final class Run {

        private final Instant end;
        private final Log log;
        private final Figures figures = new Figures(EnumSet.range(Figure.LOOKED, Figure.FAILED));
        private final List<String> failed = new ArrayList<>();
        private final List<Leased> toEnd = new ArrayList<>();
        private final List<Leased> toTell = new ArrayList<>();
        private final Map<AccountSid, List<Leased>> toLook = new LinkedHashMap<>();
        private final Map<AccountSid, Looks.OfAccount> accounts = new LinkedHashMap<>();
        private final AtomicInteger unresumed = new AtomicInteger();
        private final AtomicInteger unput = new AtomicInteger();

        Run(Instant end, Log log) {
            this.end = end;
            this.log = log;
        }

        void work(List<Received> batch) {
            Map<Received, PollMessage> messages = parsed(batch);
            parallel.forEach(
                    List.copyOf(messages.entrySet()),
                    entry -> guarded(entry.getKey(), entry.getValue(), () -> read(entry.getKey(), entry.getValue())));
            parallel.forEach(toEnd, leased -> guarded(leased, () -> end(leased)));
            toLook.forEach(this::lookByListGuarded);
            parallel.forEach(Parallel.inTurn(toLook.values()), leased -> guarded(leased, () -> look(leased)));
            // Last, and not for long if nobody answers: an optional event bus must not keep looks waiting.
            parallel.forEach(List.copyOf(toTell), leased -> guarded(leased, () -> tell(leased)));
        }

        private Map<Received, PollMessage> parsed(List<Received> batch) {
            Map<Received, PollMessage> messages = new LinkedHashMap<>();
            for (Received received : batch) {
                try {
                    messages.put(received, PollMessage.parse(received.body()));
                } catch (BadJson e) {
                    log.event(Level.ERROR, "not_handled").error(e).write();
                    fail(received);
                }
            }
            return messages;
        }

        private void guarded(Leased leased, Runnable step) {
            guarded(leased.received(), leased.message(), step);
        }

        /** What one task's step throws is this task's own matter. Without time for it, the task is due when its lease ends. */
        private void guarded(Received received, PollMessage message, Runnable step) {
            try {
                if (isTimeToWrite()) {
                    step.run();
                } else {
                    figures.add(Figure.PUT_OFF);
                }
            } catch (RuntimeException e) {
                if (e instanceof StoreUnavailable outage && !isAboutItem(outage)) {
                    leave(message, outage);
                    return;
                }
                log.event(Level.ERROR, "not_handled")
                        .task(message.id())
                        .error(e)
                        .write();
                fail(received);
                if (received.isLast()) {
                    setAside(message);
                }
            }
        }

        /** Whether the store takes no write of this one item, for instance since it would be too large. */
        private boolean isAboutItem(StoreUnavailable refusal) {
            return AwsFailure.in(refusal)
                    .filter(error -> error.name().equals("ValidationException"))
                    .isPresent();
        }

        /** An outage is no message's fault and must not use up its receives: the task waits like one without an answer. */
        private void leave(PollMessage message, StoreUnavailable outage) {
            figures.add(Figure.FAILED);
            failures.add(outage.code(), outage);
            if (isTimeToWrite()) {
                reschedule(message, now().plus(Task.NO_ANSWER));
            }
        }

        /** If this fails, the task is due when its lease ends. */
        private void reschedule(PollMessage message, Instant to) {
            try {
                message.reschedule(store, to);
            } catch (StoreUnavailable e) {
                failures.add(e.code(), e);
            }
        }

        private synchronized void fail(Received received) {
            figures.add(Figure.FAILED);
            failed.add(received.messageId());
        }

        private void setAside(PollMessage message) {
            figures.add(Figure.SET_ASIDE);
            log.event(Level.ERROR, "dead_letter").task(message.id()).write();
            reschedule(message, now().plus(SET_ASIDE));
        }

        private void read(Received received, PollMessage message) {
            Optional<Task> found = store.find(message.id());
            if (found.isEmpty() || !found.get().pollAt().equals(Optional.of(message.pollAt()))) {
                // The lease is over, or the task has moved on.
                return;
            }
            Leased leased = new Leased(received, message, found.get());
            PollKind kind = leased.task().pollKind();
            boolean isHeld =
                    kind == PollKind.END && looks.isHeld(leased.task().sms().account());
            synchronized (this) {
                switch (kind) {
                    case TELL -> toTell.add(leased);
                    case END -> {
                        if (isHeld) {
                            toLook(leased);
                        } else {
                            toEnd.add(leased);
                        }
                    }
                    case LOOK -> toLook(leased);
                }
            }
        }

        /**
         * Whether Twilio took the task's message and nothing has been heard since, neither by callbacks nor by the poll: many such
         * tasks, and the callbacks are blocked.
         */
        private static boolean isUnheard(Task task) {
            if (!task.isOpen() || task.sid().isEmpty()) {
                return false;
            }
            for (HistoryEntry entry : task.history()) {
                if (entry.source() == Source.CALLBACK || entry.source() == Source.POLL) {
                    return false;
                }
            }
            return true;
        }

        private void logEnd(Task task) {
            log.event("ended_by_poll")
                    .task(task)
                    .account(task.sms().account())
                    .end(task)
                    .write();
        }

        private void toLook(Leased leased) {
            toLook.computeIfAbsent(leased.task().sms().account(), key -> new ArrayList<>())
                    .add(leased);
        }

        private void end(Leased leased) {
            if (leased.task().isDue(now())) {
                end(leased, leased.task());
            } else {
                putOff(leased.task(), unknownOr(leased.task(), leased.task().postponed(now())));
                // From now on it rests until it is due.
                countUnheard(leased.task());
            }
        }

        private void countUnheard(Task task) {
            if (isUnheard(task)) {
                figures.add(Figure.NO_CALLBACK);
            }
        }

        /** A call that has left no answer is written down as that. */
        private Task unknownOr(Task task, Task otherwise) {
            Task unknown = task.withUnknownOutcome(now());
            if (unknown != task) {
                figures.add(Figure.UNKNOWN_OUTCOMES);
            }
            return unknown == task ? otherwise : unknown;
        }

        private void end(Leased leased, Task task) {
            Optional<Task> ended = write(task, seen -> seen.ended(now()));
            if (ended.isPresent()) {
                figures.add(Figure.ENDED);
                logEnd(ended.get());
                toTell(leased, ended.get());
            }
        }

        /** Writes a task, unless its status or its next poll has changed. A new subscriber does not stop the write. */
        private Optional<Task> write(Task task, UnaryOperator<Task> change) {
            Task seen = task;
            for (int i = 0; i < TRIES; i++) {
                WriteResult written = store.replace(seen, change.apply(seen));
                if (written.isWritten()) {
                    return written.stored();
                }
                if (written.stored().isEmpty()
                        || !written.stored().get().standing().equals(task.standing())
                        || !written.stored().get().pollAt().equals(task.pollAt())) {
                    return Optional.empty();
                }
                seen = written.stored().get();
            }
            return Optional.empty();
        }

        private synchronized void toTell(Leased leased, Task ended) {
            toTell.add(new Leased(leased.received(), leased.message(), ended));
        }

        private void putOff(Task task, Task next) {
            store.replace(task, next);
            figures.add(Figure.PUT_OFF);
        }

        private synchronized Looks.OfAccount account(AccountSid sid) {
            return accounts.computeIfAbsent(sid, key -> looks.of(key, log));
        }

        /** What a list throws leaves the account's tasks to single looks. */
        private void lookByListGuarded(AccountSid sid, List<Leased> tasks) {
            try {
                lookByList(sid, tasks);
            } catch (RuntimeException e) {
                log.event(Level.WARN, "not_listed").account(sid).error(e).write();
            }
        }

        /**
         * What a list has shown before is not asked for again. Where one account has many tasks, Twilio's list is asked first; what
         * it does not show is left to single looks. It is in the order of sending, which may be long after the call, so a look at
         * the last call's message tells where to begin.
         */
        private void lookByList(AccountSid sid, List<Leased> tasks) {
            Map<MessageSid, Leased> wanted = new HashMap<>();
            for (Leased leased : tasks) {
                if (leased.task().sid().isPresent()) {
                    wanted.put(leased.task().sid().get(), leased);
                }
            }
            Looks.OfAccount account = account(sid);
            seen(tasks, wanted, account.takeKnown(wanted.keySet()));
            if (!account.mayList(wanted.size())) {
                return;
            }
            Leased last = Collections.max(
                    wanted.values(),
                    Comparator.comparing(leased -> leased.task().createdAt()));
            tasks.remove(last);
            wanted.values().remove(last);
            guarded(last, () -> look(last));
            seen(tasks, wanted, account.list(wanted.keySet(), end.minus(TO_LIST)));
        }

        /** Records what was shown of the wanted messages, and takes their tasks from those that are left. */
        private void seen(List<Leased> tasks, Map<MessageSid, Leased> wanted, Map<MessageSid, TwilioMessage> shown) {
            List<MessageSid> sids = List.copyOf(shown.keySet());
            Map<MessageSid, Leased> seen = new HashMap<>(wanted);
            seen.keySet().retainAll(sids);
            wanted.keySet().removeAll(sids);
            tasks.removeAll(seen.values());
            parallel.forEach(
                    sids,
                    sid -> guarded(seen.get(sid), () -> {
                        figures.add(Figure.LOOKED);
                        seen(seen.get(sid), shown.get(sid));
                    }));
        }

        private void look(Leased leased) {
            Task task = leased.task();
            if (Duration.between(now(), end).compareTo(TO_LOOK) < 0) {
                putOff(task, task.unanswered(now()));
                return;
            }
            if (task.sid().isEmpty() && !Match.isTimely(task, now())) {
                // Twilio cannot be asked yet.
                unanswered(leased, unknownOr(task, task.postponed(now())));
                return;
            }
            Looks.OfAccount account = account(task.sms().account());
            if (account.restsUntil().isPresent()) {
                unanswered(leased, account);
                return;
            }
            figures.add(Figure.LOOKED);
            Look look;
            try {
                look = account.look(task, end.minus(TO_WRITE));
            } catch (StoreUnavailable e) {
                // No item's fault, not even a ValidationException: an index is missing.
                leave(leased.message(), e);
                return;
            }
            Runnable unanswered = () -> unanswered(leased, account);
            look.match(
                    seen -> seen(leased, seen.message()),
                    () -> notThere(leased),
                    () -> answered(leased, task, unknownOr(task, task.postponed(now()))),
                    limited -> unanswered.run(),
                    unanswered,
                    unanswered);
        }

        private void notThere(Leased leased) {
            Task task = leased.task();
            if (task.isGoneForGood(now())) {
                end(leased, task);
            } else {
                unanswered(leased, task.isGone() ? task.unanswered(now()) : task.gone(now()));
            }
        }

        private void unanswered(Leased leased, Looks.OfAccount account) {
            Task task = leased.task();
            Optional<Instant> restsUntil = account.restsUntil();
            unanswered(
                    leased,
                    restsUntil.isPresent()
                            ? task.lookedAt(afterRest(restsUntil.get(), random), now())
                            : task.unanswered(now()));
        }

        private void seen(Leased leased, TwilioMessage message) {
            RecordStatus.Recorded recorded = recordStatus.record(leased.task(), message.report(Source.POLL, now()));
            // The history shows the poll's first answer, so a task counts once.
            countUnheard(leased.task());
            Task task = recorded.now();
            if (recorded.effect() == RecordStatus.Effect.MOVED) {
                figures.add(Figure.MOVED);
                if (!task.isOpen()) {
                    logEnd(task);
                    toTell(leased, task);
                }
                return;
            }
            if (recorded.effect() != RecordStatus.Effect.GONE) {
                answered(leased, task, task.postponed(now()));
            }
        }

        /** Twilio has answered, and nothing moved the task. */
        private void answered(Leased leased, Task task, Task next) {
            if (task.isDue(now())) {
                end(leased, task);
            } else {
                store.replace(task, next);
            }
        }

        /** Nothing is known of the message: only patience ends the task. */
        private void unanswered(Leased leased, Task next) {
            if (leased.task().isPastPatience(now())) {
                end(leased, leased.task());
            } else {
                putOff(leased.task(), next);
            }
        }

        private boolean isTimeToWrite() {
            return !now().plus(TO_WRITE).isAfter(end);
        }

        private void tell(Leased leased) {
            Task task = leased.task();
            boolean isTime = !now().plus(TO_TELL).plus(TO_WRITE).isAfter(end);
            boolean byToken = isTime
                    && unresumed.get() < MOST_UNTOLD
                    && !task.subscribers().tokens().isEmpty();
            boolean byEvent =
                    isTime && unput.get() < MOST_UNTOLD && task.subscribers().event() == Subscribers.Event.WANTED;
            Subscribers left = byToken || byEvent
                    ? tellSubscribers.tell(task, byToken, byEvent, now().plus(TO_TELL))
                    : task.subscribers();
            if (byToken) {
                count(unresumed, left.tokens().isEmpty());
            }
            // Where executions took the time, the bus was not asked.
            if (byEvent && (!byToken || left.tokens().isEmpty())) {
                count(unput, left.event() != Subscribers.Event.WANTED);
            }
            if (left.isEmpty()) {
                figures.add(Figure.TOLD);
            }
            // Where somebody was told, that write has planned the next try already.
            if (left.equals(task.subscribers()) && isTimeToWrite()) {
                write(task, untold -> untold.postponed(now()));
            }
            if (!left.isEmpty()) {
                figures.add(Figure.PUT_OFF);
            }
        }

        private static void count(AtomicInteger failures, boolean isDone) {
            if (isDone) {
                failures.set(0);
            } else {
                failures.incrementAndGet();
            }
        }
    }
}
