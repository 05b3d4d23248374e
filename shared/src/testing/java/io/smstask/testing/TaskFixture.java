package io.smstask.testing;

import io.smstask.lambda.FailureCounts;
import io.smstask.task.AccountSid;
import io.smstask.task.CallFailure;
import io.smstask.task.CallbackProof;
import io.smstask.task.Claim;
import io.smstask.task.Escalation;
import io.smstask.task.MessageSid;
import io.smstask.task.MessageStatus;
import io.smstask.task.MessageText;
import io.smstask.task.PhoneNumber;
import io.smstask.task.Sms;
import io.smstask.task.Source;
import io.smstask.task.StatusReport;
import io.smstask.task.Subscribers;
import io.smstask.task.Task;
import io.smstask.task.TaskId;
import io.smstask.task.TaskStore;
import io.smstask.task.TaskToken;
import io.smstask.task.TextRemovingStore;
import io.smstask.tell.TellSubscribers;
import io.smstask.twilio.CallbackKey;
import io.smstask.twilio.CredentialsUnavailable;
import io.smstask.twilio.StackCredentials;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The surroundings of a function in memory: a store with the task of the event files, the stack's secret, Step Functions,
 * an event bus and a clock.
 *
 * @param <S> the function's own fixture
 */
public abstract class TaskFixture<S extends TaskFixture<S>> {

    public static final String BASE = "https://callbacks.example.com";
    public static final String KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
    public static final String ID = "order-4711";
    public static final String ACCOUNT = "AC00000000000000000000000000000001";
    public static final String TOKEN = "0123456789abcdef0123456789abcdef";
    public static final String SID = "SM00000000000000000000000000000001";
    public static final String OTHER_SID = "SM00000000000000000000000000000002";

    protected static final TaskId TASK = new TaskId(ID);

    /** The id of the stack's secret, if it has one. */
    protected static final String SECRET_ID = "smstask/twilio";

    public final HandClock clock = new HandClock();
    public final FaultyStore store = new FaultyStore();
    /** The store as the functions use it. */
    protected final TaskStore asUsed = TextRemovingStore.over(store, false);

    public final FailureCounts failures = new FailureCounts();

    /** The tasks that an execution or the bus was given, oldest first. */
    public final List<Task> told = new ArrayList<>();

    /** The tokens that Step Functions was asked to resume, oldest first. */
    public final List<TaskToken> resumed = new ArrayList<>();

    /** The statuses in the events that were put on the bus, oldest first. */
    public final List<String> events = new ArrayList<>();

    /** Whether Step Functions and the bus work. */
    public boolean othersAreThere = true;

    /** Whether Step Functions works, if {@link #othersAreThere}. */
    public boolean executionsAreThere = true;

    /** Whether the bus works, if {@link #othersAreThere}. */
    public boolean busIsThere = true;

    /** How long Step Functions takes to answer, within the limit. */
    public Duration timeToResume = Duration.ZERO;

    /** How long Secrets Manager takes to answer. */
    public Duration timeToReadSecret = Duration.ZERO;

    protected final CallbackKey key = CallbackKey.parse(KEY).orElseThrow();
    protected final StackCredentials stack;
    protected final TellSubscribers tellSubscribers;

    private @Nullable String secret;
    private boolean secretIsReadable = true;
    private int secretReads;

    /**
     * @param secretId the id of the stack's secret; empty if it has none
     */
    protected TaskFixture(Optional<String> secretId) {
        stack = new StackCredentials(secretId.orElse(""), this::readSecret, clock);
        tellSubscribers = new TellSubscribers(asUsed, this::resume, this::put, clock);
    }

    /** A secret with the task's account and this token. */
    public static String secret(String authToken) {
        return "{\"AccountSid\":\"" + ACCOUNT + "\",\"AuthToken\":\"" + authToken + "\"}";
    }

    /** This fixture. */
    protected abstract S self();

