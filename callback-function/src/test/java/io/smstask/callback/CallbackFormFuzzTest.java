package io.smstask.callback;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Parses any bytes as a form. */
final class CallbackFormFuzzTest {

    /** All messages of {@link BadForm}; none quotes the body. */
    private static final String MESSAGES = "a field is given twice|a percent escape is cut off"
            + "|a percent escape is not hexadecimal|a field is not UTF-8";

    static Stream<byte[]> forms() {
        return Stream.of(
                        "MessageStatus=delivered&To=%2B15558675310&MessageSid=SM00000000000000000000000000000001&ErrorCode=",
                        "Note=a+b%20c&&N%6fte2&=x&Emoji=%f0%9f%9a%9A", "a=1&a=2", "a=%zz&b=%2", "a=%ff")
                .map(text -> text.getBytes(UTF_8));
    }

    @MethodSource("forms")
    @FuzzTest(maxDuration = "10m")
    void no_field_is_lost_or_changed(byte[] body) throws BadForm {
        CallbackForm form;
        try {
            form = CallbackForm.parse(body);
        } catch (BadForm e) {
            assertThat(e.getMessage()).matches(MESSAGES);
            return;
        }
        Map<String, String> fields = form.all();

        assertThat(fields).hasSize(pairsIn(body));
        assertThat(CallbackForm.parse(encoded(fields).getBytes(UTF_8)).all()).isEqualTo(fields);
        assertThat(fields)
                .allSatisfy(
                        (name, value) -> assertThat(form.value(name).orElse("")).isEqualTo(value));
        if (US_ASCII.newEncoder().canEncode(new String(body, UTF_8))) {
            assertThat(fields).isEqualTo(asTheJdkDecodes(new String(body, UTF_8)));
        }
    }

    private static int pairsIn(byte[] body) {
        int pairs = 0;
        for (int i = 0; i < body.length; i++) {
            if (body[i] != '&' && (i == 0 || body[i - 1] == '&')) {
                pairs++;
            }
        }
        return pairs;
    }

    private static String encoded(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(field ->
                        URLEncoder.encode(field.getKey(), UTF_8) + "=" + URLEncoder.encode(field.getValue(), UTF_8))
                .collect(Collectors.joining("&"));
    }

    /** The JDK's decoder accepts more, but if both accept a form, the results must agree. */
    private static Map<String, String> asTheJdkDecodes(String body) {
        Map<String, String> fields = new HashMap<>();
        for (String pair : body.split("&")) {
            if (!pair.isEmpty()) {
                String[] parts = pair.split("=", 2);
                fields.put(
                        URLDecoder.decode(parts[0], UTF_8), URLDecoder.decode(parts.length > 1 ? parts[1] : "", UTF_8));
            }
        }
        return fields;
    }
}
