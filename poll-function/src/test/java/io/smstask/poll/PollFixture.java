package io.smstask.poll;

import static org.assertj.core.api.Assertions.assertThat;

import io.smstask.aws.AwsError;
import io.smstask.lambda.Log;
import io.smstask.poll.Figures.Figure;
import io.smstask.settings.Settings;
import io.smstask.task.AccountSid;
import io.smstask.task.AuthToken;
import io.smstask.task.MessageSid;
import io.smstask.task.MessageStatus;
import io.smstask.task.RecordStatus;
import io.smstask.task.Sms;
import io.smstask.task.Subscribers;
import io.smstask.task.Task;
import io.smstask.task.TaskId;
import io.smstask.task.TaskStore;
import io.smstask.task.TaskToken;
import io.smstask.task.UnreadableTask;
import io.smstask.testing.HandClock;
import io.smstask.testing.TaskFixture;
import io.smstask.testing.TestContext;
import io.smstask.twilio.TwilioCredentials;
import io.smstask.twilio.TwilioMessage;
import java.math.BigDecimal;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** poll-function's parts in memory. */
final class PollFixture extends TaskFixture<PollFixture> {

    /** What is left of a run's time when it begins. */
    static final Duration RUN = Duration.ofSeconds(60);

    /** What Twilio answers about the message. */
    MessageReader.Look look = new MessageReader.Look.Unreadable();

    /** What Twilio's list of messages to a recipient holds. */
    MessageReader.Listing listing = new MessageReader.Listing.Read(List.of());

    /** How often Twilio was asked for a message. */
    int looks;

    /** The tokens with which Twilio was asked, oldest first. */
    final List<String> tokens = new ArrayList<>();

    /** When Twilio sent any message, as a look at it shows. */
    Optional<Instant> sentAt = Optional.of(HandClock.START);

    /** How long Twilio takes to answer. */
    Duration timeToLook = Duration.ZERO;

    private final Set<TaskId> refusing = new HashSet<>();
    private final Set<TaskId> unreadable = new HashSet<>();

    final FakeQueue queue = new FakeQueue();
    final FakeStates states = new FakeStates(clock);
    final TestContext context = new TestContext(RUN);
    final MessageReader messages = new FakeMessage();
    final Dispatcher dispatcher;
    final Worker worker;

    private PollFixture(Optional<String> secretId) {
        super(secretId);
        TaskStore poisoned = new PoisonedStore(asUsed, refusing, unreadable);
        dispatcher = new Dispatcher(poisoned, store, queue, states, failures, new Parallel(1), () -> 0.5, clock);
        worker = new Worker(
                poisoned,
                new RecordStatus(asUsed, clock),
                tellSubscribers,
                new Looks(stack, messages, new FindMessage(store, store, messages, clock), states, failures, clock),
                failures,
                new Parallel(1),
                () -> 0.5,
                clock);
    }

    /** With a task that is sent with its caller's own token, so poll-function cannot ask Twilio. */
    static PollFixture withTask() {
        PollFixture fixture = new PollFixture(Optional.empty());
        fixture.claim(TASK, BASE, fixture.key.seal(new AuthToken(TOKEN), TASK, new SecureRandom()));
        return fixture;
    }

    /** With a task that is sent with a caller's own AuthToken, of an account that the stack holds as well. */
    static PollFixture withTaskOfAnAccountOfTheStack(String secretJson) {
        PollFixture fixture = new PollFixture(Optional.of(SECRET_ID));
        fixture.secretBecomes(secretJson);
        fixture.claim(TASK, BASE, fixture.key.seal(new AuthToken(TOKEN), TASK, new SecureRandom()));
        return fixture;
    }

    /** With a task that is sent with the stack's own credentials. */
    static PollFixture withTaskOfTheStack(String secretJson) {
        PollFixture fixture = new PollFixture(Optional.of(SECRET_ID));
        fixture.secretBecomes(secretJson);
        fixture.claim(TASK, BASE, fixture.key.hash());
        return fixture;
    }

    @Override
    protected PollFixture self() {
        return this;
    }

    /** From now on, the store takes no write of the task's poll. */
    void refuses(String id) {
        refusing.add(new TaskId(id));
    }

    /** From now on, the task's item is none that can be read. */
    void cannotBeRead(TaskId id) {
        unreadable.add(id);
    }

    /** Claims another task, of another account. */
    TaskId alsoHasOf(String account, String id) {
        TaskId other = new TaskId(id);
        claim(new AccountSid(account), other, BASE, key.hash());
        return other;
    }

