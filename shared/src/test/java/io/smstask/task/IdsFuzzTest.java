package io.smstask.task;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Any text where a task id or one of Twilio's sids is expected; regular expressions are the second opinion. */
final class IdsFuzzTest {

    static Stream<byte[]> ids() {
        return Stream.of(
                        "order-4711",
                        "0123456789_0123456789-0123456789_0123456789-0123456789_0123456789",
                        "SM00000000000000000000000000000001",
                        "MM0000000000000000000000000000AbCF",
                        "AC00000000000000000000000000000001",
                        "AC0000000000000000000000000000000g")
                .map(text -> text.getBytes(UTF_8));
    }

    @MethodSource("ids")
    @FuzzTest(maxDuration = "10m")
    void an_id_fits_its_pattern(byte[] utf8) {
        String text = new String(utf8, UTF_8);

        check(text, TaskId.FORMAT, TaskId.isValid(text), TaskId::new);
        check(text, "(SM|MM)[0-9a-fA-F]{32}", MessageSid.isValid(text), MessageSid::new);
        check(text, "AC[0-9a-fA-F]{32}", AccountSid.isValid(text), AccountSid::new);
    }

    private static void check(String text, String pattern, boolean isValid, Function<String, Object> constructor) {
        assertThat(isValid).isEqualTo(text.matches(pattern));
        if (isValid) {
            assertThat(constructor.apply(text)).hasToString(text);
        } else {
            // The message says what was expected; it is the same for every text.
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> constructor.apply(text))
                    .withMessageMatching("(task_id must match .*|sid must be .*|AccountSid must be .*)");
        }
    }
}
