package io.smstask.callback;

import static org.assertj.core.api.Assertions.assertThat;

import io.smstask.callback.StatusCallbacks.Received;
import io.smstask.credentials.CredentialsUnavailable;
import io.smstask.credentials.StackCredentials;
import io.smstask.credentials.TwilioCredentials;
import io.smstask.lambda.HttpRequest;
import io.smstask.lambda.Priming;
import io.smstask.seal.CallbackKey;
import io.smstask.task.AccountSid;
import io.smstask.task.AuthToken;
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
import io.smstask.task.TaskToken;
import io.smstask.testing.FaultyStore;
import io.smstask.testing.HandClock;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** callback-function's parts in memory: a store with the task of the event files, a shelf for the stack's secret, a clock. */
final class CallbackStage {

    static final String BASE = "https://callbacks.example.com";
    static final String KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
    static final String ID = "order-4711";
    static final String ACCOUNT = "AC00000000000000000000000000000001";
    static final String TOKEN = "0123456789abcdef0123456789abcdef";
    static final String SID = "SM00000000000000000000000000000001";
    static final String OTHER_SID = "SM00000000000000000000000000000002";

    private static final TaskId TASK = new TaskId(ID);

    final HandClock clock = new HandClock();
    final FaultyStore store = new FaultyStore();
    final TellSubscribers tellSubscribers;
    final StatusCallbacks statusCallbacks;
    final Poll poll;
    final FailureCounts failures = new FailureCounts();
    /** What Twilio says when it is asked for the message. */
    MessageReader.Look look = new MessageReader.Look.Unreadable();

    /** How often Twilio was asked. */
    int looks;

    /** Whom Step Functions was asked to resume, oldest first. */
    final List<TaskToken> resumed = new ArrayList<>();

    /** The statuses of the tasks whose events the bus was given, oldest first. */
    final List<String> events = new ArrayList<>();

    /** Whether Step Functions and the bus do what they are asked. */
    boolean othersAreThere = true;

    /** How long Step Functions takes for an answer, if it is given so long. */
    Duration timeToResume = Duration.ZERO;

    /** How long Secrets Manager takes for an answer. */
    Duration timeToReadSecret = Duration.ZERO;
    /** What Twilio says when it is asked for the list. */
    MessageReader.Listing listing = new MessageReader.Listing.Unreadable();

    /** How often Twilio was asked for the list. */
    int lists;

    private final CallbackKey key = CallbackKey.parse(KEY).orElseThrow();
    private @Nullable String secret;
    private boolean secretIsReadable = true;
    private int secretReads;

    private CallbackStage(Optional<String> secretId) {
        StackCredentials stack = new StackCredentials(secretId, this::readSecret, clock);
        RecordStatus recordStatus = new RecordStatus(store, clock);
        tellSubscribers = new TellSubscribers(store, this::resume, Optional.of(this::put), clock);
        statusCallbacks = new StatusCallbacks(store, recordStatus, tellSubscribers, stack, clock);
        poll = new Poll(store, recordStatus, tellSubscribers, stack, new Twilio(), failures, clock);
    }

    /** A task that its caller's own token sends: the item holds the token, sealed. */
    static CallbackStage withTask() {
        return withTask(BASE);
    }

    /** The same, claimed when the callback API was reached under this base. */
    static CallbackStage withTask(String base) {
        CallbackStage stage = new CallbackStage(Optional.empty());
        stage.claim(base, stage.key.seal(new AuthToken(TOKEN), TASK, new SecureRandom()));
        return stage;
    }

    /** A task whose caller brought this token for signatures beside the one that sends. */
    static CallbackStage withTaskSignedAlsoWith(String signingToken) {
        CallbackStage stage = new CallbackStage(Optional.empty());
        stage.claim(BASE, stage.key.seal(new AuthToken(TOKEN), new AuthToken(signingToken), TASK, new SecureRandom()));
        return stage;
    }

    /** A task that the stack's own credentials send: the item holds a hash of the key. */
    static CallbackStage withTaskOfTheStack(String secretJson) {
        CallbackStage stage = new CallbackStage(Optional.of("smstask/twilio"));
        stage.secret = secretJson;
        stage.claim(BASE, stage.key.hash());
        return stage;
    }

    /** The secret of the task's account with this token. */
    static String secret(String authToken) {
        return "{\"AccountSid\":\"" + ACCOUNT + "\",\"AuthToken\":\"" + authToken + "\"}";
    }

    private final class Twilio implements MessageReader {

