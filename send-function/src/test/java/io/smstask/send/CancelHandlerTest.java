package io.smstask.send;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smstask.json.BadJson;
import io.smstask.json.Json;
import io.smstask.testing.TestContext;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Cancelling from Lambda's side: bytes in, bytes out, and what is logged on the way. */
final class CancelHandlerTest {

    private final SendFixture fixture = SendFixture.withSecret(SendFixture.secret(Calls.TOKEN));
    private final SendHandler handler = new SendHandler(fixture.wiring());
    private final TestContext context = new TestContext(SendFixture.FUNCTION_TIMEOUT);

    @Test
    void over_http_the_answer_is_the_task() throws Exception {
        fixture.send(Calls.callWithout("AuthToken"));

        Map<String, Object> answer = answer(SendEvents.read("cancel-task-http-v2"));

        assertThat(answer).containsEntry("statusCode", 200);
        assertThat(answer.get("body").toString())
                .contains("\"task_id\":\"order-4711\"", "\"status\":\"canceled\"", "\"source\":\"cancel\"");
        assertThat(context.logged()).contains("\"canceled\"").doesNotContain(Calls.TOKEN);
    }

    @Test
    void a_call_without_a_body_uses_the_stacks_credentials() throws Exception {
        fixture.send(Calls.callWithout("AuthToken"));

        Map<String, Object> answer = answer(SendEvents.readWith("cancel-task-http-v2", "body", ""));

        assertThat(answer).containsEntry("statusCode", 200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"AuthToken\": \"\"} | AuthToken",
                "{\"AuthToken\": null} | AuthToken",
                "{\"AuthToken\": 7} | AuthToken",
                "{\"AuthToken\": \"to\\nken\"} | AuthToken",
                "{\"body\": \"Hello\"} | (body)",
                "[] | (body)",
                "{ | (body)"
            })
    void a_wrong_body_is_refused_by_its_field(String body, String field) throws Exception {
        fixture.send(Calls.callWithout("AuthToken"));

        Map<String, Object> answer = answer(SendEvents.readWith("cancel-task-http-v2", "body", body));

        assertThat(answer).containsEntry("statusCode", 400);
        assertThat(answer.get("body").toString()).contains("invalid_task", field);
        assertThat(fixture.messages.asked).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"no-such-task", "no%20id", "_"})
    void an_unknown_task_is_not_found(String id) throws Exception {
        byte[] event = SendEvents.readReplacing("cancel-task-http-v2", "order-4711", id);

        assertThat(answer(event)).containsEntry("statusCode", 404);
    }

    @Test
    void only_a_task_can_be_cancelled() throws Exception {
        byte[] event = SendEvents.readReplacing("cancel-task-http-v2", "/tasks/order-4711", "/messages/order-4711");

        Map<String, Object> answer = answer(event);

        assertThat(answer).containsEntry("statusCode", 404);
        assertThat(answer.get("body").toString()).contains("POST /tasks/{task_id}/cancel");
    }

    @Test
    void a_task_that_has_ended_is_a_conflict_with_the_task() throws Exception {
        fixture.send(Calls.callWithout("AuthToken"));
        fixture.callback("delivered");

        Map<String, Object> answer = answer(SendEvents.read("cancel-task-http-v2"));

        assertThat(answer).containsEntry("statusCode", 409);
        assertThat(answer.get("body").toString()).contains("\"node\":\"Final\"");
    }

    @Test
    void directly_the_answer_says_whether_it_is_done() throws Exception {
        fixture.send(Calls.callWithout("AuthToken"));

        Map<String, Object> done = answer(SendEvents.read("cancel-task-direct"));

        assertThat(done).containsOnlyKeys("done", "task").containsEntry("done", true);
        assertThat(done.get("task").toString()).contains("status=canceled");
    }

    @Test
    void directly_too_late_is_data_and_not_an_error() throws Exception {
        fixture.send(Calls.callWithout("AuthToken"));
        fixture.callback("delivered");

        assertThat(answer(SendEvents.read("cancel-task-direct")))
                .containsOnlyKeys("done", "task")
                .containsEntry("done", false);
    }

    @Test
    void directly_no_answer_and_no_task_are_data_too() throws Exception {
        assertThat(answer(SendEvents.read("cancel-task-direct")))
                .containsEntry("done", false)
                .containsEntry("code", "not_found");

        fixture.send(Calls.callWithout("AuthToken"));
        fixture.messages.lostAnswers = 3;
        assertThat(answer(SendEvents.read("cancel-task-direct")))
                .containsEntry("done", false)
                .containsEntry("code", "timeout")
                .containsKey("task");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"cancel\": 7}",
                "{\"cancel\": null}",
                "{\"cancel\": \"order-4711\", \"number_to\": \"+15558675310\"}",
                "{\"cancel\": \"order-4711\", \"read\": \"order-4711\"}"
            })
    void directly_a_wrong_parameter_is_thrown_and_nothing_is_sent_or_cancelled(String call) {
        fixture.send(Calls.callWithout("AuthToken"));

        assertThatThrownBy(() -> answer(call.getBytes(UTF_8))).isInstanceOf(InvalidTask.class);
        assertThat(fixture.messages.asked).isEmpty();
        assertThat(fixture.twilio.asked()).hasSize(1);
    }

    @Test
    void an_execution_cancels_nothing() {
        fixture.send(Calls.callWithout("AuthToken"));
        byte[] call = "{\"execution_task_id\": \"one\", \"cancel\": \"order-4711\"}".getBytes(UTF_8);

        assertThatThrownBy(() -> answer(call)).isInstanceOf(InvalidTask.class);
        assertThat(fixture.messages.asked).isEmpty();
    }

    private Map<String, Object> answer(byte[] call) throws IOException, BadJson {
        return Json.parseObject(handler.answer(call, context.invocation()));
    }
}
