package io.smstask.send;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smstask.json.BadJson;
import io.smstask.json.Json;
import io.smstask.task.CallFailure;
import io.smstask.task.Claim;
import io.smstask.task.Escalation.CallError;
import io.smstask.task.Escalation.TwilioError;
import io.smstask.task.MessageSid;
import io.smstask.task.Retryable;
import io.smstask.task.StoreUnavailable;
import io.smstask.task.Task;
import io.smstask.testing.FaultyStore.Call;
import io.smstask.testing.TestContext;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Erasing a task, what is left for its callers, and what the end of a task takes away. */
final class EraseTaskTest {

    private static final TwilioAnswer QUEUED = SampleSms.accepted(new MessageSid(SampleSms.SID), "queued");
    private static final TwilioAnswer REFUSED =
            SampleSms.refused(400, new TwilioError("21211", "invalid", Optional.empty(), Retryable.NO));
    private static final TwilioAnswer NO_CONNECTION =
            new TwilioAnswer.NotSent(new CallError(CallFailure.CONNECT_FAILED, "No connection."), Optional.empty());
    private static final TwilioAnswer NO_ANSWER =
            new TwilioAnswer.Unknown(new CallError(CallFailure.TIMEOUT, "No answer."));

    private final SendFixture fixture = SendFixture.withoutSecret();
    private final TestContext context = new TestContext(SendFixture.FUNCTION_TIMEOUT);

    @ParameterizedTest
    @CsvSource({"delivered, Final,", "failed, Escalation, failed"})
    void an_erased_task_shows_its_id_its_node_its_code_and_that_it_was_erased(String status, String node, String code)
            throws Exception {
        delivered(status);

        Map<String, Object> answer = erase();

        assertThat(answer).containsEntry("done", true).containsOnlyKeys("done", "task");
        Map<String, Object> task = read();
        assertThat(task)
                .containsEntry("task_id", "order-4711")
                .containsEntry("node", node)
                .containsEntry("erased", true)
                .doesNotContainKeys(
                        "sid", "status", "number_to", "number_from", "AccountSid", "message", "history", "created_at");
        assertThat(task.get("code")).isEqualTo(code);
        assertThat(context.logged()).contains("\"message\":\"erased\"").doesNotContain("+1");
    }

    @Test
    void erasing_twice_harms_nobody() throws Exception {
        delivered("delivered");
        erase();
        Task erased = fixture.stored();

        assertThat(erase()).containsEntry("done", true);
        assertThat(fixture.stored()).isEqualTo(erased);
    }

    @Test
    void an_open_task_is_not_erased() throws Exception {
        fixture.twilioAlwaysAnswers(QUEUED);
        fixture.send(Calls.call());
        Task open = fixture.stored();

        Map<String, Object> answer = erase();

        assertThat(answer).containsEntry("done", false);
        assertThat(answer.get("task")).asString().contains("Waiting for Callback", Calls.BODY);
        assertThat(fixture.stored()).isEqualTo(open);
    }

    @Test
    void one_of_unknown_outcome_is_erased_only_when_it_is_due() throws Exception {
        fixture.twilioAlwaysAnswers(NO_ANSWER);
        fixture.send(Calls.call());
        assertThat(erase()).containsEntry("done", false);

        fixture.clock.move(SendFixture.WAIT);

        assertThat(erase()).containsEntry("done", true);
        assertThat(read()).containsEntry("code", "timeout");
    }

    @Test
    void a_task_that_might_have_been_run_again_never_is() throws Exception {
        fixture.twilioAlwaysAnswers(NO_CONNECTION);
        fixture.send(Calls.call());
        erase();
        int posts = fixture.twilio.asked().size();
        fixture.twilioAlwaysAnswers(QUEUED);

        assertThat(fixture.answerTo(Calls.call())).isEqualTo(502);

        assertThat(fixture.twilio.asked()).hasSize(posts);
        assertThat(read()).containsEntry("retryable", "no");
    }

    @Test
    void one_that_is_just_being_run_again_is_not_erased() throws Exception {
        fixture.twilioAlwaysAnswers(NO_CONNECTION);
        fixture.send(Calls.call());
        Task failed = fixture.stored();
        fixture.store.before(
                Call.WRITE,
                () -> fixture.store
                        .undisturbed()
                        .claimAgain(
                                failed,
                                failed.claimedAgain(
                                        new Claim(
                                                "again",
                                                2,
                                                fixture.clock.instant().plusSeconds(28),
                                                SendFixture.CALLBACK_BASE,
                                                failed.claim().proof()),
                                        fixture.clock.instant(),
                                        failed.dueAt())));

        assertThat(erase()).containsEntry("done", false);
        assertThat(fixture.stored().isBeingCalled()).isTrue();
    }

    @Test
    void a_callback_between_the_read_and_the_write_does_not_keep_the_task() throws Exception {
        delivered("delivered");
        fixture.store.before(Call.WRITE, () -> fixture.callback("read"));

        assertThat(erase()).containsEntry("done", true);
        assertThat(fixture.stored().isErased()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"delivered, 200", "failed, 200"})
    void a_repeat_gets_the_first_calls_code_and_what_is_left(String status, int code) throws Exception {
        delivered(status);
        erase();

        assertThat(fixture.answerTo(Calls.call())).isEqualTo(code);
        assertThat(fixture.answerTo(Calls.callWith("body", "Another text"))).isEqualTo(409);
        assertThat(fixture.twilio.asked()).hasSize(1);
    }