        @Override
        public Look look(AccountSid account, MessageSid sid, TwilioCredentials credentials) {
            looks++;
            assertThat(account.value()).isEqualTo(ACCOUNT);
            assertThat(sid.value()).isEqualTo(SID);
            assertThat(credentials.username()).isEqualTo(ACCOUNT);
            return look;
        }

        @Override
        public Listing list(Sms sms, Instant since, TwilioCredentials credentials) {
            lists++;
            assertThat(credentials.username()).isEqualTo(sms.account().value());
            return listing;
        }
    }

    private boolean resume(TaskToken token, Task task, Duration limit) {
        resumed.add(token);
        clock.move(timeToResume.compareTo(limit) < 0 ? timeToResume : limit);
        return othersAreThere;
    }

    private boolean put(Task task, Duration limit) {
        events.add(task.status().map(MessageStatus::word).orElse(""));
        return othersAreThere;
    }

    /** An execution begins to wait for the task. */
    CallbackStage waitedForBy(String... tokens) {
        for (String token : tokens) {
            assertThat(store.undisturbed().register(TASK, new TaskToken(token))).isTrue();
        }
        return this;
    }

    /** The stack has an event bus since before the task was claimed. */
    CallbackStage withEvent() {
        Task claimed = stored();
        store.forgetAll();
        store.undisturbed().claim(claimed.with(new Subscribers(List.of(), Subscribers.Event.WANTED)));
        return this;
    }

    /** The parts as the handler takes them. */
    CallbackWiring wiring() {
        return new CallbackWiring(statusCallbacks, poll, failures, clock, Priming.NONE);
    }

    void secretBecomes(@Nullable String json) {
        secret = json;
    }

    void secretCannotBeRead() {
        secretIsReadable = false;
    }

    int secretReads() {
        return secretReads;
    }

    /** send-function records what Twilio answered. */
    CallbackStage recorded(String status) {
        return recorded(TASK, status);
    }

    CallbackStage recorded(TaskId id, String status) {
        Task task = store.undisturbed().find(id).orElseThrow();
        StatusReport report = new StatusReport(
                new MessageSid(SID),
                new MessageStatus(status),
                Optional.empty(),
                Optional.of(1),
                Source.SEND,
                clock.instant());
        store.undisturbed().replace(task, report.appliedTo(task));
        return this;
    }

    /** send-function records that it got no answer. */
    CallbackStage recordedUnknown(CallFailure failure) {
        Escalation unknown = new Escalation.CallError(failure, "Nobody knows.");
        store.undisturbed().replace(stored(), stored().escalated(Optional.empty(), unknown, clock.instant()));
        return this;
    }

    Receipt receive(ACallback callback) {
        return receive(callback.request());
    }

    Receipt receive(HttpRequest request) {
        return received(request).receipt();
    }

    Received received(HttpRequest request) {
        return statusCallbacks.receive(request);
    }

    /** The task as stored. */
    Task stored() {
        return store.undisturbed().find(TASK).orElseThrow();
    }

    boolean hasTask() {
        return store.undisturbed().find(TASK).isPresent();
    }

    /** The stored status, empty where there is none. */
    String status() {
        return stored().status().map(MessageStatus::word).orElse("");
    }

    /** The code of the stored escalation, empty where there is none. */
    String code() {
        return stored().escalation().map(Escalation::code).orElse("");
    }

    /** The notes in the history, oldest first; an empty text where an entry has none. */
    List<String> notes() {
        return stored().history().stream().map(entry -> entry.note().orElse("")).toList();
    }

    /** A second task, to be looked at then. */
    TaskId alsoHas(String id, Instant pollAt) {
        TaskId other = new TaskId(id);
        claim(other, BASE, key.hash());
        store.undisturbed().setAside(other, Instant.MAX, pollAt);
        return other;
    }

    private void claim(String base, CallbackProof proof) {
        claim(TASK, base, proof);
    }

    private void claim(TaskId id, String base, CallbackProof proof) {
        Sms sms = new Sms(
                new AccountSid(ACCOUNT),
                new PhoneNumber("+15558675310"),
                Optional.of(new PhoneNumber("+15005550006")),
                Optional.of(new MessageText("Your order 4711 is on its way.")),
                Map.of());
        Claim claim = new Claim("claim-1", 1, clock.instant().plusSeconds(28), base, proof);
        store.undisturbed()
                .claim(Task.claimed(
                        id, sms, claim, clock.instant(), clock.instant().plus(Duration.ofHours(24)), Optional.empty()));
    }

    private Optional<String> readSecret(String id) {
        secretReads++;
        clock.move(timeToReadSecret);
        if (!secretIsReadable) {
            throw new CredentialsUnavailable("the test's secret cannot be read");
        }
        return Optional.ofNullable(secret);
    }
}
