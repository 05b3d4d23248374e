package io.smstask.poll;

import io.smstask.json.BadJson;
import io.smstask.lambda.FailureCounts;
import io.smstask.lambda.Log;
import io.smstask.poll.Figures.Figure;
import io.smstask.task.AccountSid;
import io.smstask.task.AuthToken;
import io.smstask.task.CallbackProof;
import io.smstask.task.Claim;
import io.smstask.task.MessageSid;
import io.smstask.task.MessageStatus;
import io.smstask.task.MessageText;
import io.smstask.task.PhoneNumber;
import io.smstask.task.RecordStatus;
import io.smstask.task.Sms;
import io.smstask.task.Source;
import io.smstask.task.StatusReport;
import io.smstask.task.Subscribers;
import io.smstask.task.Task;
import io.smstask.task.TaskId;
import io.smstask.task.TaskStore;
import io.smstask.tell.TellSubscribers;
import io.smstask.testing.HandClock;
import io.smstask.testing.TaskFixture;
import io.smstask.twilio.CallbackKey;
import io.smstask.twilio.StackCredentials;
import io.smstask.twilio.TwilioCredentials;
import io.smstask.twilio.TwilioMessage;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Dispatcher and workers, the real ones, minute by minute on clocks that are moved by hand, with a store, a queue and a Twilio
 * in memory that take as long as the constants say. The queue is in order and not fair, which is the worse case.
 */
final class PollSimulation {

    /** The template's default for {@code PollConcurrency}. */
    static final int WORKERS = 5;

    /** The parameter's least. */
    static final int LEAST_WORKERS = 2;

    static final Duration MINUTE = Duration.ofMinutes(1);

    private static final Duration STORE_CALL = Duration.ofMillis(8);

    /** What a dispatcher takes for one lease. */
    private static final Duration LEASE = STORE_CALL.dividedBy(PollWiring.LEASES_AT_ONCE);

    /** What a worker takes for one of the things that it does at once. */
    private static final Duration STEP = STORE_CALL.dividedBy(PollWiring.TASKS_AT_ONCE);

    private static final Duration LOOK = Duration.ofMillis(240).dividedBy(PollWiring.TASKS_AT_ONCE);
    private static final Duration TELLING = Duration.ofMillis(40).dividedBy(PollWiring.TASKS_AT_ONCE);
    private static final Duration HANGING_LOOK = Duration.ofSeconds(4);
    private static final Duration PAGE = Duration.ofSeconds(2);
    private static final Duration BATCHING_WINDOW = Duration.ofSeconds(1);
    private static final Duration VISIBILITY = Duration.ofMinutes(6);
    private static final Duration RUN = Duration.ofSeconds(60);
    private static final int BATCH = 100;
    private static final int LONG_PAGE = 1000;
    private static final Duration WAIT = Duration.ofHours(24);
    private static final Duration RETRY_AFTER = Duration.ofMinutes(5);
    /** The first look comes then, if no callback does. */
    static final Duration FIRST_POLL = Duration.ofMinutes(15);

    private static final String TASK = "task-";
    private static final CallbackKey KEY = CallbackKey.parse(TaskFixture.KEY).orElseThrow();

    private final SimulatedStore store = new SimulatedStore();
    private final Queue queue = new Queue();
    private final FailureCounts failures = new FailureCounts();
    private final HandClock clock = new HandClock();
    private final PollStates states = new PollFixture.FakeStates(clock);
    private final HandClock dispatcherClock = new HandClock();
    private final List<Sent> sent = new ArrayList<>();
    private final Map<AccountSid, List<Sent>> byAccount = new HashMap<>();
    private final List<Slot> slots = new ArrayList<>();
    private final Dispatcher dispatcher;
    private final CallbackProof sealed =
            KEY.seal(new AuthToken(TaskFixture.TOKEN), new TaskId("sealed"), new SecureRandom());
    private long leased;
    private long looks;
    private long pages;
    private long deadLettersLogged;
    private long setAside;

