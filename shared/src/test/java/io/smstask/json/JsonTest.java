package io.smstask.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonTest {

    @Test
    void an_object_is_a_map_in_the_order_of_its_members() throws BadJson {
        Map<String, Object> object =
                Json.parseObject("{\"b\":\"text\",\"a\":1,\"c\":[true,null,{}],\"long\":12345678901234567890}");

        assertThat(object.keySet()).containsExactly("b", "a", "c", "long");
        assertThat(object.get("a")).isEqualTo(1);
        assertThat(object.get("c")).isEqualTo(Arrays.asList(true, null, Map.of()));
        assertThat(object.get("long")).isEqualTo(new BigInteger("12345678901234567890"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"price\":1.50}",
                "{\"n\":0.1}",
                "{\"n\":123456789012345678901234567890.123456789}",
                "{\"n\":12345678901234567890123}",
                "{\"n\":1E+308}",
                "{\"n\":1.5E-9990}",
                "{\"a\":[1,-2,null,true,\"é\"],\"b\":{}}"
            })
    void what_is_read_is_written_back_digit_by_digit(String text) throws BadJson {
        assertThat(Json.writeText(Json.parseObject(text))).isEqualTo(text);
    }

    @Test
    void a_fraction_is_a_big_decimal() throws BadJson {
        assertThat(Json.parseObject("{\"n\":1.50}").get("n")).isEqualTo(new BigDecimal("1.50"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "\"text\"",
                "1",
                "[]",
                "[{}]",
                "{",
                "{}}",
                "{} {}",
                "{} x",
                "{\"a\":1,}",
                "{'a':1}",
                "{a:1}",
                "{\"a\":01}",
                "{\"a\":NaN}",
                "{\"a\":1 /* no */}",
                "{\"a\":\"tab\there\"}",
                "{\"a\":1,\"a\":2}",
                "{\"o\":{\"a\":1,\"a\":1}}",
                "{\"a\":\"\\ud800\"}",
                "{\"a\":\"\\udc00\\ud800\"}",
                "{\"\\ud83d\":1}",
                "{\"a\":[{\"b\":\"\\ud83d x\"}]}",
                "{\"a\":\"\\x\"}"
            })
    void what_is_not_strictly_one_object_is_refused(String text) {
        assertThatThrownBy(() -> Json.parseObject(text)).isInstanceOf(BadJson.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"\\ud800\"", "[{\"b\":\"\\ud83d x\"}]", "[1e10000]"})
    void what_is_read_unchecked_can_be_asked_of_each_member(String value) throws BadJson {
        byte[] text = ("{\"good\":\"\\ud83d\\ude42\",\"bad\":" + value + "}").getBytes(StandardCharsets.UTF_8);

        Map<String, Object> object = Json.parseUnchecked(text);

        assertThat(Json.isWellFormed(object.get("good"))).isTrue();
        assertThat(Json.isWellFormed(object.get("bad"))).isFalse();
        assertThatThrownBy(() -> Json.parseObject(text)).isInstanceOf(BadJson.class);
    }

    @Test
    void a_whole_surrogate_pair_is_a_character() throws BadJson {
        assertThat(Json.parseObject("{\"a\":\"\\ud83d\\ude42\"}")).isEqualTo(Map.of("a", "🙂"));
        assertThat(Json.parseObject(Json.write(Map.of("a", "🙂")))).isEqualTo(Map.of("a", "🙂"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "UTF-16BE", "UTF-16LE", "X-UTF-16LE-BOM", "UTF-32", "UTF-32LE", "X-UTF-32LE-BOM"})
    void json_in_another_encoding_is_not_guessed(String charset) {
        for (String text : List.of("{\"a\":1}", " {\"a\":1}")) {
            assertThatThrownBy(() -> Json.parseObject(text.getBytes(Charset.forName(charset))))
                    .isInstanceOf(BadJson.class)
                    .hasMessage("not JSON in UTF-8");
        }
    }

    @Test
    void what_is_not_utf_8_is_refused() {
        byte[] latin1 = "{\"a\":\"é\"}".getBytes(StandardCharsets.ISO_8859_1);
        byte[] halfPair = {'{', '"', 'a', '"', ':', '"', (byte) 0xED, (byte) 0xA0, (byte) 0x80, '"', '}'};
        byte[] halfCharacter = {(byte) 0xC3, '{', '}'};

        assertThatThrownBy(() -> Json.parseObject(latin1)).isInstanceOf(BadJson.class);
        assertThatThrownBy(() -> Json.parseObject(halfPair)).isInstanceOf(BadJson.class);
        assertThatThrownBy(() -> Json.parseObject(halfCharacter)).hasMessage("not JSON in UTF-8");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{\"a\":"})
    void a_text_of_endless_depth_is_refused_and_overflows_no_stack(String opening) {
        String deep = "{\"a\":" + opening.repeat(100_000);

        assertThatThrownBy(() -> Json.parseObject(deep)).isInstanceOf(BadJson.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "{}", "[[]]", "{\"b\":{}}"})
    void the_depth_does_not_grow_with_the_number_of_siblings(String value) throws BadJson {
        String wide = "{\"a\":[" + (value + ",").repeat(2_000) + value + "]}";

        assertThat(Json.parseObject(wide).get("a")).asInstanceOf(LIST).hasSize(2_001);
    }

    @Test
    void a_number_may_have_a_thousand_digits_and_no_more() throws BadJson {
        String digits = "9".repeat(1_000);

        assertThat(Json.parseObject("{\"a\":" + digits + "}")).isEqualTo(Map.of("a", new BigInteger(digits)));
        assertThatThrownBy(() -> Json.parseObject("{\"a\":" + digits + "9}")).hasMessage("not JSON");
    }

    @Test
    void a_number_of_endless_length_is_refused() {
        assertThatThrownBy(() -> Json.parseObject("{\"a\":" + "9".repeat(100_000) + "}"))
                .isInstanceOf(BadJson.class)
                .hasMessage("not JSON");
    }

    @Test
    void a_streamed_text_without_end_is_refused() {
        InputStream endless = new SequenceInputStream(stream("{\"a\":\""), new InputStream() {
            @Override
            public int read() {
                return 'a';
            }

            @Override
            public int read(byte[] bytes, int start, int length) {
                Arrays.fill(bytes, start, start + length, (byte) 'a');
                return length;
            }
        });

        assertThatThrownBy(() -> Json.parseStream(endless, "list", element -> {}))
                .isInstanceOf(BadJson.class)
                .hasMessageStartingWith("not JSON at line 1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"1e2147483648", "5558675310e-99999999999", "12e2147483647", "1e999999999", "1e10000", "1e-10000"
            })
    void a_number_of_endless_size_is_refused_and_not_quoted(String number) {
        assertThatThrownBy(() -> Json.parseObject("{\"a\":[" + number + "]}"))
                .isInstanceOf(BadJson.class)
                .hasMessageNotContaining(number)
                .hasNoCause();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e9999", "1e-9999"})
    void a_number_may_have_an_exponent_of_four_digits(String number) throws BadJson {
        assertThat(Json.parseObject("{\"a\":" + number + "}")).isEqualTo(Map.of("a", new BigDecimal(number)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":s3cret}",
                "{\"s3cret\":1,\"s3cret\":2}",
                "{\"a\":\"s3cret\"} s3cret",
                "{\"a\":\"s3cret\\x\"}",
                "{\"a\":tru s3cret}",
                "{\"a\":\"s3cret",
                "{\"a\":\"s3cret\\ud800\"}",
                "s3cret"
            })
    void an_error_never_quotes_what_was_read(String text) {
        assertThatThrownBy(() -> Json.parseObject(text))
                .isInstanceOf(BadJson.class)
                .hasMessageNotContainingAny("s3cret", "s3c")
                .hasNoCause();
    }

    /** The columns: the text, and the column of the first character that cannot be right. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"a":?}         | 6
            {"a":tru }      | 9
            {"a":tru        | 9
            {"a":"\\x"}      | 8
            {"a":"\\u00g0"}  | 11
            `{"a":"\t"}`     | 7
            {"a":"x         | 8
            {"a":[1 2]}     | 9
            """)
    void an_error_tells_where(String text, int column) {
        assertThatThrownBy(() -> Json.parseObject(text)).hasMessage("not JSON at line 1, column " + column);
        assertThatThrownBy(() -> Json.parseObject("\n \n" + text)).hasMessage("not JSON at line 3, column " + column);
    }

    @Test
    void nothing_is_left_out_of_what_is_written() {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("none", null);
        object.put("quote", "\"\\\n");
        object.put("list", List.of());

        assertThat(Json.writeText(object)).isEqualTo("{\"none\":null,\"quote\":\"\\\"\\\\\\n\",\"list\":[]}");
    }

    @Test
    void a_blank_text_counts_as_absent() {
        Map<String, Object> object = Map.of("text", "a b", "blank", " \n", "number", 1);

        assertThat(Json.text(object, "text")).contains("a b");
        for (String name : List.of("blank", "number", "missing")) {
            assertThat(Json.text(object, name)).isEmpty();
        }
    }

    // a stream

    @Test
    void a_stream_hands_over_the_objects_of_a_list_and_gives_back_the_texts_beside_it() throws BadJson {
        List<Map<String, Object>> objects = new ArrayList<>();

        Map<String, Object> texts = Json.parseStream(
                stream("{\"page\":1,\"before\":\"b\",\"list\":[{\"n\":1},{\"n\":2}],\"after\":\"a\",\"next\":null}"),
                "list",
                objects::add);

        assertThat(objects).containsExactly(Map.of("n", 1), Map.of("n", 2));
        assertThat(texts).isEqualTo(Map.of("before", "b", "after", "a"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{\"list\":[{}]", "{\"list\":[{}", "{\"list\":[{}]]", "{\"list\":[1]}", "{\"other\":[]}", "[]"})
    void a_stream_that_is_not_one_object_with_a_list_of_objects_is_refused(String text) {
        assertThatThrownBy(() -> Json.parseStream(stream(text), "list", object -> {}))
                .isInstanceOf(BadJson.class);
    }

    /** It is read in parts of some thousand characters. */
    @Test
    void a_long_stream_is_read_whole_and_an_error_in_it_tells_where() throws BadJson {
        String blanks = " ".repeat(30_000);
        List<Map<String, Object>> objects = new ArrayList<>();

        Json.parseStream(stream("{\"list\":[{\"a\":\"" + blanks + "\"}]}"), "list", objects::add);

        assertThat(objects).containsExactly(Map.of("a", blanks));
        assertThatThrownBy(() -> Json.parseStream(stream("\n{" + blanks + "?"), "list", object -> {}))
                .hasMessage("not JSON at line 2, column 30002");
    }

    private static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }
}