    private boolean resume(TaskToken token, Task task, Duration limit) {
        resumed.add(token);
        told.add(task);
        clock.move(timeToResume.compareTo(limit) < 0 ? timeToResume : limit);
        return othersAreThere && executionsAreThere;
    }

    private boolean put(Task task, Duration limit) {
        told.add(task);
        events.add(task.status().map(MessageStatus::word).orElse(""));
        return othersAreThere && busIsThere;
    }

    /** Registers executions that wait for the task. */
    public S waitedForBy(String... tokens) {
        for (String token : tokens) {
            if (!store.undisturbed().register(TASK, new TaskToken(token))) {
                throw new IllegalStateException("there is no task to wait for");
            }
        }
        return self();
    }

    /** As if the task had been claimed with an event bus. */
    public S withEvent() {
        Task claimed = stored();
        store.forgetAll();
        store.undisturbed().claim(claimed.with(new Subscribers(List.of(), Subscribers.Event.WANTED)));
        return self();
    }

    public void secretBecomes(@Nullable String json) {
        secret = json;
    }

    public void secretCannotBeRead() {
        secretIsReadable = false;
    }

    public int secretReads() {
        return secretReads;
    }

    /** As send-function records Twilio's answer. */
    public S recorded(String status) {
        return recorded(TASK, status);
    }

    /** As above, for another task. */
    public S recorded(TaskId id, String status) {
        return recorded(id, status, new MessageSid(SID));
    }

    /** As above, with another message. */
    public S recorded(TaskId id, String status, MessageSid sid) {
        Task task = store.undisturbed().find(id).orElseThrow();
        StatusReport report = new StatusReport(
                sid,
                new MessageStatus(status),
                Optional.empty(),
                Optional.empty(),
                Optional.of(1),
                Source.SEND,
                clock.instant());
        store.undisturbed().replace(task, report.appliedTo(task));
        return self();
    }

    /** As send-function records a call without an answer. */
    public S recordedUnknown(CallFailure failure) {
        Escalation unknown = new Escalation.CallError(failure, "Nobody knows.");
        store.undisturbed().replace(stored(), stored().escalated(unknown, clock.instant()));
        return self();
    }

    /** The task as stored. */
    public Task stored() {
        return store.undisturbed().find(TASK).orElseThrow();
    }

    /** The stored status, or an empty text. */
    public String status() {
        return stored().status().map(MessageStatus::word).orElse("");
    }

    /** The code of the stored escalation, or an empty text. */
    public String code() {
        return stored().escalation().map(Escalation::code).orElse("");
    }

    /** Claims another task that is due for a poll at that time. */
    public TaskId alsoHas(String id, Instant pollAt) {
        TaskId other = new TaskId(id);
        claim(other, BASE, key.hash());
        Instant claimed = store.undisturbed().find(other).orElseThrow().pollAt().orElseThrow();
        store.undisturbed().reschedule(other, BigDecimal.valueOf(claimed.toEpochMilli()), pollAt);
        return other;
    }

    /** Claims a task in its first attempt, while the callback API has this base URL. */
    protected void claim(TaskId id, String base, CallbackProof proof) {
        claim(new AccountSid(ACCOUNT), id, base, proof);
    }

    /** As above, for another account. */
    protected void claim(AccountSid account, TaskId id, String base, CallbackProof proof) {
        Sms sms = new Sms(
                account,
                new PhoneNumber("+15558675310"),
                Optional.of(new PhoneNumber("+15005550006")),
                Optional.of(new MessageText("Your order 4711 is on its way.")),
                Map.of());
        Claim claim = new Claim("claim-1", 1, clock.instant().plusSeconds(28), base, proof);
        store.undisturbed()
                .claim(Task.claimed(
                        id, sms, claim, clock.instant(), clock.instant().plus(Duration.ofHours(24))));
    }

    private Optional<String> readSecret(String id) {
        secretReads++;
        clock.move(timeToReadSecret);
        if (!secretIsReadable) {
            throw new CredentialsUnavailable("the test's secret cannot be read", new IllegalStateException("down"));
        }
        return Optional.ofNullable(secret);
    }
}