    @Test
    void a_repeat_of_an_erased_refusal_is_refused() throws Exception {
        fixture.twilioAlwaysAnswers(REFUSED);
        fixture.send(Calls.call());
        erase();

        assertThat(fixture.answerTo(Calls.call())).isEqualTo(422);
    }

    @Test
    void a_call_whose_task_is_erased_before_it_has_recorded_answers_what_twilio_said() {
        fixture.twilioAlwaysAnswers(QUEUED);
        fixture.whileTwilioWorks(() -> {
            fixture.callback("delivered");
            fixture.store
                    .undisturbed()
                    .replace(fixture.stored(), fixture.stored().erased(fixture.clock.instant()));
        });

        assertThat(fixture.answerTo(Calls.call())).isEqualTo(201);
        assertThat(fixture.stored().isErased()).isTrue();
    }

    @Test
    void a_task_that_is_not_there_is_not_found() throws Exception {
        assertThat(erase()).containsEntry("done", false).containsEntry("code", "not_found");
        assertThat(direct("{\"erase\":\"no id!\"}"))
                .containsEntry("done", false)
                .containsEntry("code", "not_found");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"erase\":17}", "{\"erase\":\"order-4711\",\"body\":\"Hello\"}"})
    void erase_is_a_task_id_and_the_only_parameter(String call) {
        assertThatThrownBy(() -> direct(call)).isInstanceOf(InvalidTask.class).hasMessageContaining("erase");
    }

    @Test
    void the_state_machine_never_erases() throws Exception {
        delivered("delivered");

        assertThatThrownBy(() -> direct("{\"erase\":\"order-4711\",\"execution_task_id\":\"x\"}"))
                .isInstanceOf(InvalidTask.class);
        assertThat(fixture.stored().isErased()).isFalse();
    }

    @Test
    void while_the_store_is_down_nothing_is_said_to_be_erased() {
        delivered("delivered");
        fixture.store.failOnce(Call.WRITE);

        assertThatThrownBy(this::erase).isInstanceOf(StoreUnavailable.class);
        assertThat(fixture.stored().isErased()).isFalse();
    }

    // what goes at the end

    @Test
    void a_refusal_takes_the_texts_from_the_table_and_the_caller_gets_them_back() throws Exception {
        fixture.twilioAlwaysAnswers(REFUSED);

        SendResult sent = fixture.send(Calls.callWith("context", Map.of("order", 4711)));

        assertThat(Json.writeText(SendReplies.direct(sent, fixture.clock.instant())))
                .contains(Calls.BODY, "\"context\":{\"order\":4711}")
                .doesNotContain("body_length");
        assertThat(fixture.stored().sms().body()).isEmpty();
        assertThat(fixture.stored().context()).isEmpty();
        assertThat(read()).containsEntry("body_length", Calls.BODY.length()).doesNotContainKeys("body", "context");
        assertThat(fixture.answerTo(Calls.call())).isEqualTo(422);
    }

    @Test
    void what_twilio_quotes_of_them_goes_too() {
        String url = "https://example.com/x-ray-of-mr-smith.jpg";
        String variables = "{\"1\":\"Mr Smith\"}";
        fixture.twilioAlwaysAnswers(SampleSms.refused(
                400, new TwilioError("21620", "Invalid: " + url + ", " + variables, Optional.empty(), Retryable.NO)));

        fixture.send(Calls.callWith(
                "MediaUrl", url, "ContentSid", "HX00000000000000000000000000000001", "ContentVariables", variables));

        assertThat(fixture.stored().escalation().orElseThrow().message())
                .contains("Invalid: ***, ***")
                .doesNotContain("smith", "Smith");
    }

    @Test
    void a_text_so_short_that_it_could_be_any_word_hides_none_of_twilios() {
        fixture.twilioAlwaysAnswers(
                SampleSms.refused(400, new TwilioError("21620", "An invalid URL", Optional.empty(), Retryable.NO)));

        fixture.send(Calls.callWith("MediaUrl", "a"));

        assertThat(fixture.stored().escalation().orElseThrow().message()).contains("An invalid URL");
    }

    @Test
    void a_task_that_may_be_run_again_keeps_them() {
        fixture.twilioAlwaysAnswers(NO_CONNECTION);

        fixture.send(Calls.call());

        assertThat(fixture.stored().sms().body()).isPresent();
    }

    @Test
    void an_execution_gets_its_own_context_back_from_a_task_that_has_lost_it() throws Exception {
        fixture.twilioAlwaysAnswers(REFUSED);
        fixture.send(Calls.callWith("context", Map.of("order", 4711)));
        Map<String, Object> again =
                Calls.callWith("context", Map.of("order", 4712), "execution_task_id", "of-execution");

        assertThat(Json.writeText(direct(Json.writeText(again)))).contains("\"context\":{\"order\":4712}");
    }

    private void delivered(String status) {
        fixture.twilioAlwaysAnswers(QUEUED);
        fixture.send(Calls.call());
        fixture.callback(status);
    }

    private Map<String, Object> erase() throws IOException, BadJson {
        return direct(new String(SendEvents.read("erase-task-direct"), UTF_8));
    }

    private Map<String, Object> read() throws IOException, BadJson {
        return direct("{\"read\":\"order-4711\"}");
    }

    private Map<String, Object> direct(String call) throws IOException, BadJson {
        return Json.parseObject(new SendHandler(fixture.wiring()).answer(call.getBytes(UTF_8), context.invocation()));
    }
}
