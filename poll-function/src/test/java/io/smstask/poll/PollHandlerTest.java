package io.smstask.poll;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smstask.json.BadJson;
import io.smstask.json.Json;
import io.smstask.task.Misconfigured;
import io.smstask.task.TaskId;
import io.smstask.task.UnreadableTask;
import io.smstask.testing.FaultyStore.Call;
import io.smstask.testing.TestContext;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole function in memory: what the schedule is answered, and what is logged. */
final class PollHandlerTest {

    private static final Path EVENTS = Path.of("..", "events");

    private final PollFixture fixture = PollFixture.withTask();
    private TestContext context = new TestContext("poll", Duration.ofSeconds(50));

    @Test
    void the_poll_names_each_task_that_it_cannot_read() throws Exception {
        fixture.clock.move(Duration.ofMinutes(10));
        fixture.store.before(Call.FIND, () -> {
            throw new UnreadableTask(new TaskId("order-4711"));
        });

        assertThat(poll(fixture))
                .isEqualTo(Map.of("looked", 0, "moved", 0, "ended", 0, "unreadable", 1, "cut_short", false));

        assertThat(context.logged()).isEqualTo("""
                {"event":"unreadable","task_id":"order-4711"}
                {"event":"polled"}
                """);
    }

    @Test
    void the_schedule_makes_it_poll_and_is_told_what_was_done() throws Exception {
        fixture.recorded("queued").clock.move(Duration.ofHours(25));

        Map<String, Object> done = poll(Duration.ofMinutes(1));

        assertThat(done)
                .containsEntry("looked", 1)
                .containsEntry("ended", 1)
                .containsEntry("moved", 0)
                .containsEntry("cut_short", false);
        assertThat(fixture.code()).isEqualTo("status_timeout");
        assertThat(context.logged()).contains("\"event\":\"polled\"");
    }

    @Test
    void a_poll_that_leaves_tasks_to_the_next_one_says_so() throws Exception {
        fixture.recorded("queued").clock.move(Duration.ofHours(25));

        Map<String, Object> done = poll(Poll.LEAST.minusMillis(1));

        assertThat(done).containsEntry("looked", 0).containsEntry("cut_short", true);
        assertThat(context.logged()).contains("\"event\":\"poll_cut_short\"");
    }

    @Test
    void incident_36_a_bad_secret_leaves_one_line_for_a_run_of_the_poll() throws Exception {
        PollFixture own = PollFixture.withTaskOfTheStack("rubbish");
        own.recorded("queued");
        own.clock.move(Duration.ofMinutes(11));
        own.alsoHas("order-4712", own.clock.instant());
        own.alsoHas("order-4713", own.clock.instant());
        own.clock.move(Duration.ofMinutes(15));

        assertThat(poll(own)).containsEntry("looked", 3);

        assertThat(own.looks).isZero();
        assertThat(context.logged()).isEqualTo("""
                {"event":"polled"}
                {"event":"not_looked","secret":"not_json","count":3}
                """);
    }

    @Test
    void a_poll_that_the_store_cuts_short_says_why() throws Exception {
        fixture.store.before(Call.TO_POLL, () -> {
            throw new Misconfigured("the test's store refuses");
        });

        assertThat(poll(Duration.ofMinutes(1))).containsEntry("cut_short", true);

        assertThat(context.logged()).isEqualTo("""
                {"event":"poll_cut_short"}
                {"event":"misconfigured","count":1}
                """);
    }

    @ParameterizedTest
    @ValueSource(strings = {"callback-delivered", "send-direct"})
    void an_event_of_another_function_is_refused(String event) throws Exception {
        refuses(Files.readAllBytes(EVENTS.resolve(event + ".json")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "rubbish", "[]", "{}", "{\"poll\":", "{\"poll\": false}", "{\"poll\": \"true\"}"})
    void whatever_is_not_the_schedules_event_is_refused(String payload) {
        refuses(payload.getBytes(UTF_8));
    }

    private void refuses(byte[] event) {
        fixture.recorded("queued").clock.move(Duration.ofHours(25));

        assertThatThrownBy(() -> answerTo(fixture, event))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("poll-function takes {\"poll\": true}")
                .hasNoCause();

        assertThat(fixture.store.calls()).isEmpty();
        assertThat(context.logged())
                .isEqualTo("{\"event\":\"failed\",\"error\":\"java.lang.IllegalArgumentException\"}\n");
    }

    /** The answer if this much time remains. */
    private Map<String, Object> poll(Duration remaining) throws IOException, BadJson {
        context = new TestContext("poll", remaining);
        return poll(fixture);
    }

    private Map<String, Object> poll(PollFixture on) throws IOException, BadJson {
        return Json.parseObject(answerTo(on, Files.readAllBytes(EVENTS.resolve("poll.json"))));
    }

    private byte[] answerTo(PollFixture on, byte[] event) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new PollHandler(on.wiring()).handleRequest(new ByteArrayInputStream(event), out, context);
        return out.toByteArray();
    }
}
