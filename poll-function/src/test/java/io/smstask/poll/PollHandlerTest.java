package io.smstask.poll;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smstask.json.BadJson;
import io.smstask.json.Json;
import io.smstask.task.Misconfigured;
import io.smstask.testing.FaultyStore.Call;
import io.smstask.testing.TestContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole function in memory: what the schedule is answered, and what is logged. */
final class PollHandlerTest {

    private static final Path EVENTS = Path.of("..", "events");

    private final PollFixture fixture = PollFixture.withTask();
    private TestContext context = new TestContext(Duration.ofSeconds(50));

    @Test
    void the_schedule_has_what_is_due_put_on_the_queue() throws Exception {
        fixture.recorded("queued").clock.move(Duration.ofHours(25));

        assertThat(poll(fixture))
                .containsEntry("due_end", 1)
                .containsEntry("oldest_seconds", 89_100)
                .containsEntry("leased", 1)
                .containsEntry("set_aside", 0)
                .containsEntry("failed", 0);

        assertThat(fixture.stored().isOpen()).isTrue();
        assertThat(context.lines()).isEqualTo("""
                {"message":"dispatched","due_tell":0,"due_end":1,"due_look":0,"oldest_seconds":89100,"leased":1,"put_off":0,\
                "set_aside":0,"failed":0}
                """);
    }

    @Test
    void the_queue_has_its_messages_worked_on() throws Exception {
        fixture.recorded("queued").clock.move(Duration.ofHours(25));
        poll(fixture);
        context = new TestContext(Duration.ofSeconds(60));

        assertThat(Json.parseObject(
                        answerTo(fixture, sqs(fixture.queue.sent.get(0).json()))))
                .isEqualTo(Map.of("batchItemFailures", List.of()));

        assertThat(fixture.code()).isEqualTo("status_timeout");
        assertThat(context.lines()).isEqualTo("""
                {"message":"ended_by_poll","task_id":"order-4711","node":"Escalation",\
                "sid":"SM00000000000000000000000000000001","status":"queued","code":"status_timeout",\
                "AccountSid":"AC00000000000000000000000000000001","reason":"unknown","undelivered":1,"tasks_ended":1,\
                "time_to_final":90000000}
                {"message":"worked","looked":0,"moved":0,"ended":1,"told":1,"put_off":0,"set_aside":0,"failed":0}
                """);
    }

    @Test
    void a_message_that_is_none_of_ours_is_handed_over_again() throws Exception {
        assertThat(Json.parseObject(answerTo(fixture, sqs("rubbish"))))
                .isEqualTo(Map.of("batchItemFailures", List.of(Map.of("itemIdentifier", "m-1"))));
    }

    @Test
    void incident_36_a_bad_secret_leaves_one_line_for_a_run() throws Exception {
        PollFixture own = PollFixture.withTaskOfTheStack("rubbish");
        own.recorded("queued");
        own.clock.move(Duration.ofMinutes(30));
        own.dispatch();

        answerTo(own, sqs(own.queue.sent.get(0).json()));

        assertThat(own.looks).isZero();
        assertThat(context.lines()).isEqualTo("""
                {"message":"worked","looked":1,"moved":0,"ended":0,"told":0,"put_off":1,"set_aside":0,"failed":0}
                {"message":"not_looked","secret":"not_json","count":1}
                """);
    }

    @Test
    void a_run_that_the_store_cuts_short_says_why() throws Exception {
        fixture.store.before(Call.DUE, () -> {
            throw new Misconfigured("the test's store refuses");
        });

        assertThat(poll(fixture)).containsEntry("leased", 0);

        assertThat(context.lines()).endsWith("""
                {"message":"misconfigured","misconfigured":1,"count":1}
                """);
    }

    private static byte[] sqs(String body) {
        return Json.write(Map.of(
                "Records",
                List.of(Map.of(
                        "messageId",
                        "m-1",
                        "receiptHandle",
                        "handle",
                        "body",
                        body,
                        "attributes",
                        Map.of("ApproximateReceiveCount", "1", "MessageGroupId", PollFixture.ACCOUNT),
                        "eventSource",
                        "aws:sqs"))));
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
                .hasMessage("poll-function takes {\"poll\": true} and events of SQS")
                .hasNoCause();

        assertThat(fixture.store.calls()).isEmpty();
        assertThat(context.lines())
                .isEqualTo("{\"message\":\"failed\",\"error\":\"java.lang.IllegalArgumentException\"}\n");
    }

    private Map<String, Object> poll(PollFixture on) throws IOException, BadJson {
        return Json.parseObject(answerTo(on, Files.readAllBytes(EVENTS.resolve("poll.json"))));
    }

    private byte[] answerTo(PollFixture on, byte[] event) {
        return new PollHandler(on.wiring()).answer(event, context.invocation());
    }
}
