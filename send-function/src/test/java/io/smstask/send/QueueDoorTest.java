package io.smstask.send;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smstask.json.BadJson;
import io.smstask.json.Json;
import io.smstask.lambda.Log;
import io.smstask.send.FakeSendQueue.DeadLetter;
import io.smstask.send.TwilioAnswer.Incomplete;
import io.smstask.send.TwilioAnswer.NotSent;
import io.smstask.send.TwilioAnswer.Refused;
import io.smstask.send.TwilioAnswer.Unknown;
import io.smstask.task.CallFailure;
import io.smstask.task.Escalation.CallError;
import io.smstask.task.Escalation.TwilioError;
import io.smstask.task.MessageSid;
import io.smstask.task.Node;
import io.smstask.task.Retryable;
import io.smstask.task.UnreadableTask;
import io.smstask.testing.FaultyStore.Call;
import io.smstask.testing.InMemoryRecipientCounter;
import io.smstask.testing.TestContext;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a message of the queue. */
final class QueueDoorTest {

    private static final Optional<Duration> NO_TIME = Optional.empty();
    private static final CallError NO_CONNECTION =
            new CallError(CallFailure.CONNECT_FAILED, "There was no connection to Twilio.");

    private final SendFixture fixture = SendFixture.withSecret(SendFixture.secret(Calls.TOKEN));
    private final TestContext context = new TestContext(SendFixture.FUNCTION_TIMEOUT);

    @Test
    void a_message_is_one_sms_and_done() throws Exception {
        assertThat(isDone(event("send-sqs"))).isTrue();

        assertThat(fixture.twilio.asked()).hasSize(1);
        assertThat(fixture.stored().node()).isEqualTo(Node.WAITING_FOR_CALLBACK);
        assertNothingOnTheQueues();
    }

    @Test
    void a_message_that_comes_again_sends_nothing_more() throws Exception {
        assertThat(isDone(event("send-sqs"))).isTrue();
        assertThat(isDone(event("send-sqs"))).isTrue();

        assertThat(fixture.twilio.asked()).hasSize(1);
        assertNothingOnTheQueues();
    }

    @Test
    void a_message_whose_twin_is_being_sent_is_left_to_come_again() throws Exception {
        List<Boolean> twin = new ArrayList<>();
        fixture.whileTwilioWorks(() -> twin.add(isDone(message(call(), 0, 0))));

        assertThat(isDone(event("send-sqs"))).isTrue();

        assertThat(twin).containsExactly(false);
        fixture.whileTwilioWorks(() -> {});
        assertThat(isDone(event("send-sqs"))).isTrue();
        assertThat(fixture.twilio.asked()).hasSize(1);
        assertNothingOnTheQueues();
    }

    @Test
    void an_outage_leaves_the_message_and_after_it_the_sms_is_sent() throws Exception {
        fixture.store.failOnce(Call.CLAIM);
        fixture.store.failOnce(Call.FIND);

        assertThat(isDone(event("send-sqs"))).isFalse();
        assertThat(fixture.twilio.asked()).isEmpty();

        assertThat(isDone(event("send-sqs"))).isTrue();
        assertThat(fixture.twilio.asked()).hasSize(1);
        assertThat(context.lines()).contains("\"store_unavailable\":1");
        assertNothingOnTheQueues();
    }

    @Test
    void a_stack_that_is_set_up_wrongly_leaves_the_message() throws Exception {
        fixture.secretBecomes("rubbish");

        assertThat(isDone(event("send-sqs"))).isFalse();

        assertThat(context.lines()).contains("\"misconfigured\":1");
        assertNothingOnTheQueues();
    }

    @ParameterizedTest
    @CsvSource({"0, 60", "1, 120", "2, 240", "3, 480", "4, 900"})
    void where_surely_nothing_was_sent_it_goes_back_with_a_growing_delay(int retries, int delay) {
        fixture.twilioAlwaysAnswers(new NotSent(NO_CONNECTION, NO_TIME));

        assertThat(isDone(message(call(), retries, 0))).isTrue();

        assertThat(fixture.queue.putBack).containsExactly(new QueuedCall(Json.writeText(call()), retries + 1, delay));
        assertThat(context.lines()).contains("{\"message\":\"put_back\",\"task_id\":\"order-4711\"");
    }