    /** Twilio answers 429. */
    Predicate<AccountSid> isLimited = account -> false;

    /** Twilio does not answer. */
    Predicate<AccountSid> isHanging = account -> false;

    /** The accounts that have no trouble of their own. */
    Predicate<AccountSid> isBeside = account -> true;

    /** When the trouble ends. */
    Instant troubleEnds = HandClock.START;

    /** The accounts for which the stack holds credentials. */
    Predicate<AccountSid> isHeld = account -> true;

    /** The event bus takes nothing. */
    boolean isBusDown;

    /** Twilio's list knows whole days only, and begins with what was sent last on that day. */
    boolean isListedByDay;

    /** How many messages on one of Twilio's pages are silent; the others take places there only. */
    int silentOfAPage = LONG_PAGE;

    /** One message that a simulated Twilio took. */
    private static final class Sent {
        private final Instant at;
        private final Instant sentAt;
        private final AccountSid account;
        private final boolean isAsked;
        private final TaskId task;

        /** What Twilio says of it: one in ten gets no receipt, one in a hundred is not delivered. */
        private final TwilioMessage truth;

        private Optional<Instant> looked = Optional.empty();
        private Optional<Instant> ended = Optional.empty();
        private Optional<Instant> done = Optional.empty();

        /**
         * @param isAsked whether Twilio can be asked for it
         */
        private Sent(int number, Instant at, AccountSid account, boolean isAsked) {
            this.at = at;
            // One to six seconds after its call.
            this.sentAt = at.plusMillis(1_000 + number * 7_919L % 5_000);
            this.account = account;
            this.isAsked = isAsked;
            this.task = new TaskId(TASK + number);
            this.truth = new TwilioMessage(
                    new MessageSid(String.format("SM%032x", number)),
                    new MessageStatus(number % 10 == 9 ? "sent" : number % 100 == 50 ? "undelivered" : "delivered"),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(1));
        }

        private boolean hasReceipt() {
            return truth.status().isFinal();
        }

        private StatusReport report(String status, Source source) {
            return new StatusReport(
                    truth.sid(),
                    new MessageStatus(status),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(1),
                    source,
                    at);
        }
    }

    /**
     * @param workers how many runs at once
     */
    PollSimulation(int workers) {
        SimulatedStore.Watcher lease = () -> dispatcherClock.move(LEASE);
        dispatcher = new Dispatcher(
                store.watchedBy(lease),
                store,
                queue,
                states,
                failures,
                new Parallel(1),
                new Random(1)::nextDouble,
                dispatcherClock);
        for (int i = 0; i < workers; i++) {
            slots.add(new Slot());
        }
    }

    /** An account by number; the stack holds the credentials of each. */
    static AccountSid account(int number) {
        return new AccountSid(String.format("AC%032x", number));
    }

    Instant now() {
        return clock.instant();
    }

    /** Sends so many messages, spread over the minute before now, whose callbacks are all lost. */
    void sendSilent(int count, AccountSid account) {
        send(count, account, KEY.hash(), false);
    }

    /** As above, with a caller's own token, so that nobody can ask Twilio. */
    void sendByCaller(int count, AccountSid account) {
        send(count, account, sealed, false);
    }

    /** As above, delivered by their callbacks, while the event bus did not take the event. */
    void sendUntold(int count, AccountSid account) {
        send(count, account, KEY.hash(), true);
    }

