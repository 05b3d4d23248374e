package io.smstask.send;

import io.smstask.lambda.Log;
import io.smstask.settings.Settings;
import io.smstask.task.AuthToken;
import io.smstask.task.MessageSid;
import io.smstask.task.MessageStatus;
import io.smstask.task.RecipientCounter;
import io.smstask.task.Sms;
import io.smstask.task.Source;
import io.smstask.task.StatusReport;
import io.smstask.task.Subscribers;
import io.smstask.task.Task;
import io.smstask.task.TaskStore;
import io.smstask.task.TextRemovingStore;
import io.smstask.testing.FaultyStore;
import io.smstask.testing.HandClock;
import io.smstask.twilio.CredentialsUnavailable;
import io.smstask.twilio.StackCredentials;
import io.smstask.twilio.TwilioCredentials;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** send-function's parts in memory: a store, a Twilio, the stack's secret, and a clock that is moved by hand. */
final class SendFixture {

    static final String CALLBACK_BASE = "https://callbacks.example.com";
    static final Duration WAIT = Duration.ofHours(24);
    static final Duration FUNCTION_TIMEOUT = Duration.ofSeconds(28);
    static final Duration SECRET_LIMIT = Duration.ofSeconds(3);
    static final int MOST_RETRIES = 5;
    static final Duration FIRST_WAIT = Duration.ofMinutes(1);

    final HandClock clock = new HandClock();
    final FaultyStore store = new FaultyStore();
    final TaskStore asUsed = TextRemovingStore.over(store, false);
    final FakeSmsGateway twilio = new FakeSmsGateway();
    final FakeSendQueue queue = new FakeSendQueue();
    final FakeCancelGateway messages = new FakeCancelGateway();
    final List<Duration> pauses = new ArrayList<>();
    final SendSms sendSms;
    final CancelTask cancelTask;

    private final SecureRandom random = new SecureRandom();
    private @Nullable String secret;
    private boolean secretIsReadable = true;
    private int secretReads;
    private Runnable whileTwilioWorks = () -> {};
    private @Nullable TwilioAnswer constantAnswer;

    private SendFixture(Optional<String> secretId, Subscribers subscribers) {
        this(secretId, subscribers, List.of(), null);
    }

    private SendFixture(
            Optional<String> secretId,
            Subscribers subscribers,
            List<String> allowedPrefixes,
            Brakes.@Nullable Limit limit) {
        StackCredentials stack = new StackCredentials(secretId.orElse(""), this::readSecret, clock);
        SafeRetries retries = new SafeRetries(this::ask, SECRET_LIMIT, clock, this::pause, () -> 0.5);
        cancelTask = new CancelTask(asUsed, messages, stack, clock);
        Brakes brakes = new Brakes(allowedPrefixes, limit, clock);
        sendSms = new SendSms(asUsed, retries, brakes, stack, CALLBACK_BASE, WAIT, subscribers, clock, random);
    }

    static SendFixture withoutSecret() {
        return new SendFixture(Optional.empty(), Subscribers.NOBODY);
    }

    /** A stack that sends to these countries only. */
    static SendFixture sendingTo(String... prefixes) {
        return new SendFixture(Optional.empty(), Subscribers.NOBODY, List.of(prefixes), null);
    }

    /** A stack that sends so many messages to one recipient in a window. */
    static SendFixture withRecipientLimit(int places, Duration window, RecipientCounter counter) {
        return new SendFixture(
                Optional.empty(), Subscribers.NOBODY, List.of(), new Brakes.Limit(places, window, counter));
    }

    /** A stack with an event bus. */
    static SendFixture withEventBus() {
        return new SendFixture(Optional.empty(), new Subscribers(List.of(), Subscribers.Event.WANTED));
    }

    /** A stack with credentials of its own. */
    static SendFixture withSecret(String json) {
        SendFixture fixture = new SendFixture(Optional.of("smstask/twilio"), Subscribers.NOBODY);
        fixture.secret = json;
        return fixture;
    }

    /** A stack with one secret per AccountSid, all of them missing. */
    static SendFixture withSecretsPerAccount() {
        return new SendFixture(Optional.of("smstask/twilio/"), Subscribers.NOBODY);
    }

    /** The secret of our account with this token. */
    static String secret(String authToken) {
        return "{\"AccountSid\":\"" + SampleSms.ACCOUNT + "\",\"AuthToken\":\"" + authToken + "\"}";
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

    /** Runs something during every call of Twilio. */
    void whileTwilioWorks(Runnable what) {
        whileTwilioWorks = what;
    }

    /** Twilio gives this answer until the test changes it. */
    void twilioAlwaysAnswers(TwilioAnswer answer) {
        constantAnswer = answer;
    }

    void twilioAnswersAsScripted() {
        constantAnswer = null;
    }

    SendWiring wiring() {
        return new SendWiring(
                sendSms,
                new ReadTask(store, () -> store, clock),
                () -> cancelTask,
                () -> new QueueDoor(queue, MOST_RETRIES, FIRST_WAIT),
                asUsed,
                new Log.Function(Settings.from(Map.of("AWS_ACCESS_KEY_ID", "k", "AWS_SECRET_ACCESS_KEY", "s")), clock),
                clock,
                random,
                List.of());
    }

    SendResult send(Map<String, Object> call) {
        return send(call, FUNCTION_TIMEOUT);
    }

    SendResult send(Map<String, Object> call, Duration timeLeft) {
        return sendSms.send(
                Calls.command(call), new Deadline(clock, clock.instant().plus(timeLeft)));
    }

    /** The HTTP status of the answer to the call. */
    int answerTo(Map<String, Object> call) {
        return SendReplies.http(send(call)).getStatusCode();
    }

    CancelResult cancel() {
        return cancel(Optional.empty());
    }

    CancelResult cancelWith(String authToken) {
        return cancel(Optional.of(new AuthToken(authToken)));
    }

    private CancelResult cancel(Optional<AuthToken> authToken) {
        return cancelTask.cancel(
                new CancelCommand(Calls.ID, authToken),
                new Deadline(clock, clock.instant().plus(FUNCTION_TIMEOUT)));
    }

    /** The task as stored. */
    Task stored() {
        return store.undisturbed().find(Calls.ID).orElseThrow();
    }

    boolean hasTask() {
        return store.undisturbed().find(Calls.ID).isPresent();
    }

    /** Twilio's callback reaches the task. */
    void callback(String status) {
        StatusReport report = new StatusReport(
                new MessageSid(SampleSms.SID),
                new MessageStatus(status),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Source.CALLBACK,
                clock.instant());
        store.undisturbed().replace(stored(), report.appliedTo(stored()));
    }

    private TwilioAnswer ask(Sms sms, TwilioCredentials credentials, String statusCallback, Duration patience) {
        TwilioAnswer scripted = twilio.send(sms, credentials, statusCallback, patience);
        whileTwilioWorks.run();
        return constantAnswer != null ? constantAnswer : scripted;
    }

    private void pause(Duration duration) {
        pauses.add(duration);
        clock.move(duration);
    }

    private Optional<String> readSecret(String id) {
        secretReads++;
        if (!secretIsReadable) {
            throw new CredentialsUnavailable("the test's secret cannot be read", new IllegalStateException("down"));
        }
        return Optional.ofNullable(secret);
    }
}
