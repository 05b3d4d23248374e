package io.smstask.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.javalin.Javalin;
import io.javalin.http.Context;
import io.smstask.local.aws.LocalStepFunctions;
import io.smstask.settings.Settings;
import io.smstask.testing.Patience;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The demo with a tasks API that is slow or fails. */
final class DemoTest {

    private static final String NO_TASK = "{\"code\":\"not_found\"}";
    private static final String GREEN = "{\"task_id\":\"demo\",\"node\":\"Final\",\"status\":\"delivered\"}";

    private final Deque<String> answers = new ArrayDeque<>();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private String task = NO_TASK;
    private int posts;
    private final Javalin api = Javalin.create(config -> {
                config.startup.showJavalinBanner = false;
                config.startup.showOldJavalinVersionWarning = false;
                config.routes.post("/tasks", this::post);
                config.routes.get("/tasks/demo", this::get);
            })
            .start("127.0.0.1", 0);

    @AfterEach
    void stop() {
        api.stop();
    }

    private synchronized void post(Context http) {
        posts++;
        String answer = answers.remove();
        if (answer.startsWith("201")) {
            task = GREEN;
        }
        http.status(Integer.parseInt(answer.substring(0, 3))).result(answer.substring(4));
    }

    private synchronized void get(Context http) {
        http.result(task);
    }

    @Test
    void a_store_that_was_too_slow_is_asked_again_with_the_same_id() throws Exception {
        answers.addAll(List.of("503 {\"code\":\"store_unavailable\"}", "504 {}", "201 {}"));

        assertThat(run(Patience.PATIENCE)).as(out::toString).isTrue();

        assertThat(posts).isEqualTo(3);
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("POST answered 503: {\"code\":\"store_unavailable\"}", "POST answered 201");
    }

    @Test
    void a_task_that_was_released_is_asked_for_again() throws Exception {
        task = "{\"task_id\":\"demo\",\"node\":\"Escalation\",\"code\":\"store_unavailable\",\"retryable\":\"yes\"}";
        answers.addAll(List.of("503 {}", "201 {}"));

        assertThat(run(Patience.PATIENCE)).as(out::toString).isTrue();
    }

    @Test
    void a_refusal_ends_it_at_once_with_its_words() throws Exception {
        answers.add("400 {\"code\":\"invalid_task\"}");

        assertThat(run(Patience.PATIENCE)).isFalse();

        assertThat(out.toString(StandardCharsets.UTF_8)).contains("POST answered 400: {\"code\":\"invalid_task\"}");
    }

    @Test
    void what_it_gave_up_waiting_for_is_printed() throws Exception {
        task = "{\"task_id\":\"demo\",\"node\":\"Calling API\"}";
        answers.add("202 {}");

        assertThat(run(Duration.ofMillis(1))).isFalse();

        assertThat(out.toString(StandardCharsets.UTF_8)).contains("Stopped waiting for the task's end after 0 s.");
    }

    private boolean run(Duration patience) throws IOException, InterruptedException {
        Settings nowhere = Settings.from(
                Map.of("AWS_REGION", "us-east-1", "AWS_ACCESS_KEY_ID", "local", "AWS_SECRET_ACCESS_KEY", "local"));
        try (LocalStepFunctions stepFunctions = LocalStepFunctions.start();
                WaitingCaller caller = new WaitingCaller(nowhere, "TasksTable", stepFunctions)) {
            return new Demo(
                            URI.create("http://127.0.0.1:" + api.port()),
                            caller,
                            new PrintStream(out, true, StandardCharsets.UTF_8))
                    .run("demo", "+15005550006", "+15558675310", patience);
        }
    }
}