    private void send(int count, AccountSid account, CallbackProof proof, boolean isUntold) {
        Sms sms = new Sms(
                account,
                new PhoneNumber("+15558675310"),
                Optional.of(new PhoneNumber("+15005550006")),
                Optional.of(new MessageText("Your order is on its way.")),
                Map.of());
        for (int i = 0; i < count; i++) {
            Instant at = now().minus(MINUTE).plusMillis(MINUTE.toMillis() * i / count);
            Sent message = new Sent(sent.size(), at, account, proof != sealed && !isUntold);
            sent.add(message);
            list(message);
            Claim claim = new Claim("claim", 1, at.plusSeconds(28), TaskFixture.BASE, proof);
            Task task = Task.claimed(message.task, sms, claim, at, at.plus(WAIT));
            if (isUntold) {
                task = task.with(new Subscribers(List.of(), Subscribers.Event.WANTED));
            }
            store.add(task);
            store.move(task, message.report("queued", Source.SEND).appliedTo(task));
            if (isUntold) {
                Task queued = store.task(message.task);
                store.move(queued, message.report("delivered", Source.CALLBACK).appliedTo(queued));
                message.ended = Optional.of(at);
            }
        }
    }

    /** Twilio's list is in the order of sending. */
    private void list(Sent message) {
        List<Sent> listed = byAccount.computeIfAbsent(message.account, any -> new ArrayList<>());
        int place = listed.size();
        while (place > 0 && listed.get(place - 1).sentAt.isAfter(message.sentAt)) {
            place--;
        }
        listed.add(place, message);
    }

    /** Silent tasks whose items our code cannot read. */
    void sendUnreadable(int count, AccountSid account) {
        int first = sent.size();
        sendSilent(count, account);
        for (int i = first; i < sent.size(); i++) {
            store.unreadable.add(sent.get(i).task);
        }
    }

    /** Silent tasks whose items take no write, and so no lease. */
    void sendRefusing(int count, AccountSid account) {
        int first = sent.size();
        sendSilent(count, account);
        for (int i = first; i < sent.size(); i++) {
            store.refusing.add(sent.get(i).task);
        }
    }

    /** One minute of the schedule: a dispatch, and what the workers do until the next. */
    void minute() {
        Instant start = now();
        dispatcherClock.move(Duration.between(dispatcherClock.instant(), start));
        Figures dispatched = dispatcher.dispatch(start.plus(RUN), new Log(new Lines()));
        leased += dispatched.get(Figure.LEASED);
        setAside = Math.max(setAside, dispatched.get(Figure.SET_ASIDE));
        clock.move(MINUTE);
        PriorityQueue<Slot> free = new PriorityQueue<>(Comparator.comparing(slot -> slot.time.instant()));
        for (Slot slot : slots) {
            slot.atLeast(start);
            free.add(slot);
        }
        while (free.peek() != null && free.peek().time.instant().isBefore(now())) {
            Slot slot = free.remove();
            slot.run();
            free.add(slot);
        }
    }

    /** Lets minutes pass until every task is done but the poisoned ones. */
    void toTheEnd(Duration most) {
        Instant until = now().plus(most);
        while (store.size() > store.unreadable.size() + store.refusing.size() && now().isBefore(until)) {
            minute();
        }
    }

    /** What came of it all. */
    PollOutcome outcome() {
        return new PollOutcome(
                sent.size(),
                longest(account -> true, PollSimulation::looked, message -> message.at),
                longest(isBeside, PollSimulation::looked, message -> message.at),
                longest(account -> true, message -> message.ended, this::knowable),
                longest(isBeside, message -> message.ended, this::knowable),
                longest(account -> true, PollSimulation::found, message -> later(message.at, troubleEnds)),
                longest(
                        account -> true,
                        message -> message.done,
                        message -> later(message.ended.orElse(now()), troubleEnds)),
                leased,
                looks,
                pages,
                queue.deadLetters.size(),
                deadLettersLogged,
                setAside,
                store.size());
    }

    private static Optional<Instant> looked(Sent message) {
        return message.isAsked ? message.looked : Optional.of(message.at);
    }

    /** When Twilio's own end was found; those without one do not count. */
    private static Optional<Instant> found(Sent message) {
        return message.isAsked && message.hasReceipt() ? message.ended : Optional.of(message.at);
    }

