package io.smstask.send;

import com.twilio.http.Request;
import com.twilio.http.Response;
import io.smstask.json.Json;
import io.smstask.lambda.RehearsalContext;
import io.smstask.settings.Settings;
import io.smstask.start.Priming;
import io.smstask.task.Subscribers;
import io.smstask.task.TaskIndex;
import io.smstask.task.TaskStore;
import io.smstask.twilio.StackCredentials;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Runs one task from event to answer, without a network call, so that the first event finds its classes loaded. */
final class SendRehearsal {

    private static final String ACCOUNT = "AC00000000000000000000000000000000";

    private static final Map<String, Object> TASK = Map.of(
            "task_id",
            "rehearsal",
            "AccountSid",
            ACCOUNT,
            "AuthToken",
            "00000000000000000000000000000000",
            "number_from",
            "+15005550006",
            "number_to",
            "+15005550009",
            "body",
            "rehearsal");

    private static final Map<String, Object> EVENT = Map.of(
            "version",
            "2.0",
            "rawPath",
            "/tasks",
            "headers",
            Map.of("content-type", "application/json"),
            "requestContext",
            Map.of("http", Map.of("method", "POST", "path", "/tasks")),
            "body",
            Json.writeText(TASK));

    private static final String ANSWER =
            "{\"sid\":\"SM00000000000000000000000000000000\",\"status\":\"queued\",\"num_segments\":\"1\","
                    + "\"error_code\":null}";

    private static final Supplier<TaskIndex> NO_INDEX = new Supplier<>() {
        @Override
        public TaskIndex get() {
            throw new UnsupportedOperationException("a rehearsal reads no index");
        }
    };

    private SendRehearsal() {}

    /**
     * Runs it.
     *
     * @param store makes no network call either
     */
    static void run(TaskStore store, Settings settings, Clock clock, SecureRandom random) {
        SmsGateway gateway = new TwilioSmsGateway(URI.create(settings.twilioApiUrl()), SendRehearsal::answer, clock);
        SendSms sendSms = new SendSms(
                store,
                new SafeRetries(gateway, clock, pause -> {}, () -> 0),
                new StackCredentials(Optional.empty(), id -> Optional.empty(), clock),
                settings.callbackBaseUrl(),
                settings.waitForStatus(),
                Subscribers.NOBODY,
                clock,
                random);
        SendHandler handler = new SendHandler(
                new SendWiring(sendSms, new ReadTask(store, NO_INDEX, clock), clock, random, Priming.NONE));
        try (var event = new ByteArrayInputStream(Json.write(EVENT));
                var answer = new ByteArrayOutputStream()) {
            handler.handleRequest(event, answer, new RehearsalContext());
            if (!answer.toString(StandardCharsets.UTF_8).contains("\"statusCode\":201")) {
                throw new IllegalStateException("a rehearsal's task is sent");
            }
        } catch (IOException e) {
            throw new UncheckedIOException("a rehearsal reads and writes memory", e);
        }
    }

    private static Response answer(Request request, Duration patience) {
        request.getAuthString();
        request.encodeFormBody();
        return new Response(ANSWER, 201);
    }
}
