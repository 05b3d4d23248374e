package io.smstask.poll;

import io.smstask.lambda.FailureCounts;
import io.smstask.lambda.Level;
import io.smstask.lambda.Log;
import io.smstask.lambda.Metric;
import io.smstask.poll.Figures.Figure;
import io.smstask.poll.PollStates.Sent;
import io.smstask.task.AccountSid;
import io.smstask.task.PollKind;
import io.smstask.task.StoreUnavailable;
import io.smstask.task.Task;
import io.smstask.task.TaskId;
import io.smstask.task.TaskIndex;
import io.smstask.task.TaskIndex.Due;
import io.smstask.task.TaskStore;
import io.smstask.task.TaskStore.Rescheduled;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleSupplier;

/**
 * Puts the tasks that are due on the queue. It never works on a task itself, so nothing that is wrong with one keeps another
 * waiting. Each kind has a budget of its own, and they take turns.
 */
final class Dispatcher {

    /** How long a task is leased: longer than the queue hands it over five times. */
    static final Duration LEASE = Duration.ofMinutes(35);

    /** While messages wait longer than this, no more are sent. */
    static final Duration BEHIND = Duration.ofMinutes(5);

    /** The most tasks of each kind in one run. */
    static final Map<PollKind, Integer> BUDGETS =
            Map.of(PollKind.TELL, 3_000, PollKind.END, 6_000, PollKind.LOOK, 12_000);

    /** How many tasks of a kind are leased in its turn. */
    static final int TURN = 100;

    /** The most tasks that a run names in the log because they take no lease; all are counted. */
    static final int MOST_NAMED = 20;

    /** A lease whose answer was lost is recognised when it is taken again. */
    private static final int TRIES = 2;

    /** With less time left than this, what the index has not shown yet waits for the next run. */
    private static final Duration TO_LIST = Duration.ofSeconds(35);

    /** With less time left than this, nothing is read or leased any more: what is leased must reach the queue. */
    private static final Duration TO_LEASE = Duration.ofSeconds(15);

    /** With less time left than this, a batch no longer goes to the queue. */
    private static final Duration TO_SEND = Duration.ofSeconds(8);

    /** With less time left than this, no lease is given back: it ends by itself. */
    private static final Duration TO_RELEASE = Duration.ofSeconds(4);

    private final TaskStore store;
    private final TaskIndex index;
    private final PollQueue queue;
    private final PollStates states;
    private final FailureCounts failures;
    private final Parallel parallel;
    private final DoubleSupplier random;
    private final Clock clock;

    /**
     * @param random from 0 to below 1, spreads the looks of an account after its rest
     */
    Dispatcher(
            TaskStore store,
            TaskIndex index,
            PollQueue queue,
            PollStates states,
            FailureCounts failures,
            Parallel parallel,
            DoubleSupplier random,
            Clock clock) {
        this.store = store;
        this.index = index;
        this.queue = queue;
        this.states = states;
        this.failures = failures;
        this.parallel = parallel;
        this.random = random;
        this.clock = clock;
    }

