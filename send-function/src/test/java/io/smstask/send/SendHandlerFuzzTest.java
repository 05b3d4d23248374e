package io.smstask.send;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.smstask.json.BadJson;
import io.smstask.json.Json;
import io.smstask.send.TwilioAnswer.Incomplete;
import io.smstask.send.TwilioAnswer.Unknown;
import io.smstask.task.CallFailure;
import io.smstask.task.Escalation.CallError;
import io.smstask.testing.TestContext;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.params.provider.MethodSource;

/** Any bytes as an event of send-function, each twice: no task may send two messages. */
final class SendHandlerFuzzTest {

    static List<byte[]> events() throws IOException, BadJson {
        return SendEvents.ofSendFunctionAndTheirBodies();
    }

    @MethodSource("events")
    @FuzzTest(maxDuration = "10m")
    void a_task_posts_once_at_most_however_it_is_called(byte[] event) throws IOException, BadJson {
        SendFixture fixture = SendFixture.withSecret(SendFixture.secret(Calls.TOKEN));
        SendHandler handler = new SendHandler(fixture.wiring());
        TestContext context = new TestContext(SendFixture.FUNCTION_TIMEOUT);
        // Answers after which no second POST may follow; after a 429 or a failed connection it may.
        switch (event.length % 3) {
            case 0 ->
                fixture.twilio.answering(
                        new Unknown(new CallError(CallFailure.TIMEOUT, "Twilio did not answer in time.")));
            case 1 -> fixture.twilio.answering(new Incomplete(Optional.empty()));
            default -> {}
        }

        call(handler, event, context);
        call(handler, event, context);

        assertThat(posts(fixture))
                .allSatisfy((taskId, posts) -> assertThat(posts).isOne());
        assertThat(context.logged()).doesNotContain(Calls.TOKEN, Calls.TO, Calls.FROM, Calls.BODY);
    }

    private static void call(SendHandler handler, byte[] event, TestContext context) throws IOException, BadJson {
        byte[] bytes;
        try {
            bytes = handler.answer(event, context.invocation());
        } catch (InvalidTask | TaskConflict | TaskInProgress e) {
            assertThat(Json.parseObject(e.getMessage())).containsKeys("code", "message");
            return;
        }
        Map<String, Object> answer = Json.parseObject(bytes);
        if (answer.get("statusCode") instanceof Integer status) {
            assertThat(status).isIn(200, 201, 202, 400, 404, 409, 413, 415, 502, 504);
            assertThat(Json.parseObject((String) answer.get("body"))).isNotEmpty();
        }
    }

    /** How often Twilio was asked for each task; the task id ends the callback's URL. */
    private static Map<String, Long> posts(SendFixture fixture) {
        return fixture.twilio.asked().stream()
                .collect(Collectors.groupingBy(
                        asked -> asked.statusCallback().replaceAll("^.*/|#.*$", ""), Collectors.counting()));
    }
}