    @Test
    void a_call_that_was_put_back_sends_and_is_done() {
        fixture.twilioAlwaysAnswers(new NotSent(NO_CONNECTION, NO_TIME));
        isDone(message(call(), 0, 0));
        fixture.twilioAnswersAsScripted();
        QueuedCall again = fixture.queue.putBack.remove(0);

        assertThat(isDone(message(call(), again.retries(), 0))).isTrue();

        assertThat(fixture.stored().node()).isEqualTo(Node.WAITING_FOR_CALLBACK);
        assertNothingOnTheQueues();
    }

    @Test
    void after_the_last_try_it_is_a_dead_letter_with_the_tasks_code() {
        fixture.twilioAlwaysAnswers(new NotSent(NO_CONNECTION, NO_TIME));

        assertThat(isDone(message(call(), SendFixture.MOST_RETRIES, 0))).isTrue();

        assertThat(fixture.queue.putBack).isEmpty();
        assertThat(fixture.queue.deadLetters)
                .containsExactly(new DeadLetter(Json.writeText(call()), "connect_failed", ""));
    }

    /** As long as Twilio asks for; for a quota without a time an hour; until a recipient's next window. */
    @ParameterizedTest
    @CsvSource({"20429, 700, 700", "63038, , 3600", "63038, 7200, 7200", "20429, 5, 60", "63038, 999999, 86400"})
    void the_delay_is_at_least_what_a_direct_caller_is_told(String code, Long retryAfter, int delay) {
        Optional<Duration> asked = retryAfter == null ? NO_TIME : Optional.of(Duration.ofSeconds(retryAfter));
        TwilioError tooMany = new TwilioError(code, "Too many.", Optional.empty(), Retryable.YES);
        fixture.twilioAlwaysAnswers(
                code.equals("20429") ? new NotSent(tooMany, asked) : new Refused(429, tooMany, asked));

        assertThat(isDone(message(call(), 0, 0))).isTrue();

        assertThat(fixture.queue.putBack).extracting(QueuedCall::delaySeconds).containsExactly(delay);
    }

    @Test
    void a_recipient_with_too_many_messages_waits_for_the_next_window() {
        SendFixture limited = SendFixture.withRecipientLimit(1, Duration.ofHours(1), new InMemoryRecipientCounter());
        limited.send(Calls.callWith("task_id", "first"));
        limited.clock.move(Duration.ofSeconds(1));

        SendResult second = limited.send(Calls.call());
        QueueDoor door = limited.wiring().queueDoor();
        assertThat(door.isDone(new QueuedCall("{}", 0, 0), second, Log.silent()))
                .isTrue();

        assertThat(limited.queue.putBack)
                .singleElement()
                .satisfies(call -> assertThat(call.delaySeconds()).isBetween(60, 3600));
    }

    @Test
    void what_is_early_goes_back_and_nobody_is_asked() throws Exception {
        assertThat(isDone(event("send-sqs-early"))).isTrue();

        assertThat(fixture.queue.putBack)
                .singleElement()
                .satisfies(call -> assertThat(call.retries()).isEqualTo(2))
                .satisfies(call -> assertThat(call.delaySeconds()).isEqualTo(2700));
        assertThat(fixture.store.calls()).isEmpty();
        assertThat(fixture.twilio.asked()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "many", "99999999999999999999", "1.5"})
    void attributes_that_are_no_numbers_count_for_nothing(String value) throws Exception {
        byte[] event = Json.write(sqsEvent(Json.writeText(call()), Map.of("retries", value, "delay_seconds", value)));

        assertThat(isDone(event)).isTrue();

        assertThat(fixture.twilio.asked()).hasSize(1);
    }

    @Test
    void nobody_makes_a_message_wait_for_ever() throws Exception {
        byte[] event =
                Json.write(sqsEvent(Json.writeText(call()), Map.of("retries", "0", "delay_seconds", "999999999")));

        assertThat(isDone(event)).isTrue();

        assertThat(fixture.queue.putBack).extracting(QueuedCall::delaySeconds).containsExactly(86_400);
    }

