package io.smstask.callback;

import io.smstask.aws.AwsClients;
import io.smstask.json.Json;
import io.smstask.lambda.FailureCounts;
import io.smstask.lambda.Log;
import io.smstask.settings.Settings;
import io.smstask.store.DynamoTaskStore;
import io.smstask.task.AccountSid;
import io.smstask.task.AuthToken;
import io.smstask.task.CallbackProof;
import io.smstask.task.Claim;
import io.smstask.task.MessageText;
import io.smstask.task.PhoneNumber;
import io.smstask.task.RecordStatus;
import io.smstask.task.Sms;
import io.smstask.task.Task;
import io.smstask.task.TaskId;
import io.smstask.task.TaskStore;
import io.smstask.task.TaskToken;
import io.smstask.tell.TellSubscribers;
import io.smstask.tell.WaitingExecutions;
import io.smstask.twilio.CallbackKey;
import io.smstask.twilio.CallbackUrl;
import io.smstask.twilio.SecretSource;
import io.smstask.twilio.StackCredentials;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A genuine callback for a task in memory. The function handles it while it starts, without a network call. */
final class CallbackRehearsal {

    private static final TaskId TASK = new TaskId("rehearsal");
    private static final String ACCOUNT = "AC00000000000000000000000000000000";
    private static final String SID = "SM00000000000000000000000000000000";
    private static final String TOKEN_TEXT = "00000000000000000000000000000000";
    private static final AuthToken TOKEN = new AuthToken(TOKEN_TEXT);
    private static final String SECRET = "{\"AccountSid\":\"" + ACCOUNT + "\",\"AuthToken\":\"" + TOKEN_TEXT + "\"}";
    private static final Clock CLOCK = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);
    private static final String BASE = "https://rehearsal.invalid";

    private static final CallbackKey KEY = CallbackKey.parse("A".repeat(43)).orElseThrow();

    private final String secretId;
    private final TaskStore store;
    private final Log.Function logs;

    /** Claims the task. */
    CallbackRehearsal(Settings settings) {
        store = new DynamoTaskStore(
                AwsClients.rehearsalDynamoDb(), settings.tasksTable(), settings.taskTtl(), CallbackWiring.READ_LIMIT);
        secretId = settings.twilioSecretId();
        store.claim(task());
        logs = new Log.Function(settings, CLOCK);
    }

    /** The function's parts, none of which makes a network call. */
    CallbackWiring wiring() {
        NoNetwork noNetwork = new NoNetwork();
        StackCredentials stack = new StackCredentials(secretId, noNetwork, CLOCK);
        TellSubscribers nobody = new TellSubscribers(store, noNetwork, CLOCK);
        return new CallbackWiring(
                new StatusCallbacks(store, new RecordStatus(store, CLOCK), nobody, stack, CLOCK),
                logs,
                new FailureCounts(),
                List.of());
    }

    /** The callback as API Gateway delivers it. */
    byte[] event() {
        String url = CallbackUrl.of(BASE, KEY, TASK);
        String path = url.substring(BASE.length());
        // Twilio signs the fields in the order of their names.
        String signed = url + "AccountSid" + ACCOUNT + "MessageSid" + SID + "MessageStatus" + "sent";
        String form = "AccountSid=" + ACCOUNT + "&MessageSid=" + SID + "&MessageStatus=sent";
        return Json.write(Map.of(
                "version",
                "2.0",
                "rawPath",
                path,
                "headers",
                Map.of(
                        "content-type",
                        CallbackForm.MEDIA_TYPE,
                        TwilioSignature.HEADER,
                        TwilioSignature.of(TOKEN, signed).value()),
                "requestContext",
                Map.of("http", Map.of("method", "POST", "path", path)),
                "isBase64Encoded",
                true,
                "body",
                Base64.getEncoder().encodeToString(form.getBytes(StandardCharsets.UTF_8))));
    }

    /**
     * Checks what the function answered.
     *
     * @throws IllegalStateException if the callback was refused, so that little was loaded
     */
    void check(byte[] answer) {
        if (!new String(answer, StandardCharsets.UTF_8).contains("\"statusCode\":204")) {
            throw new IllegalStateException("the rehearsal's callback must be applied");
        }
    }

    private Task task() {
        Instant now = CLOCK.instant();
        Sms sms = new Sms(
                new AccountSid(ACCOUNT),
                new PhoneNumber("+15005550009"),
                Optional.of(new PhoneNumber("+15005550006")),
                Optional.of(new MessageText("rehearsal")),
                Map.of());
        // Unsealing takes 30 ms of a start, which only stacks without a secret spend: their tasks have tokens of their
        // own.
        CallbackProof proof = secretId.isEmpty() ? KEY.seal(TOKEN, TASK, new SecureRandom()) : KEY.hash();
        Claim claim = new Claim("rehearsal", 1, now.plusSeconds(28), BASE, proof);
        return Task.claimed(TASK, sms, claim, now, now.plusSeconds(60));
    }

    /** In place of AWS. */
    private static final class NoNetwork implements SecretSource, WaitingExecutions {

        @Override
        public Optional<String> read(String id) {
            return Optional.of(SECRET);
        }

        @Override
        public boolean resume(TaskToken token, Task task, Duration limit) {
            return true;
        }
    }
}