    /**
     * Dispatches what is due.
     *
     * @param end when the function times out
     */
    Figures dispatch(Instant end, Log log) {
        Run run = new Run(end, log);
        try {
            run.dispatch();
        } catch (StoreUnavailable e) {
            failures.add(e.code(), e);
        } catch (QueueUnavailable e) {
            failures.add("queue_unavailable", e);
        }
        return run.figures;
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    private final class Run {

        private final Instant end;
        private final Log log;
        private final Figures figures = new Figures(EnumSet.of(
                Figure.DUE_TELL,
                Figure.DUE_END,
                Figure.DUE_LOOK,
                Figure.LEASED,
                Figure.PUT_OFF,
                Figure.SET_ASIDE,
                Figure.FAILED));
        private final Map<AccountSid, Optional<Instant>> rests = new ConcurrentHashMap<>();
        private final List<PollMessage> leased = new ArrayList<>();
        private volatile boolean isListed;
        private volatile boolean isQueueOut;

        Run(Instant end, Log log) {
            this.end = end;
            this.log = log;
        }

        void dispatch() {
            Instant start = now();
            List<Sent> sent = new ArrayList<>(states.sent());
            sent.removeIf(one -> one.at().isBefore(start.minus(BEHIND)));
            if (isBehind(sent)) {
                log.event(Level.WARN, "queue_behind")
                        .metric(Metric.QUEUE_BEHIND, 1)
                        .write();
                return;
            }
            try {
                takeTurns(start);
            } finally {
                if (figures.get(Figure.LEASED) > 0) {
                    sent.add(new Sent(start, figures.get(Figure.LEASED)));
                    states.sent(sent);
                }
            }
        }

        /**
         * Whether the queue's oldest message is older than {@link #BEHIND}. The queue does not say, but hands its messages over
         * about in order: if more wait than were sent in that time, the oldest was sent before.
         */
        private boolean isBehind(List<Sent> sent) {
            long recent = 0;
            for (Sent one : sent) {
                recent += one.messages();
            }
            return queue.waiting() > recent;
        }

        private void takeTurns(Instant start) {
            Map<PollKind, DueTasks> due = listed(start);
            Map<PollKind, Integer> left = new EnumMap<>(BUDGETS);
            while (!due.isEmpty()) {
                for (PollKind kind : List.copyOf(due.keySet())) {
                    List<Due> turn = turn(kind, due.get(kind), Math.min(TURN, left.get(kind)), start);
                    left.merge(kind, -turn.size(), Integer::sum);
                    if (turn.isEmpty()) {
                        due.remove(kind);
                    }
                    leased.clear();
                    long failed = figures.get(Figure.FAILED);
                    parallel.forEach(turn, task -> lease(kind, task));
                    if (figures.get(Figure.FAILED) - failed == TURN) {
                        // The store is out; a single task that fails does not look like that.
                        due.remove(kind);
                    }
                    send();
                    if (isQueueOut) {
                        // What is due goes back as if it had just become due: its age would hide that nothing gets on.
                        figures.remove(Figure.OLDEST_SECONDS);
                        return;
                    }
                }
            }
        }

        /** The first page of each part of the index is read now, the others when their turn comes. */
        private Map<PollKind, DueTasks> listed(Instant start) {
            Map<PollKind, DueTasks> due = new EnumMap<>(PollKind.class);
            List<List<Runnable>> reads = new ArrayList<>();
            for (PollKind kind : PollKind.values()) {
                DueTasks tasks = new DueTasks(failures);
                due.put(kind, tasks);
                List<Runnable> ofKind = new ArrayList<>();
                reads.add(ofKind);
                try {
                    for (Iterator<Due> part : index.due(kind, start, this::isTimeToRead)) {
                        ofKind.add(() -> tasks.read(part));
                    }
                } catch (StoreUnavailable e) {
                    tasks.fail(e);
                }
            }
            parallel.forEach(Parallel.inTurn(reads), Runnable::run);
            isListed = true;
            if (due.values().stream().noneMatch(DueTasks::hasFailed)) {
                figures.atLeast(Figure.OLDEST_SECONDS, 0);
            }
            return due;
        }

        private boolean isTimeToRead() {
            return isTimeFor(isListed ? TO_LEASE : TO_LIST);
        }

        private boolean isTimeFor(Duration step) {
            return !now().plus(step).isAfter(end);
        }

        private List<Due> turn(PollKind kind, DueTasks tasks, int most, Instant start) {
            List<Due> turn = new ArrayList<>();
            while (turn.size() < most && isTimeFor(TO_LEASE)) {
                Optional<Due> task = tasks.next();
                if (task.isEmpty()) {
                    break;
                }
                turn.add(task.get());
                figures.add(Figure.valueOf("DUE_" + kind.name()));
                BigDecimal millis = BigDecimal.valueOf(start.toEpochMilli())
                        .subtract(task.get().pollAt());
                figures.atLeast(
                        Figure.OLDEST_SECONDS,
                        millis.min(BigDecimal.valueOf(Long.MAX_VALUE)).longValue() / 1000);
            }
            return turn;
        }

        private void lease(PollKind kind, Due task) {
            Instant until = now().plus(LEASE);
            for (int i = 0; i < TRIES && isTimeFor(TO_LEASE); i++) {
                try {
                    store.reschedule(task.id(), task.pollAt(), until)
                            .match(moved -> leased(kind, task.id(), moved, until), () -> {}, () -> setAside(task.id()));
                    return;
                } catch (StoreUnavailable e) {
                    failures.add(e.code(), e);
                }
            }
            figures.add(Figure.FAILED);
        }

        private synchronized void setAside(TaskId id) {
            figures.add(Figure.SET_ASIDE);
            if (figures.get(Figure.SET_ASIDE) <= MOST_NAMED) {
                log.event(Level.WARN, "not_leased").task(id).write();
            }
        }

        private void leased(PollKind kind, TaskId id, Rescheduled.Moved moved, Instant until) {
            PollMessage message = new PollMessage(id, moved.account(), until);
            if (kind == PollKind.LOOK && isPutOff(message, moved)) {
                figures.add(Figure.PUT_OFF);
                return;
            }
            synchronized (this) {
                leased.add(message);
            }
        }

        /** Moves a look past its account's rest. A look that cannot be moved goes to a worker, which honours the rest as well. */
        private boolean isPutOff(PollMessage message, Rescheduled.Moved moved) {
            Optional<Instant> restsUntil = message.account().flatMap(this::rest);
            Optional<Instant> patienceEnds = moved.dueAt().map(at -> at.plus(Task.PATIENCE));
            if (restsUntil.isEmpty() || patienceEnds.isPresent() && !now().isBefore(patienceEnds.get())) {
                return false;
            }
            Instant next = Worker.afterRest(restsUntil.get(), random);
            try {
                message.reschedule(store, patienceEnds.filter(next::isAfter).orElse(next));
                return true;
            } catch (StoreUnavailable e) {
                failures.add(e.code(), e);
                return false;
            }
        }

        /** A state that cannot be read keeps no look waiting. */
        private Optional<Instant> rest(AccountSid account) {
            Optional<Instant> known = rests.get(account);
            if (known == null) {
                try {
                    known = states.restsUntil(account).filter(until -> now().isBefore(until));
                } catch (StoreUnavailable e) {
                    failures.add(e.code(), e);
                    known = Optional.empty();
                }
                rests.put(account, known);
            }
            return known;
        }

        private void send() {
            List<List<PollMessage>> batches = new ArrayList<>();
            for (int i = 0; i < leased.size(); i += PollQueue.MOST) {
                batches.add(leased.subList(i, Math.min(leased.size(), i + PollQueue.MOST)));
            }
            parallel.forEach(batches, this::send);
        }

        private void send(List<PollMessage> batch) {
            List<PollMessage> unsent = batch;
            try {
                if (isTimeFor(TO_SEND)) {
                    unsent = queue.send(batch);
                }
            } catch (QueueUnavailable e) {
                failures.add("queue_unavailable", e);
                isQueueOut = true;
            }
            figures.add(Figure.LEASED, batch.size() - unsent.size());
            unsent.forEach(this::release);
        }

        /** The next run takes the task again; if this fails, the lease ends by itself. */
        private void release(PollMessage message) {
            figures.add(Figure.FAILED);
            if (!isTimeFor(TO_RELEASE)) {
                return;
            }
            try {
                message.reschedule(store, now());
            } catch (StoreUnavailable e) {
                failures.add(e.code(), e);
            }
        }
    }
}
