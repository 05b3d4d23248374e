package io.smstask.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.provider.MethodSource;

/** Any bytes as JSON. */
final class JsonFuzzTest {

    /** Every message that {@link BadJson} may have: it says where, and quotes nothing. */
    private static final String MESSAGES = "expected a JSON object|expected nothing after the JSON object|not JSON"
            + "|not JSON in UTF-8|not JSON at line -?\\d+, column -?\\d+"
            + "|a text holds half of a surrogate pair, or a number's exponent is too large"
            + "|a number's exponent is too large";

    static Stream<byte[]> texts() {
        return Stream.of(
                        "{}",
                        "{\"a\":[1,-2.50,1e3,null,true,\"\\ud83d\\ude42\"],\"b\":{\"a\":\"é\"}}",
                        "{\"a\":12345678901234567890,\"b\":1.5E-9990}",
                        "{\"a\":1,\"a\":2}",
                        "{\"a\":\"\\ud800\"} x")
                .map(text -> text.getBytes(UTF_8));
    }

    @MethodSource("texts")
    @FuzzTest(maxDuration = "10m")
    void what_is_read_is_written_and_read_again_the_same(byte[] text) throws BadJson {
        Map<String, Object> object;
        try {
            object = Json.parseObject(text);
        } catch (BadJson e) {
            assertThat(e).hasNoCause();
            assertThat(e.getMessage()).matches(MESSAGES);
            return;
        }
        byte[] written = Json.write(object);

        Map<String, Object> again = Json.parseObject(written);
        assertThat(withPlainNumbers(again)).isEqualTo(withPlainNumbers(object));
        assertThat(again.keySet()).containsExactlyElementsOf(object.keySet());
        assertThat(Json.write(again)).isEqualTo(written);
    }

    /** 8E0 is written as 8: the same number, but an Integer when it is read again. */
    private static Object withPlainNumbers(@Nullable Object value) {
        if (value instanceof Number number) {
            return new BigDecimal(number.toString());
        }
        if (value instanceof List<?> list) {
            return list.stream().map(JsonFuzzTest::withPlainNumbers).toList();
        }
        if (value instanceof Map<?, ?> map) {
            Map<Object, Object> plain = new HashMap<>();
            map.forEach((name, member) -> plain.put(name, withPlainNumbers(member)));
            return plain;
        }
        return value == null ? Optional.empty() : value;
    }
}
