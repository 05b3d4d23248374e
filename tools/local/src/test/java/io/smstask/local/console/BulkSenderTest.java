package io.smstask.local.console;

import static io.smstask.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.javalin.Javalin;
import io.javalin.http.Handler;
import io.smstask.json.Json;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Many tasks: calls that fail, and what is counted. */
final class BulkSenderTest {

    @ParameterizedTest
    @CsvSource({"0, 1, 0", "1, 2, 0", "2, 3, 0", "3, 3, 1"})
    void a_call_that_failed_is_repeated_a_few_times_and_then_refused(int failures, int calls, int refused)
            throws ConsoleRefusal {
        AtomicInteger seen = new AtomicInteger();
        Javalin api = start(http -> {
            boolean isDown = seen.incrementAndGet() <= failures;
            http.status(isDown ? 503 : 201).result(isDown ? "{\"message\":\"down\"}" : "{\"node\":\"Final\"}");
        });
        try (BulkSender bulk = new BulkSender(new TasksApiClient(URI.create("http://127.0.0.1:" + api.port())))) {
            bulk.start(List.of(new BulkSender.Row(1, Map.of("task_id", "order-4711"))));

            await("the end of the one task").until(() -> bulk.json().get("done").equals(1));
            assertThat(seen).hasValue(calls);
            assertThat(bulk.json()).containsEntry("refused", refused);
        } finally {
            api.stop();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "201, Waiting for Callback, , sent",
        "200, Final, , known",
        "202, Calling API, , known",
        "400, , , refused",
        "422, Escalation, no, refused",
        "429, Escalation, yes, refused",
        "502, Escalation, yes, refused",
        "502, Escalation, unknown, unknown",
        "504, Escalation, unknown, unknown",
        "500, , , unknown"
    })
    void each_task_is_counted_by_what_came_of_it(
            int status, @Nullable String node, @Nullable String retryable, String outcome) throws ConsoleRefusal {
        Map<String, Object> answer = new LinkedHashMap<>(Map.of("message", "why"));
        if (node != null) {
            answer.put("node", node);
        }
        if (retryable != null) {
            answer.put("retryable", retryable);
        }
        String body = Json.writeText(answer);
        Javalin api = start(http -> http.status(status).result(body));
        try (BulkSender bulk = new BulkSender(new TasksApiClient(URI.create("http://127.0.0.1:" + api.port())))) {
            bulk.start(List.of(new BulkSender.Row(3, Map.of("task_id", "order-4711"))));

            await("the end of the one task").until(() -> bulk.json().get("done").equals(1));
            assertThat(bulk.json()).containsEntry(outcome, 1);
            Map<String, Object> trouble = new LinkedHashMap<>(Map.of("row", 3, "outcome", outcome, "message", "why"));
            if (node != null) {
                // The page links to it.
                trouble.put("task_id", "order-4711");
            }
            boolean isTrouble = outcome.equals("refused") || outcome.equals("unknown");
            assertThat(bulk.json()).containsEntry("troubles", isTrouble ? List.of(trouble) : List.of());
        } finally {
            api.stop();
        }
    }

    private static Javalin start(Handler answer) {
        Javalin api = Javalin.create(config -> {
            config.startup.showJavalinBanner = false;
            config.startup.showOldJavalinVersionWarning = false;
            config.routes.post("/tasks", answer);
        });
        return api.start("127.0.0.1", 0);
    }
}
