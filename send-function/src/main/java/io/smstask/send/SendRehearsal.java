package io.smstask.send;

import com.twilio.http.Request;
import com.twilio.http.Response;
import io.smstask.aws.AwsClients;
import io.smstask.json.Json;
import io.smstask.lambda.Log;
import io.smstask.settings.Settings;
import io.smstask.store.DynamoTaskStore;
import io.smstask.task.Subscribers;
import io.smstask.task.TaskIndex;
import io.smstask.task.TaskStore;
import io.smstask.twilio.SecretSource;
import io.smstask.twilio.StackCredentials;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/** A call to send. The function handles it while it starts, without a network call. */
final class SendRehearsal {

    private static final String ACCOUNT = "AC00000000000000000000000000000000";
    private static final Clock CLOCK = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);

    private static final String TOKEN = "00000000000000000000000000000000";

    private static final String SECRET = "{\"AccountSid\":\"" + ACCOUNT + "\",\"AuthToken\":\"" + TOKEN + "\"}";

    private static final Map<String, Object> TASK = Map.of(
            "task_id",
            "rehearsal",
            "AccountSid",
            ACCOUNT,
            "number_from",
            "+15005550006",
            "number_to",
            "+15005550009",
            "body",
            "rehearsal");

    private static final String ACCEPTED =
            "{\"sid\":\"SM00000000000000000000000000000000\",\"status\":\"queued\",\"num_segments\":\"1\","
                    + "\"error_code\":null}";

    /** Never needed: the store is memory. */
    private static final Duration STORE_LIMIT = Duration.ofSeconds(20);

    private final Settings settings;

    SendRehearsal(Settings settings) {
        this.settings = settings;
    }

    /** The function's parts, none of which makes a network call. */
    SendWiring wiring() {
        TaskStore store = new DynamoTaskStore(
                AwsClients.rehearsalDynamoDb(), settings.tasksTable(), settings.taskTtl(), STORE_LIMIT);
        NoNetwork noNetwork = new NoNetwork();
        SmsGateway gateway = new TwilioSmsGateway(URI.create(settings.twilioApiUrl()), noNetwork, CLOCK);
        SecureRandom random = new SecureRandom();
        SendSms sendSms = new SendSms(
                store,
                new SafeRetries(gateway, Duration.ZERO, CLOCK, noNetwork, noNetwork),
                new Brakes(List.of(), null, CLOCK),
                new StackCredentials(settings.twilioSecretId(), noNetwork, CLOCK),
                settings.callbackBaseUrl(),
                settings.waitForStatus(),
                Subscribers.NOBODY,
                CLOCK,
                random);
        return new SendWiring(
                sendSms,
                new ReadTask(store, noNetwork, CLOCK),
                null,
                null,
                store,
                new Log.Function(settings, CLOCK),
                CLOCK,
                random,
                List.of());
    }

    /** The call as API Gateway delivers it. */
    byte[] event() {
        Map<String, Object> task = new HashMap<>(TASK);
        if (settings.twilioSecretId().isEmpty()) {
            // Sealing it takes 30 ms of a start, which stacks with a secret spend with the first such task.
            task.put("AuthToken", TOKEN);
        }
        return Json.write(Map.of(
                "version",
                "2.0",
                "rawPath",
                "/tasks",
                "headers",
                Map.of("content-type", "application/json"),
                "requestContext",
                Map.of("http", Map.of("method", "POST", "path", "/tasks")),
                "body",
                Json.writeText(task)));
    }

    /**
     * Checks what the function answered.
     *
     * @throws IllegalStateException if the task was not sent, so that little was loaded
     */
    void check(byte[] answer) {
        if (!new String(answer, StandardCharsets.UTF_8).contains("\"statusCode\":201")) {
            throw new IllegalStateException("the rehearsal's task must be sent");
        }
    }

    /** In place of Twilio and AWS. One class: each more would be loaded at every start. */
    private static final class NoNetwork
            implements TwilioSmsGateway.Transport,
                    SecretSource,
                    Supplier<TaskIndex>,
                    SafeRetries.Pause,
                    DoubleSupplier {

        @Override
        public Response makeRequest(Request request, Duration patience) {
            request.getAuthString();
            request.encodeFormBody();
            return new Response(ACCEPTED, 201);
        }

        @Override
        public Optional<String> read(String id) {
            return Optional.of(SECRET);
        }

        @Override
        public TaskIndex get() {
            throw new UnsupportedOperationException("a rehearsal reads no index");
        }

        @Override
        public void of(Duration duration) {
            // Nothing is repeated.
        }

        @Override
        public double getAsDouble() {
            return 0;
        }
    }
}
