package io.smstask.send;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.smstask.json.BadJson;
import io.smstask.json.Json;
import io.smstask.lambda.Wire;
import io.smstask.task.MessageText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.provider.MethodSource;

/** Any JSON object as the parameters of a call. */
final class SendParametersFuzzTest {

    private static final String MARK = "s3cretMark";

    static List<byte[]> calls() throws IOException, BadJson {
        return SendEvents.ofSendFunctionAndTheirBodies();
    }

    @MethodSource("calls")
    @FuzzTest(maxDuration = "10m")
    void a_call_is_read_whole_or_refused_without_a_word_of_its_values(byte[] json) {
        Map<String, Object> call;
        try {
            call = Json.parseObject(json);
        } catch (BadJson e) {
            return;
        }
        read(call).ifPresent(command -> isWhole(command, call));
        assertThat(refusal(marked(call)).getMessage())
                .contains("\"code\":\"invalid_task\"")
                .doesNotContain(MARK);
    }

    private static Optional<SendCommand> read(Map<String, Object> call) {
        try {
            return Optional.of(Calls.command(call));
        } catch (InvalidTask e) {
            assertThat((List<?>) e.json().get(Wire.PROBLEMS)).isNotEmpty();
            return Optional.empty();
        }
    }

    private static InvalidTask refusal(Map<String, Object> call) {
        return catchThrowableOfType(InvalidTask.class, () -> SendParameters.read(call, MARK + "\n", Calls.MADE_BY_US));
    }

    private static void isWhole(SendCommand command, Map<String, Object> call) {
        assertThat(command.id().value()).isEqualTo(text(call, Wire.TASK_ID).orElse(Calls.MADE_BY_US.value()));
        assertThat(command.to().value())
                .isNotEmpty()
                .isEqualTo(text(call, Wire.NUMBER_TO)
                        .or(() -> text(call, "Number_to"))
                        .orElse(""));
        assertThat(command.body().map(MessageText::codePoints).orElse(0))
                .isLessThanOrEqualTo(MessageText.MAX_CODE_POINTS);
        assertThat(command.from().isPresent() || command.further().containsKey(Wire.MESSAGING_SERVICE_SID))
                .isTrue();
        assertThat(command.body().isPresent()
                        || command.further().containsKey("MediaUrl")
                        || command.further().containsKey("ContentSid"))
                .isTrue();
        assertThat(command.authToken().isPresent() && command.account().isEmpty())
                .isFalse();
        assertThat(command.signingAuthToken().isPresent() && command.authToken().isEmpty())
                .isFalse();
        assertThat(command.context().map(SendParametersFuzzTest::parsed)).isEqualTo(context(call));
    }

    private static Optional<Object> context(Map<String, Object> call) {
        return Optional.ofNullable(call.get(Wire.CONTEXT)).filter(context -> !context.equals(""));
    }

    private static Object parsed(String json) {
        try {
            return Json.parseObject(json);
        } catch (BadJson e) {
            throw new AssertionError("the context is no JSON object any more", e);
        }
    }

    private static Optional<String> text(Map<String, Object> call, String name) {
        return call.get(name) instanceof String text && !text.isEmpty() ? Optional.of(text) : Optional.empty();
    }

    /** The call with a marker in every text: no error text may hold it. */
    private static Map<String, Object> marked(Map<String, Object> call) {
        Map<String, Object> marked = new LinkedHashMap<>();
        call.forEach((name, value) -> marked.put(name, markedValue(value)));
        return marked;
    }

    private static Object markedValue(Object value) {
        if (value instanceof String text) {
            return MARK + text;
        }
        if (value instanceof List<?> list) {
            List<Object> marked = new ArrayList<>();
            list.forEach(element -> marked.add(markedValue(element)));
            return marked;
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> marked = new LinkedHashMap<>();
            map.forEach((name, member) -> marked.put(MARK + name, markedValue(member)));
            return marked;
        }
        return value;
    }
}
