package io.smstask.callback;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.smstask.json.BadJson;
import io.smstask.json.Json;
import io.smstask.lambda.HttpEvents;
import io.smstask.testing.TestContext;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.provider.MethodSource;

/** Handles any bytes as an event. */
final class CallbackHandlerFuzzTest {

    static List<byte[]> events() throws IOException {
        return List.of(
                CallbackEvents.read("callback-delivered"),
                CallbackEvents.read("callback-delivered-base64"),
                CallbackEvents.read("callback-delivered-v1"),
                CallbackEvents.read("callback-wrong-key"),
                CallbackEvents.read("callback-rubbish"),
                CallbackEvents.read("poll"),
                CallbackEvents.read("send-direct"));
    }

    @MethodSource("events")
    @FuzzTest(maxDuration = "10m")
    void an_event_is_answered_and_logs_nothing_private(byte[] event) throws IOException, BadJson {
        CallbackFixture fixture = CallbackFixture.withTask();
        TestContext context = new TestContext(Duration.ofSeconds(6));
        try {
            Map<String, Object> answer =
                    Json.parseObject(new CallbackHandler(fixture.wiring()).answer(event, context.invocation()));
            assertThat(answer.get("statusCode")).isIn(204, 400, 403, 404, 409, 413, 415);
        } catch (IllegalArgumentException e) {
            // Only someone who may invoke the function gets here: the trigger is wrong, not the callback.
            assertThat(e).hasMessage("callback-function takes HTTP events").hasNoCause();
            assertThat(HttpEvents.isHttp(Json.parseObject(event))).isFalse();
        }
        assertThat(context.logged())
                .doesNotContain(CallbackFixture.TOKEN, CallbackFixture.KEY, "15558675310", "15005550006");
    }
}
