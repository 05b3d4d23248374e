package io.smstask.local.console;

import static io.smstask.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.javalin.Javalin;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Many tasks, added through an API that fails. */
final class BulkSenderTest {

    @ParameterizedTest
    @CsvSource({"0, 1, 0", "1, 2, 0", "2, 3, 0", "3, 3, 1"})
    void a_call_that_failed_is_repeated_a_few_times_and_then_refused(int failures, int calls, int refused)
            throws ConsoleRefusal {
        AtomicInteger seen = new AtomicInteger();
        Javalin api = Javalin.create(config -> {
            config.startup.showJavalinBanner = false;
            config.startup.showOldJavalinVersionWarning = false;
            config.routes.post("/tasks", http -> {
                boolean isDown = seen.incrementAndGet() <= failures;
                http.status(isDown ? 503 : 201).result(isDown ? "{\"message\":\"down\"}" : "{\"node\":\"Final\"}");
            });
        });
        api.start("127.0.0.1", 0);
        try (BulkSender bulk = new BulkSender(new TasksApiClient(URI.create("http://127.0.0.1:" + api.port())))) {
            bulk.start(List.of(new BulkSender.Row(1, Map.of("task_id", "order-4711"))));

            await("the end of the one task").until(() -> bulk.json().get("done").equals(1));
            assertThat(seen).hasValue(calls);
            assertThat(bulk.json()).containsEntry("refused", refused);
        } finally {
            api.stop();
        }
    }
}
