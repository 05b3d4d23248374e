package io.smstask.callback;

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
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole function in memory: what each event file is answered, and what is logged. */
final class CallbackHandlerTest {

    private final CallbackFixture fixture = CallbackFixture.withTask();
    private TestContext context = new TestContext(Duration.ofSeconds(50));

    /** An HTTP answer; the body is an empty text if there is none. */
    private record CallbackAnswer(int status, Map<String, Object> headers, String body) {}

    @ParameterizedTest
    @CsvSource({
        "callback-accepted, accepted, Waiting for Callback, ''",
        "callback-scheduled, scheduled, Waiting for Callback, ''",
        "callback-queued, queued, Waiting for Callback, ''",
        "callback-messaging-service-queued, queued, Waiting for Callback, ''",
        "callback-sending, sending, Waiting for Callback, ''",
        "callback-sent, sent, Waiting for Callback, ''",
        "callback-blank-field, sent, Waiting for Callback, ''",
        "callback-delivered, delivered, Final, ''",
        "callback-delivered-base64, delivered, Final, ''",
        "callback-delivered-v1, delivered, Final, ''",
        "callback-delivered-function-url, delivered, Final, ''",
        "callback-unknown-field, delivered, Final, ''",
        "callback-read, read, Final, ''",
        "callback-undelivered, undelivered, Escalation, 30008",
        "callback-failed, failed, Escalation, 30007",
        "callback-canceled, canceled, Escalation, canceled",
        "callback-unknown-status, partially_delivered, Waiting for Callback, ''"
    })
    void incident_10_a_genuine_callback_moves_the_task_through_every_door(
            String event, String status, String node, String code) throws Exception {
        CallbackAnswer answer = answerTo(CallbackEvents.read(event));

        assertThat(answer).isEqualTo(new CallbackAnswer(204, Map.of(), ""));
        assertThat(fixture.status()).isEqualTo(status);
        assertThat(fixture.stored().node().label()).isEqualTo(node);
        assertThat(fixture.code()).isEqualTo(code);
        assertThat(fixture.store.calls()).containsExactly(Call.FIND, Call.WRITE);
    }