    @Test
    void an_unknown_outcome_is_done() {
        fixture.twilio.answering(new Unknown(new CallError(CallFailure.TIMEOUT, "No answer.")));

        assertThat(isDone(message(call(), 0, 0))).isTrue();
        assertThat(isDone(message(call(), 0, 0))).isTrue();

        assertThat(fixture.twilio.asked()).hasSize(1);
        assertThat(fixture.stored().escalation().orElseThrow().retryable()).isEqualTo(Retryable.UNKNOWN);
        assertNothingOnTheQueues();
    }

    @Test
    void a_task_with_a_sid_is_done_even_if_it_is_red() {
        fixture.twilio.answering(new Incomplete(Optional.of(new MessageSid(SampleSms.SID))));

        assertThat(isDone(message(call(), 0, 0))).isTrue();

        assertThat(fixture.stored().escalation().orElseThrow().retryable()).isEqualTo(Retryable.NO);
        assertNothingOnTheQueues();
    }

    @Test
    void a_task_that_has_failed_since_is_done() throws Exception {
        isDone(event("send-sqs"));
        fixture.callback("undelivered");

        assertThat(isDone(event("send-sqs"))).isTrue();

        assertNothingOnTheQueues();
    }

    @Test
    void a_task_that_was_cancelled_meanwhile_is_done() {
        fixture.twilioAlwaysAnswers(new NotSent(NO_CONNECTION, NO_TIME));
        isDone(message(call(), 0, 0));
        fixture.queue.putBack.clear();
        fixture.cancel();

        assertThat(isDone(message(call(), 1, 0))).isTrue();

        assertNothingOnTheQueues();
    }

    @Test
    void what_twilio_refuses_is_a_dead_letter_with_the_code_and_without_twilios_text() {
        fixture.twilioAlwaysAnswers(SampleSms.refused(
                400, new TwilioError("21211", "Not valid: +15558675310", Optional.empty(), Retryable.NO)));

        assertThat(isDone(message(call(), 0, 0))).isTrue();

        assertThat(fixture.queue.deadLetters).containsExactly(new DeadLetter(Json.writeText(call()), "21211", ""));
        assertThat(context.lines())
                .contains("{\"message\":\"dead_letter\",\"dead_letters\":1,\"task_id\":\"order-4711\"", "\"21211\"");
    }

    @Test
    void a_refusal_whose_dead_letter_was_lost_is_one_the_next_time() {
        fixture.twilioAlwaysAnswers(
                SampleSms.refused(400, new TwilioError("21211", "Not valid", Optional.empty(), Retryable.NO)));
        fixture.queue.isDown(true);

        assertThat(isDone(message(call(), 0, 0))).isFalse();
        assertThat(context.lines()).contains("\"queue_unavailable\"").doesNotContain("\"dead_letter\"");

        fixture.queue.isDown(false);
        assertThat(isDone(message(call(), 0, 0))).isTrue();
        assertThat(fixture.queue.deadLetters).extracting(DeadLetter::code).containsExactly("21211");
        assertThat(fixture.twilio.asked()).hasSize(1);
    }

    @Test
    void a_call_that_could_not_be_put_back_is_left_and_run_again() {
        fixture.twilioAlwaysAnswers(new NotSent(NO_CONNECTION, NO_TIME));
        fixture.queue.isDown(true);
        assertThat(isDone(message(call(), 0, 0))).isFalse();
        fixture.queue.isDown(false);
        fixture.twilioAnswersAsScripted();

        assertThat(isDone(message(call(), 0, 0))).isTrue();

        assertThat(fixture.stored().sid()).isPresent();
    }

    @Test
    void a_country_that_is_not_allowed_is_a_dead_letter() {
        SendFixture braked = SendFixture.sendingTo("+49");

        SendResult stopped = braked.send(Calls.call());
        QueueDoor door = braked.wiring().queueDoor();
        assertThat(door.isDone(new QueuedCall("{}", 0, 0), stopped, Log.silent()))
                .isTrue();

        assertThat(braked.queue.deadLetters).extracting(DeadLetter::code).containsExactly("country_not_allowed");
    }