    /** Claims another task, whose item says that it was made at that time. */
    TaskId alsoHasMadeAt(Instant createdAt, String id) {
        TaskId other = new TaskId(id);
        claim(other, BASE, key.hash());
        Task claimed = store.undisturbed().find(other).orElseThrow();
        store.forgetAll();
        claim(TASK, BASE, key.hash());
        store.undisturbed().claim(Task.claimed(other, claimed.sms(), claimed.claim(), createdAt, claimed.dueAt()));
        return other;
    }

    /** Has another task that has ended and of which nobody has been told yet: by an event and to these tokens. */
    TaskId alsoHasEnded(String id, boolean isEventWanted, String... tokens) {
        TaskId other = alsoHas(id, clock.instant());
        if (isEventWanted) {
            Task claimed = store.undisturbed().find(other).orElseThrow();
            store.undisturbed().replace(claimed, claimed.with(new Subscribers(List.of(), Subscribers.Event.WANTED)));
        }
        recorded(other, "queued");
        for (String token : tokens) {
            waitedForBy(other, token);
        }
        recorded(other, "delivered");
        return other;
    }

    /** As if another execution had begun to wait for that task. */
    void waitedForBy(TaskId id, String token) {
        store.undisturbed().register(id, new TaskToken(token));
    }

    /** As if the stack's secret had been read before. */
    void secretIsCached() {
        stack.account(new AccountSid(ACCOUNT));
    }

    /** The parts for the handler. */
    PollWiring wiring() {
        return new PollWiring(
                dispatcher,
                worker,
                new Log.Function(Settings.from(Map.of("AWS_ACCESS_KEY_ID", "k", "AWS_SECRET_ACCESS_KEY", "s")), clock),
                failures,
                clock);
    }

    /** One dispatch, and all that the queue hands over after it. */
    Figures run() {
        Figures dispatched = dispatch();
        Figures worked = work().figures();
        Figures both = new Figures(EnumSet.noneOf(Figure.class));
        for (Figure figure : Figure.values()) {
            both.atLeast(figure, dispatched.get(figure) + worked.get(figure));
        }
        return both;
    }

    Figures dispatch() {
        return dispatcher.dispatch(clock.instant().plus(RUN), log());
    }

    /** Hands over all that waits, each message for the first time or once more. */
    Worker.Worked work() {
        Worker.Worked worked = worker.work(queue.receive(), clock.instant().plus(RUN), log());
        queue.answered(worked.failed());
        return worked;
    }

    Log log() {
        return new Log(context);
    }

    /** A queue that hands over all its messages at once, and those that failed again. */
    static final class FakeQueue implements PollQueue {

        final List<PollMessage> sent = new ArrayList<>();
        final List<PollMessage> waiting = new ArrayList<>();
        final List<String> deadLetters = new ArrayList<>();
        private final Map<String, Integer> receives = new HashMap<>();
        private final Map<String, String> bodies = new HashMap<>();

        /** The ids of tasks that it refuses. */
        final Set<String> refused = new HashSet<>();

        boolean isThere = true;
        long others;

        @Override
        public synchronized long waiting() {
            check();
            return receives.size() + waiting.size() + others;
        }

        @Override
        public synchronized List<PollMessage> send(List<PollMessage> messages) {
            check();
            assertThat(messages).hasSizeBetween(1, MOST);
            List<PollMessage> notTaken = new ArrayList<>();
            for (PollMessage message : messages) {
                if (refused.contains(message.id().value())) {
                    notTaken.add(message);
                } else {
                    sent.add(message);
                    waiting.add(message);
                }
            }
            return notTaken;
        }

        private void check() {
            if (!isThere) {
                throw new QueueUnavailable(new AwsError("", 0));
            }
        }

        List<Received> receive() {
            for (PollMessage message : waiting) {
                String id = "message-" + bodies.size();
                bodies.put(id, message.json());
                receives.put(id, 0);
            }
            waiting.clear();
            List<Received> received = new ArrayList<>();
            for (String id : List.copyOf(receives.keySet())) {
                received.add(new Received(id, receives.merge(id, 1, Integer::sum), bodies.get(id)));
            }
            return received;
        }

        void answered(List<String> failed) {
            receives.keySet().retainAll(failed);
            for (String id : failed) {
                if (receives.get(id) >= Received.MOST_RECEIVES) {
                    receives.remove(id);
                    deadLetters.add(bodies.get(id));
                }
            }
        }
    }

    /** The states in memory. They pass the same contract as the real ones. */
    static final class FakeStates implements PollStates {

        final Map<AccountSid, Instant> rests = new ConcurrentHashMap<>();

        /** What reading a state throws. */
        Optional<RuntimeException> fault = Optional.empty();

        private final Clock clock;
        private List<Sent> sent = List.of();