    @ParameterizedTest
    @CsvSource({
        "callback-forged, 403, forged",
        "callback-unsigned, 403, unsigned",
        "callback-wrong-account, 409, other_account",
        "callback-wrong-key, 404, no_such_task",
        "callback-repeated-field, 400, not_parsable",
        "callback-rubbish, 400, not_parsable",
        "callback-missing-status, 400, not_parsable",
        "callback-status-no-word, 400, not_parsable",
        "callback-recut-longer-status, 400, not_parsable",
        "callback-recut-shorter-status, 400, not_parsable",
        "callback-not-a-form, 415, not_a_form"
    })
    void what_is_not_this_tasks_callback_is_answered_by_its_fault_and_changes_nothing(
            String event, int status, String code) throws Exception {
        fixture.recorded("queued");
        var before = fixture.stored();

        CallbackAnswer answer = answerTo(CallbackEvents.read(event));

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.headers()).isEqualTo(Map.of("Content-Type", "application/json"));
        assertThat(Json.parseObject(answer.body()))
                .containsOnlyKeys("code", "message")
                .containsEntry("code", code);
        assertThat(fixture.stored()).isEqualTo(before);
        assertThat(fixture.store.calls()).doesNotContain(Call.WRITE);
    }

    @Test
    void another_sid_is_answered_each_time_and_noted_once() throws Exception {
        fixture.recorded("queued");

        for (int i = 0; i < 2; i++) {
            CallbackAnswer answer = answerTo(CallbackEvents.read("callback-wrong-sid"));

            assertThat(answer.status()).isEqualTo(409);
            assertThat(Json.parseObject(answer.body())).containsEntry("code", "other_sid");
        }
        assertThat(fixture.stored().history()).hasSize(2);
        assertThat(fixture.status()).isEqualTo("queued");
    }

    @Test
    void a_wrong_key_and_an_unknown_task_give_the_same_answer_and_the_same_log() throws Exception {
        CallbackAnswer wrongKey = answerTo(CallbackEvents.read("callback-wrong-key"));
        String log = context.lines();
        CallbackFixture own = CallbackFixture.withTaskOfTheStack(CallbackFixture.secret(CallbackFixture.TOKEN));
        CallbackAnswer wrongKeyOfTheStack = answerTo(own, CallbackEvents.read("callback-wrong-key"));
        fixture.store.forgetAll();
        CallbackAnswer unknownTask = answerTo(CallbackEvents.read("callback-delivered"));

        assertThat(wrongKey.status()).isEqualTo(404);
        assertThat(unknownTask).isEqualTo(wrongKey);
        assertThat(wrongKeyOfTheStack).isEqualTo(wrongKey);
        assertThat(log)
                .isEqualTo(
                        "{\"message\":\"callback_no_such_task\",\"answer\":404,\"reason\":\"no_such_task\",\"callbacks_refused\":1}\n");
        assertThat(context.lines()).isEqualTo(log.repeat(3));
    }

    @Test
    void incident_10_header_names_count_without_case() throws Exception {
        byte[] event =
                CallbackEvents.readReplacing("callback-delivered", "\"x-twilio-signature\"", "\"X-TWILIO-Signature\"");

        assertThat(answerTo(event).status()).isEqualTo(204);
    }

    @Test
    void incident_12_the_stage_or_host_of_the_request_does_not_count() throws Exception {
        byte[] event =
                CallbackEvents.readReplacing("callback-delivered", "\"rawPath\": \"/nvp", "\"rawPath\": \"/prod/nvp");
        byte[] internal = new String(event, UTF_8)
                .replace("\"host\": \"callbacks.example.com\"", "\"host\": \"f6g7h8i9j0.execute-api.internal\"")
                .getBytes(UTF_8);

        assertThat(answerTo(internal).status()).isEqualTo(204);
    }

    @ParameterizedTest
    @ValueSource(strings = {"FIND", "WRITE"})
    void incident_13_a_store_that_is_down_is_answered_so_that_twilio_repeats(Call call) throws Exception {
        fixture.store.failOnce(call);

        CallbackAnswer answer = answerTo(CallbackEvents.read("callback-delivered"));

        assertThat(answer.status()).isEqualTo(503);
        assertThat(Json.parseObject(answer.body())).containsEntry("code", "unavailable");
        assertThat(context.lines())
                .isEqualTo("{\"message\":\"callback_unavailable\",\"answer\":503,"
                        + "\"error\":\"io.smstask.task.StoreUnavailable\",\"store_unavailable\":1,"
                        + "\"callbacks_unavailable\":1}\n");
        assertThat(answerTo(CallbackEvents.read("callback-delivered")).status()).isEqualTo(204);
        assertThat(fixture.status()).isEqualTo("delivered");
    }

    @Test
    void a_task_that_cannot_be_read_is_answered_so_that_twilio_repeats_and_named_in_the_log() throws Exception {
        fixture.store.before(Call.FIND, () -> {
            throw new UnreadableTask(new TaskId("order-4711"));
        });

        assertThat(answerTo(CallbackEvents.read("callback-delivered")).status()).isEqualTo(503);

        assertThat(context.lines()).isEqualTo("""
                {"message":"callback_unavailable","answer":503,"task_id":"order-4711",\
                "error":"io.smstask.task.UnreadableTask","callbacks_unavailable":1}
                """);
    }

    @Test
    void more_than_64_kb_are_not_looked_at() throws Exception {
        byte[] event = CallbackEvents.readReplacing(
                "callback-delivered", "RawDlrDoneDate=2611240900", "RawDlrDoneDate=" + "1".repeat(65536));

        assertThat(answerTo(event).status()).isEqualTo(413);
        assertThat(fixture.store.calls()).isEmpty();
    }

    @Test
    void a_body_that_claims_to_be_base64_and_is_not_is_not_parsable() throws Exception {
        byte[] event = CallbackEvents.readReplacing(
                "callback-delivered", "\"isBase64Encoded\": false", "\"isBase64Encoded\": true");

        assertThat(answerTo(event).status()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"send-direct", "poll"})
    void a_payload_that_is_no_http_event_is_a_bug_and_not_an_answer(String event) {
        assertThatThrownBy(() -> answerTo(CallbackEvents.read(event))).isInstanceOf(IllegalArgumentException.class);

        assertThat(context.lines())
                .isEqualTo("{\"message\":\"failed\",\"error\":\"java.lang.IllegalArgumentException\"}\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{\"poll\":", "rubbish"})
    void a_payload_that_is_no_json_object_is_not_parsable(String payload) throws Exception {
        assertThat(answerTo(payload.getBytes(UTF_8)).status()).isEqualTo(400);
        assertThat(fixture.store.calls()).isEmpty();
    }

    @Test
    void a_callback_that_a_bad_secret_keeps_out_is_logged_with_what_is_wrong() throws Exception {
        CallbackFixture own =
                CallbackFixture.withTaskOfTheStack("{\"AccountSid\":\"" + CallbackFixture.ACCOUNT + "\"}");

        assertThat(answerTo(own, CallbackEvents.read("callback-delivered")).status())
                .isEqualTo(503);
        own.secretBecomes(CallbackFixture.secret(CallbackFixture.TOKEN).replace("AC0", "AC1"));
        assertThat(answerTo(own, CallbackEvents.read("callback-delivered")).status())
                .isEqualTo(503);

        assertThat(context.lines()).isEqualTo("""
                {"message":"callback_unavailable","answer":503,\
                "error":"io.smstask.twilio.CredentialsUnavailable","secret":"no_auth_token",\
                "callbacks_unavailable":1}
                {"message":"callback_unavailable","answer":503,\
                "error":"io.smstask.twilio.CredentialsUnavailable","secret":"no_such_account",\
                "callbacks_unavailable":1}
                """);
    }

    @Test
    void a_store_that_refuses_is_asked_for_again_and_logged_as_a_fault_of_the_configuration() throws Exception {
        fixture.store.before(Call.WRITE, () -> {
            throw new Misconfigured("the test's store refuses");
        });

        assertThat(answerTo(CallbackEvents.read("callback-delivered")).status()).isEqualTo(503);

        assertThat(context.lines()).contains("\"error\":\"io.smstask.task.Misconfigured\"");
    }

    @Test
    void a_genuine_callback_is_logged_by_task_sid_and_status() throws Exception {
        answerTo(CallbackEvents.read("callback-delivered"));
        answerTo(CallbackEvents.read("callback-delivered"));
        answerTo(CallbackEvents.read("callback-unknown-status"));

        assertThat(context.lines()).isEqualTo("""
                {"message":"callback_applied","answer":204,"task_id":"order-4711",\
                "AccountSid":"AC00000000000000000000000000000001","sid":"SM00000000000000000000000000000001",\
                "status":"delivered","callbacks_applied":1,"node":"Final","delivered":1,"tasks_ended":1,"time_to_final":0}
                {"message":"callback_noted","answer":204,"task_id":"order-4711",\
                "AccountSid":"AC00000000000000000000000000000001","sid":"SM00000000000000000000000000000001",\
                "status":"delivered","note":"duplicate","callbacks_duplicate":1}
                {"message":"callback_noted","answer":204,"task_id":"order-4711",\
                "AccountSid":"AC00000000000000000000000000000001","sid":"SM00000000000000000000000000000001",\
                "status":"unknown","note":"unknown_status","callbacks_late":1}
                """);
    }

    @Test
    void a_red_end_is_logged_with_its_code() throws Exception {
        answerTo(CallbackEvents.read("callback-undelivered"));

        assertThat(context.lines())
                .contains("\"node\":\"Escalation\",\"code\":\"30008\",\"reason\":\"unknown\",\"undelivered\":1");
    }

    @ParameterizedTest
    @CsvSource({"callback-forged, callback_forged", "callback-unsigned, callback_unsigned"})
    void incident_14_of_a_forged_callback_only_the_answer_and_whose_key_it_has_is_logged(String event, String word)
            throws Exception {
        String line = "{\"message\":\"" + word + "\",\"answer\":403,\"task_id\":\"order-4711\",\"AccountSid\":\""
                + CallbackFixture.ACCOUNT + "\",\"reason\":\"" + word.replace("callback_", "")
                + "\",\"callbacks_forged\":1}\n";

        answerTo(CallbackEvents.read(event));
        answerTo(
                CallbackFixture.withTaskOfTheStack(CallbackFixture.secret(CallbackFixture.TOKEN)),
                CallbackEvents.read(event));

        assertThat(context.lines()).isEqualTo(line + line);
    }

    @Test
    void a_stranger_without_the_key_is_logged_as_one_whether_he_signs_or_not() throws Exception {
        String key = CallbackFixture.KEY;
        String other = "_".repeat(42) + "8";

        for (String event : List.of("callback-forged", "callback-unsigned")) {
            assertThat(answerTo(CallbackEvents.readReplacing(event, key, other)).status())
                    .isEqualTo(404);
        }

        assertThat(context.lines())
                .isEqualTo(
                        "{\"message\":\"callback_no_such_task\",\"answer\":404,\"reason\":\"no_such_task\",\"callbacks_refused\":1}\n"
                                .repeat(2));
    }

    static List<String> events() throws IOException {
        return CallbackEvents.ofCallbackFunction();
    }

    @ParameterizedTest
    @MethodSource("events")
    void incident_28_no_event_leaves_token_key_or_number_in_the_log_or_the_answer(String event) throws Exception {
        CallbackAnswer first = answerTo(CallbackEvents.read(event));
        fixture.store.failOnce(Call.FIND);
        CallbackAnswer second = answerTo(CallbackEvents.read(event));

        assertThat(context.logged()).isNotEmpty();
        assertThat(context.logged() + first + second)
                .doesNotContain(CallbackFixture.TOKEN, CallbackFixture.KEY, "5558675310", "5005550006", "53079", "vu");
    }

    private CallbackAnswer answerTo(byte[] event) throws IOException, BadJson {
        return answerTo(fixture, event);
    }

    private byte[] bytesFor(CallbackFixture on, byte[] event) {
        return new CallbackHandler(on.wiring()).answer(event, context.invocation());
    }

    private CallbackAnswer answerTo(CallbackFixture on, byte[] event) throws IOException, BadJson {
        Map<String, Object> response = Json.parseObject(bytesFor(on, event));
        assertThat(response).containsOnlyKeys("statusCode", "headers", "body", "isBase64Encoded");
        return new CallbackAnswer(
                (int) response.get("statusCode"), object(response.get("headers")), (String) response.get("body"));
    }

    @SuppressWarnings("unchecked") // JSON objects have text keys
    private static Map<String, Object> object(Object value) {
        return (Map<String, Object>) value;
    }
}