    @Test
    void another_call_under_a_tasks_id_is_a_dead_letter() {
        isDone(message(call(), 0, 0));
        Map<String, Object> other = call();
        other.put("body", "something else");

        assertThat(isDone(message(other, 0, 0))).isTrue();

        assertThat(fixture.queue.deadLetters)
                .containsExactly(new DeadLetter(Json.writeText(other), "task_conflict", ""));
        assertThat(fixture.twilio.asked()).hasSize(1);
    }

    @Test
    void an_item_that_is_no_task_makes_a_dead_letter() {
        fixture.store.before(Call.CLAIM, () -> {
            throw new UnreadableTask(Calls.ID);
        });

        assertThat(isDone(message(call(), 0, 0))).isTrue();

        assertThat(fixture.queue.deadLetters).extracting(DeadLetter::code).containsExactly("unreadable_task");
    }

    @Test
    void tokens_are_refused_and_not_in_the_dead_letter() throws Exception {
        assertThat(isDone(event("send-sqs-token"))).isTrue();

        assertThat(fixture.hasTask()).isFalse();
        assertThat(fixture.queue.deadLetters).singleElement().satisfies(letter -> {
            assertThat(letter.code()).isEqualTo("invalid_task");
            assertThat(letter.problems())
                    .isEqualTo("AuthToken must not be in a message; SigningAuthToken must not be in a message");
            assertThat(Json.parseObject(letter.body()))
                    .containsOnlyKeys("task_id", "AccountSid", "number_to", "number_from", "body");
        });
        assertThat(context.logged()).doesNotContain("0123456789abcdef", "fedcba98");
    }

    @ParameterizedTest
    @ValueSource(strings = {"auth_token", "authtoken", "Auth-Token", "twilioToken", "\\u0041uthToken", "TOKEN"})
    void neither_is_a_token_under_a_misspelt_name(String name) throws Exception {
        String body = "{\"task_id\":\"order-4711\",\"" + name + "\":\"" + Calls.TOKEN + "\",\"number_to\":\"+1\"}";

        assertThat(isDone(Json.write(sqsEvent(body, Map.of())))).isTrue();

        assertThat(fixture.queue.deadLetters)
                .extracting(DeadLetter::body)
                .containsExactly("{\"task_id\":\"order-4711\",\"number_to\":\"+1\"}");
    }

    @Test
    void a_body_that_cannot_be_read_and_may_hold_a_token_is_withheld() throws Exception {
        assertThat(isDone(event("send-sqs-not-json"))).isTrue();

        assertThat(fixture.queue.deadLetters)
                .containsExactly(new DeadLetter(
                        "{\"withheld\":\"not JSON, and may hold a token\"}",
                        "invalid_task",
                        "(message) not JSON at line 1, column 103"));
    }

