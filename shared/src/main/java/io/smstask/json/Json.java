package io.smstask.json;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** JSON as plain maps and lists. Strict: one object, no duplicate keys, no lone surrogates, no huge exponents. */
public final class Json {

    /** Beyond this {@code BigDecimal} may write a number that it cannot read back. A double ends at 324. */
    private static final int MAX_SCALE = 9999;

    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private Json() {}

    /**
     * Reads one JSON object.
     *
     * @param utf8 the whole text, UTF-8
     * @return its members in order; numbers with a fraction as {@code BigDecimal}
     * @throws BadJson if it is anything else
     */
    public static Map<String, Object> parseObject(byte[] utf8) throws BadJson {
        Map<String, Object> object = parseUnchecked(utf8);
        if (!isWellFormed(object)) {
            throw new BadJson("a text holds half of a surrogate pair, or a number's exponent is too large");
        }
        return object;
    }

    /**
     * {@link #parseObject(byte[])} without the test {@link #isWellFormed(Object)}: for callers that test each member,
     * to name the bad one, and for DynamoDB's answers, in which only the bad item may fail.
     */
    public static Map<String, Object> parseUnchecked(byte[] utf8) throws BadJson {
        if (isUtf16Or32(utf8)) {
            throw new BadJson("not JSON in UTF-8");
        }
        String text = new String(utf8, StandardCharsets.UTF_8);
        // What is not UTF-8 has become this character; the character itself is the same when it is written again.
        if (text.indexOf('\uFFFD') >= 0 && !Arrays.equals(text.getBytes(StandardCharsets.UTF_8), utf8)) {
            throw new BadJson("not JSON in UTF-8");
        }
        try {
            JsonReader reader = new JsonReader(text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text);
            Map<String, Object> object = object(reader);
            if (!reader.isAtEnd()) {
                throw new BadJson("expected nothing after the JSON object");
            }
            return object;
        } catch (NumberFormatException e) {
            // Its message quotes the number.
            throw new BadJson("a number's exponent is too large");
        } catch (IOException e) {
            throw new IllegalStateException("a text is read without input", e);
        }
    }

    /** {@link #parseObject(byte[])} of a text. */
    public static Map<String, Object> parseObject(String text) throws BadJson {
        return parseObject(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Reads one JSON object as a stream: the objects of one of its lists are handed over one by one, and not kept.
     *
     * @param utf8 the whole text, UTF-8
     * @param list the name of the member that is the list
     * @return the object's texts; what else it has is skipped
     * @throws BadJson if it is anything else, or ends too early; what was handed over before is right
     */
    public static Map<String, Object> parseStream(InputStream utf8, String list, Consumer<Map<String, Object>> each)
            throws BadJson {
        try {
            JsonReader reader = new JsonReader(new InputStreamReader(utf8, StandardCharsets.UTF_8.newDecoder()));
            open(reader);
            Map<String, Object> texts = new LinkedHashMap<>();
            boolean isListThere = false;
            do {
                String name = reader.name();
                if (name.equals(list) && reader.take('[')) {
                    isListThere = true;
                    readList(reader, each);
                } else if (reader.value() instanceof String text) {
                    texts.put(name, text);
                }
            } while (reader.take(','));
            reader.require('}');
            if (!isListThere) {
                throw new BadJson("expected a JSON object with " + list);
            }
            return texts;
        } catch (NumberFormatException e) {
            throw new BadJson("a number's exponent is too large");
        } catch (IOException e) {
            throw new BadJson("not JSON in UTF-8, or not all of it");
        }
    }

    private static void readList(JsonReader reader, Consumer<Map<String, Object>> each) throws IOException, BadJson {
        if (!reader.take(']')) {
            do {
                each.accept(object(reader));
            } while (reader.take(','));
            reader.require(']');
        }
    }

    private static Map<String, Object> object(JsonReader reader) throws IOException, BadJson {
        open(reader);
        return reader.object();
    }

    private static void open(JsonReader reader) throws IOException, BadJson {
        if (!reader.take('{')) {
            throw new BadJson("expected a JSON object");
        }
    }

    /** Writes maps, lists, texts, numbers, booleans and nulls as JSON in UTF-8. */
    public static byte[] write(Map<String, ?> object) {
        return writeText(object).getBytes(StandardCharsets.UTF_8);
    }

    /** {@link #write(Map)} as a text. */
    public static String writeText(Map<String, ?> object) {
        JsonWriter writer = new JsonWriter();
        writer.value(object);
        return writer.json();
    }

    /** A member that is a text and not blank. */
    public static Optional<String> text(Map<?, ?> object, String name) {
        return object.get(name) instanceof String text && !text.isBlank() ? Optional.of(text) : Optional.empty();
    }

    /**
     * Whether the bytes are UTF-16 or UTF-32, for an error that says so. An object begins with ASCII, so one of the first two
     * bytes is then null or part of a byte order mark.
     */
    private static boolean isUtf16Or32(byte[] text) {
        return text.length > 1 && (text[0] == 0 || text[1] == 0 || text[0] == (byte) 0xFE || text[0] == (byte) 0xFF);
    }

    /** Whether every text in it can be written as UTF-8, and every number read back. */
    public static boolean isWellFormed(@Nullable Object value) {
        if (value instanceof String text) {
            return JsonWriter.isWellFormed(text);
        }
        if (value instanceof BigDecimal number) {
            return Math.abs((long) number.scale()) <= MAX_SCALE;
        }
        if (value instanceof List<?> list) {
            for (Object element : list) {
                if (!isWellFormed(element)) {
                    return false;
                }
            }
        }
        if (value instanceof Map<?, ?> map) {
            for (Map.Entry<?, ?> member : map.entrySet()) {
                if (!isWellFormed(member.getKey()) || !isWellFormed(member.getValue())) {
                    return false;
                }
            }
        }
        return true;
    }
}