    /** When the poll can know of a message's end at first; what gets no receipt ends with the wait. */
    private Instant knowable(Sent message) {
        return message.at.plus(message.isAsked && message.hasReceipt() ? FIRST_POLL : WAIT);
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    /** The longest time between two moments of one of those accounts' messages that are not poisoned. */
    private Duration longest(
            Predicate<AccountSid> whose, Function<Sent, Optional<Instant>> what, Function<Sent, Instant> since) {
        Duration longest = Duration.ZERO;
        for (Sent message : sent) {
            boolean isPoisoned = store.unreadable.contains(message.task) || store.refusing.contains(message.task);
            if (whose.test(message.account) && !isPoisoned) {
                // What has not happened counts as happening now.
                Duration one = Duration.between(
                        since.apply(message), what.apply(message).orElse(now()));
                longest = one.compareTo(longest) > 0 ? one : longest;
            }
        }
        return longest;
    }

    /** Counts the lines that name a task that was set aside. */
    private final class Lines implements Consumer<String> {
        @Override
        public void accept(String line) {
            deadLettersLogged += line.contains("\"dead_letter\"") ? 1 : 0;
        }
    }

    /** One of the runs at once. */
    private final class Slot implements SimulatedStore.Watcher, MessageReader {

        private final HandClock time = new HandClock();
        private final Set<TaskId> batch = new HashSet<>();
        private final Worker worker;

        Slot() {
            TaskStore watched = store.watchedBy(this);
            StackCredentials stack = new StackCredentials("smstask/", this::secret, time);
            worker = new Worker(
                    watched,
                    new RecordStatus(watched, time),
                    new TellSubscribers(watched, (token, task, limit) -> put(limit), (task, limit) -> put(limit), time),
                    new Looks(stack, this, new FindMessage(watched, store, this, time), states, failures, time),
                    failures,
                    new Parallel(1),
                    new Random(2)::nextDouble,
                    time);
        }

        private Optional<String> secret(String id) {
            String account = id.substring(id.indexOf('/') + 1);
            if (!isHeld.test(new AccountSid(account))) {
                return Optional.empty();
            }
            return Optional.of("{\"AccountSid\":\"" + account + "\",\"AuthToken\":\"" + TaskFixture.TOKEN + "\"}");
        }

        void atLeast(Instant start) {
            if (time.instant().isBefore(start)) {
                time.move(Duration.between(time.instant(), start));
            }
        }

        void run() {
            List<Received> received = queue.receive(time.instant());
            if (received.isEmpty()) {
                atLeast(now());
                return;
            }
            if (received.size() < BATCH) {
                time.move(BATCHING_WINDOW);
            }
            batch.clear();
            for (Received message : received) {
                batch.add(id(message));
            }
            Instant end = time.instant().plus(RUN);
            Worker.Worked worked = worker.work(received, end, new Log(new Lines()));
            if (time.instant().isAfter(end)) {
                throw new IllegalStateException("a run took longer than the function may");
            }
            queue.answered(received, worked.failed(), time.instant());
        }

        private static TaskId id(Received message) {
            try {
                return PollMessage.parse(message.body()).id();
            } catch (BadJson e) {
                throw new IllegalStateException("the dispatcher wrote it", e);
            }
        }

        private boolean put(Duration limit) {
            time.move(isBusDown ? limit : TELLING);
            return !isBusDown;
        }

        @Override
        public void called() {
            time.move(STEP);
        }

        @Override
        public void written(Task before, Task after) {
            Sent message = sent.get(Integer.parseInt(after.id().value().substring(TASK.length())));
            if (before.isOpen() && !after.isOpen()) {
                message.ended = Optional.of(time.instant());
                // A list may have shown it before.
                message.looked = message.looked.or(() -> message.ended);
            }
            if (after.pollAt().isEmpty()) {
                message.done = Optional.of(time.instant());
            }
        }

        @Override
        public Look look(AccountSid account, MessageSid sid, TwilioCredentials credentials) {
            if (isHanging.test(account)) {
                time.move(HANGING_LOOK);
                looks++;
                return new Look.Unreadable();
            }
            time.move(LOOK);
            looks++;
            if (isLimited.test(account)) {
                return new Look.RateLimited(RETRY_AFTER);
            }
            return shown(sent.get(Integer.parseInt(sid.value().substring(2 + 24), 16)));
        }

        private Look.Seen shown(Sent message) {
            if (message.looked.isEmpty() && batch.contains(message.task)) {
                message.looked = Optional.of(time.instant());
            }
            return new Look.Seen(message.truth, Optional.of(message.sentAt.truncatedTo(ChronoUnit.SECONDS)));
        }

        @Override
        public Listing list(Sms sms, Instant since, TwilioCredentials credentials) {
            throw new UnsupportedOperationException("every simulated task knows its message");
        }

        @Override
        public Listing page(
                AccountSid account,
                Instant until,
                String page,
                TwilioCredentials credentials,
                Consumer<Look.Seen> each) {
            if (isHanging.test(account)) {
                time.move(HANGING_LOOK);
                return new Listing.Unreadable();
            }
            time.move(PAGE);
            if (isLimited.test(account)) {
                return new Listing.RateLimited(RETRY_AFTER);
            }
            pages++;
            List<Sent> all = byAccount.get(account);
            Instant listedUntil =
                    isListedByDay ? until.truncatedTo(ChronoUnit.DAYS).plus(1, ChronoUnit.DAYS) : until;
            int from = page.isEmpty() ? sentBy(listedUntil, all) : Integer.parseInt(page);
            int to = Math.max(0, from - silentOfAPage);
            for (int i = from - 1; i >= to; i--) {
                each.accept(shown(all.get(i)));
            }
            return new Listing.PageRead(to == 0 ? "" : Integer.toString(to));
        }
    }

    /** How many of an account's messages were sent before that time. */
    private static int sentBy(Instant until, List<Sent> all) {
        int low = 0;
        int high = all.size();
        while (low < high) {
            int middle = (low + high) / 2;
            if (all.get(middle).sentAt.isBefore(until)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** A queue in order. */
    private static final class Queue implements PollQueue {

        private record Waiting(String id, String body, int receives, Instant visibleAt) {}

        private final Deque<Waiting> waiting = new ArrayDeque<>();
        private final Deque<Waiting> again = new ArrayDeque<>();
        private final Map<String, Waiting> underWay = new HashMap<>();
        private final List<String> deadLetters = new ArrayList<>();
        private long ids;

        @Override
        public long waiting() {
            return waiting.size();
        }

        @Override
        public List<PollMessage> send(List<PollMessage> messages) {
            for (PollMessage message : messages) {
                ids++;
                waiting.add(new Waiting("message-" + ids, message.json(), 0, Instant.MIN));
            }
            return List.of();
        }

        List<Received> receive(Instant now) {
            List<Received> received = new ArrayList<>();
            while (received.size() < BATCH) {
                Deque<Waiting> from =
                        !again.isEmpty() && !again.peek().visibleAt().isAfter(now) ? again : waiting;
                if (from.isEmpty()) {
                    break;
                }
                Waiting next = from.remove();
                int receives = next.receives() + 1;
                underWay.put(next.id(), new Waiting(next.id(), next.body(), receives, now.plus(VISIBILITY)));
                received.add(new Received(next.id(), receives, next.body()));
            }
            return received;
        }

        void answered(List<Received> batch, List<String> failed, Instant now) {
            for (Received message : batch) {
                Waiting handed = underWay.remove(message.messageId());
                if (!failed.contains(message.messageId())) {
                    continue;
                }
                if (message.receives() >= Received.MOST_RECEIVES) {
                    deadLetters.add(message.body());
                } else {
                    again.add(handed);
                }
            }
        }
    }
}