    /** SQS would refuse it, and the original with its token would stay. */
    @Test
    void what_is_left_of_a_body_with_a_token_is_text_that_sqs_takes() throws Exception {
        String body = "{\"task_id\":\"t\",\"AuthToken\":\"x\",\"body\":\"\\uffff \\u0001 \u00e9 \\ud83d\\ude9a\"}";

        isDone(Json.write(sqsEvent(body, Map.of())));

        assertThat(fixture.queue.deadLetters)
                .extracting(DeadLetter::body)
                .containsExactly("{\"task_id\":\"t\",\"body\":\"\\uffff \\u0001 \\u00e9 \\ud83d\\ude9a\"}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {}                                                                       | task_id is required in a message
                    {"task_id":""}                                                           | task_id must match
                    {"task_id":"a","number_to":"+1","body":"x"}                              | number_from is required
                    {"task_id":"a","read":"order-4711"}                                      | read is not a parameter
                    {"cancel":"order-4711"}                                                  | cancel is not a parameter
                    {"erase":"order-4711"}                                                   | erase is not a parameter
                    {"execution_task_id":"a","number_to":"+1","number_from":"+1","body":"x"} | execution_task_id is not a parameter
                    order-4711                                                               | (message) expected a JSON object
                    []                                                                       | (message) expected a JSON object
                    """)
    void what_is_no_call_to_send_is_a_dead_letter_that_says_why(String body, String problem) throws Exception {
        assertThat(isDone(Json.write(sqsEvent(body, Map.of())))).isTrue();

        assertThat(fixture.queue.deadLetters).singleElement().satisfies(letter -> {
            assertThat(letter.body()).isEqualTo(body);
            assertThat(letter.code()).isEqualTo("invalid_task");
            assertThat(letter.problems()).contains(problem);
        });
        assertThat(fixture.hasTask()).isFalse();
    }

    @Test
    void more_than_64_kb_are_a_dead_letter() throws Exception {
        Map<String, Object> call = call();
        call.put("context", Map.of("filler", "x".repeat(64 * 1024)));

        assertThat(isDone(message(call, 0, 0))).isTrue();

        assertThat(fixture.queue.deadLetters)
                .extracting(DeadLetter::problems)
                .containsExactly("(message) must be at most 64 KB");
    }

    @Test
    void thousands_of_problems_are_a_short_text() throws Exception {
        Map<String, Object> call = call();
        for (int i = 0; i < 3000; i++) {
            call.put("n" + i, 0);
        }

        assertThat(isDone(message(call, 0, 0))).isTrue();

        assertThat(fixture.queue.deadLetters)
                .singleElement()
                .satisfies(letter -> assertThat(letter.problems()).hasSize(1000));
    }

    @Test
    void names_that_aws_advises_parents_to_add_are_ignored() {
        Map<String, Object> call = call();
        call.put("AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID", "arn");

        assertThat(isDone(message(call, 0, 0))).isTrue();

        assertThat(fixture.twilio.asked()).hasSize(1);
    }

    @Test
    void an_event_of_a_queue_as_an_executions_input_is_no_message() throws Exception {
        Map<String, Object> input = new LinkedHashMap<>(Json.parseObject(event("send-sqs")));
        input.put("execution_task_id", "of-execution");

        assertThatThrownBy(() -> answer(Json.write(input))).isInstanceOf(InvalidTask.class);
    }

    @Test
    void of_several_messages_only_what_failed_comes_again() throws Exception {
        fixture.store.failOnce(Call.CLAIM);
        fixture.store.failOnce(Call.FIND);
        Map<String, Object> other = call();
        other.put("task_id", "order-4712");
        Map<String, Object> event = Map.of(
                "Records",
                List.of(
                        record("first", Json.writeText(call()), Map.of()),
                        record("second", Json.writeText(other), Map.of())));

        assertThat(failures(Json.write(event))).containsExactly("first");
        assertThat(fixture.twilio.asked()).hasSize(1);
    }

    private void assertNothingOnTheQueues() {
        assertThat(fixture.queue.putBack).isEmpty();
        assertThat(fixture.queue.deadLetters).isEmpty();
    }

    private static byte[] event(String name) throws IOException {
        return SendEvents.read(name);
    }

    private static Map<String, Object> call() {
        return Calls.callWithout("AccountSid", "AuthToken");
    }

    private static byte[] message(Map<String, Object> call, int retries, int delaySeconds) {
        return Json.write(sqsEvent(
                Json.writeText(call),
                Map.of("retries", Integer.toString(retries), "delay_seconds", Integer.toString(delaySeconds))));
    }

    private static Map<String, Object> sqsEvent(String body, Map<String, String> attributes) {
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("Records", List.of(record("id", body, attributes)));
        return event;
    }

    private static Map<String, Object> record(String id, String body, Map<String, String> attributes) {
        Map<String, Object> own = new LinkedHashMap<>();
        attributes.forEach((name, value) -> own.put(name, Map.of("stringValue", value, "dataType", "Number")));
        return Map.of(
                "messageId",
                id,
                "body",
                body,
                "attributes",
                Map.of("ApproximateReceiveCount", "1"),
                "messageAttributes",
                own,
                "eventSource",
                "aws:sqs");
    }

    private boolean isDone(byte[] event) {
        try {
            return failures(event).isEmpty();
        } catch (IOException | BadJson e) {
            throw new AssertionError(e);
        }
    }

    private List<String> failures(byte[] event) throws IOException, BadJson {
        List<String> failures = new ArrayList<>();
        for (Object failure : (List<?>) answer(event).get("batchItemFailures")) {
            failures.add(((Map<?, ?>) failure).get("itemIdentifier").toString());
        }
        return failures;
    }

    private Map<String, Object> answer(byte[] event) throws IOException, BadJson {
        return Json.parseObject(new SendHandler(fixture.wiring()).answer(event, context.invocation()));
    }
}