        FakeStates(Clock clock) {
            this.clock = clock;
        }

        @Override
        public Optional<Instant> restsUntil(AccountSid account) {
            if (fault.isPresent()) {
                throw fault.get();
            }
            return Optional.ofNullable(rests.get(account));
        }

        @Override
        public void rest(AccountSid account, Instant until) {
            rests.merge(account, until, (before, now) -> before.isAfter(now) ? before : now);
        }

        @Override
        public void resume(AccountSid account) {
            rests.computeIfPresent(account, (any, until) -> until.isAfter(clock.instant()) ? until : null);
        }

        @Override
        public List<Sent> sent() {
            return sent.stream()
                    .filter(one -> !one.at().isAfter(clock.instant()))
                    .toList();
        }

        @Override
        public void sent(List<Sent> newSent) {
            sent = List.copyOf(newSent);
        }
    }

    /** A store with items that are broken in some way. */
    private record PoisonedStore(TaskStore store, Set<TaskId> refusing, Set<TaskId> unreadable) implements TaskStore {

        @Override
        public ClaimResult claim(Task task) {
            return store.claim(task);
        }

        @Override
        public ClaimResult claimAgain(Task seen, Task again) {
            return store.claimAgain(seen, again);
        }

        @Override
        public WriteResult replace(Task seen, Task next) {
            return store.replace(seen, next);
        }

        @Override
        public Optional<Task> find(TaskId id) {
            if (unreadable.contains(id)) {
                throw new UnreadableTask(id);
            }
            return store.find(id);
        }

        @Override
        public Rescheduled reschedule(TaskId id, BigDecimal seen, Instant to) {
            return refusing.contains(id) ? new Rescheduled.Refused() : store.reschedule(id, seen, to);
        }
    }

    private final class FakeMessage implements MessageReader {

        @Override
        public Look look(AccountSid account, MessageSid sid, TwilioCredentials credentials) {
            looks++;
            clock.move(timeToLook);
            tokens.add(credentials.password().reveal());
            return tokenIsGood(credentials) ? look(sid) : new Look.Refused();
        }

        private Look look(MessageSid sid) {
            return look instanceof Look.Seen seen
                    ? new Look.Seen(
                            new TwilioMessage(
                                    sid,
                                    seen.message().status(),
                                    seen.message().errorCode(),
                                    seen.message().errorText(),
                                    seen.message().numSegments()),
                            sentAt)
                    : look;
        }

        private boolean tokenIsGood(TwilioCredentials credentials) {
            return goodToken.isEmpty()
                    || goodToken.equals(credentials.password().reveal());
        }

        @Override
        public Listing page(
                AccountSid account,
                Instant until,
                String page,
                TwilioCredentials credentials,
                Consumer<Look.Seen> each) {
            pageTimes.add(until);
            if (pageFault.isPresent()) {
                throw pageFault.get();
            }
            if (pages.isEmpty()) {
                return look instanceof Look.RateLimited limited
                        ? new Listing.RateLimited(limited.retryAfter())
                        : tokenIsGood(credentials) ? new Listing.PageRead("") : new Listing.Refused();
            }
            int number = page.isEmpty() ? 0 : Integer.parseInt(page);
            pages.get(number).forEach(message -> each.accept(new Look.Seen(message, sentAt)));
            pagesRead++;
            clock.move(timeToPage);
            return new Listing.PageRead(number + 1 < pages.size() ? Integer.toString(number + 1) : "");
        }

        @Override
        public Listing list(Sms sms, Instant since, TwilioCredentials credentials) {
            assertThat(credentials.username()).isEqualTo(sms.account().value());
            return listing;
        }
    }

    /** What is on the pages of Twilio's list, first page first; empty if the list cannot be read. */
    List<List<TwilioMessage>> pages = List.of();

    /** How long Twilio takes to answer with a page. */
    Duration timeToPage = Duration.ZERO;

    /** What reading such a page throws. */
    Optional<RuntimeException> pageFault = Optional.empty();

    /** How many pages of it were read. */
    int pagesRead;

    /** By when what a page shows was to be sent, for each page that was asked for. */
    final List<Instant> pageTimes = new ArrayList<>();

    /** The only token that Twilio takes; empty if it takes any. */
    String goodToken = "";

    /** The ids of the tasks that were sent to the queue. */
    List<TaskId> sent() {
        return queue.sent.stream().map(PollMessage::id).toList();
    }

    /** A look that shows the fixture's message with this status. */
    static MessageReader.Look seen(String status) {
        return new MessageReader.Look.Seen(new TwilioMessage(
                new MessageSid(SID), new MessageStatus(status), Optional.empty(), Optional.empty(), Optional.of(1)));
    }
}
