package io.smstask.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.jr.ob.JSON;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Jackson reads, we read, and the same; what it refuses, we refuse. */
final class JsonAgreesTest {

    private static final int MUTATIONS = 30_000;

    /** Of JSON, or next to it. */
    private static final byte[] BYTES =
            "{}[]\",:\\/bfnrtu0123456789abcdefABCDEF+-.eE tru fals nul \n\r\t\b\f\0'#\u007f".getBytes(UTF_8);

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
            .build();

    private static final JSON MAPS = JSON.builder(FACTORY)
            .enable(JSON.Feature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(JSON.Feature.WRITE_NULL_PROPERTIES)
            .build();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"Item\":{\"task_id\":{\"S\":\"order-4711\"},\"revision\":{\"N\":\"3\"},\"history\":{\"L\":[{\"M\":{}}]}}}",
                "{\"a\":[1,-2.50,1e3,0,-0,0.0,null,true,false,\"\\ud83d\\ude42\\u00e9\\\"\\\\\\/\\b\\f\\n\\r\\t\"],\"b\":{\"a\":\"é🙂\"}}",
                "{\"a\":2147483647,\"b\":2147483648,\"c\":-2147483648,\"d\":-2147483649,\"e\":9223372036854775807,"
                        + "\"f\":9223372036854775808,\"g\":-9223372036854775808,\"h\":999999999999999999,\"i\":1.5E-99}",
                " { \"a\" : [ ] , \"b\" : { } ,\n\"c\" : [ [ 1 , 2 ] , [ ] ]\t}\r\n"
            })
    void on_a_text_and_on_what_is_nearly_it(String text) throws IOException, BadJson {
        byte[] good = text.getBytes(UTF_8);
        assertThat(ours(good)).isPresent().isEqualTo(jacksons(good));
        Random random = new Random(4711);
        int read = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] mutated = mutated(good, random);

            Optional<Map<String, Object>> ours = ours(mutated);

            assertThat(ours).as(new String(mutated, UTF_8)).isEqualTo(jacksons(mutated));
            if (ours.isPresent() && Json.isWellFormed(ours.get())) {
                read++;
                assertThat(Json.write(ours.get())).isEqualTo(MAPS.asBytes(ours.get()));
                assertThat(streamed(mutated)).containsExactly(ours.get());
            }
        }
        assertThat(read).isBetween(MUTATIONS / 100, MUTATIONS * 99 / 100);
    }

    @Test
    void on_how_deep_a_text_may_be() throws IOException {
        for (int depth : List.of(1, 400, 499, 500, 501, 502, 1000, 1001)) {
            byte[] deep = ("{\"a\":" + "[".repeat(depth - 1) + "]".repeat(depth - 1) + "}").getBytes(UTF_8);
            if (depth > 1) {
                assertThat(ours(deep).isPresent())
                        .as("depth " + depth)
                        .isEqualTo(jacksons(deep).isPresent());
            }
        }
    }

    private static List<Map<String, Object>> streamed(byte[] object) throws BadJson {
        List<Map<String, Object>> streamed = new ArrayList<>();
        byte[] list = ("{\"l\":[" + new String(object, UTF_8) + "]}").getBytes(UTF_8);
        Json.parseStream(new ByteArrayInputStream(list), "l", streamed::add);
        return streamed;
    }

    private static byte[] mutated(byte[] text, Random random) {
        List<Byte> bytes = new ArrayList<>();
        for (byte b : text) {
            bytes.add(b);
        }
        for (int i = random.nextInt(3); i >= 0; i--) {
            int at = random.nextInt(bytes.size());
            byte other = random.nextInt(8) == 0 ? (byte) random.nextInt(256) : BYTES[random.nextInt(BYTES.length)];
            switch (random.nextInt(3)) {
                case 0 -> bytes.set(at, other);
                case 1 -> bytes.add(at, other);
                default -> bytes.remove(at);
            }
        }
        byte[] mutated = new byte[bytes.size()];
        for (int i = 0; i < mutated.length; i++) {
            mutated[i] = bytes.get(i);
        }
        return mutated;
    }

    private static Optional<Map<String, Object>> ours(byte[] text) {
        try {
            return Optional.of(Json.parseUnchecked(text));
        } catch (BadJson e) {
            return Optional.empty();
        }
    }

    private static Optional<Map<String, Object>> jacksons(byte[] text) {
        // It would guess UTF-16, and takes names that are not UTF-8.
        if (text[0] == 0 || text[1] == 0 || !Arrays.equals(new String(text, UTF_8).getBytes(UTF_8), text)) {
            return Optional.empty();
        }
        try (JsonParser parser = FACTORY.createParser(text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return Optional.empty();
            }
            Map<String, Object> object = MAPS.mapFrom(parser);
            return parser.nextToken() == null ? Optional.of(object) : Optional.empty();
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }
}
