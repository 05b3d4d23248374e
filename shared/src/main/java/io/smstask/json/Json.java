package io.smstask.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.jr.ob.JSON;
import com.fasterxml.jackson.jr.ob.JSONObjectException;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
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

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            // An emoji as its four bytes, not as twelve characters of escapes.
            .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
            .build();

    private static final JSON MAPS = JSON.builder(FACTORY)
            .enable(JSON.Feature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(JSON.Feature.WRITE_NULL_PROPERTIES)
            .build();

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
        try (JsonParser parser = FACTORY.createParser(utf8)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new BadJson("expected a JSON object");
            }
            Map<String, Object> object = MAPS.mapFrom(parser);
            if (parser.nextToken() != null) {
                throw new BadJson("expected nothing after the JSON object");
            }
            return object;
        } catch (JsonProcessingException e) {
            throw new BadJson(at(e));
        } catch (NumberFormatException e) {
            // Jackson does not wrap BigDecimal's exception, whose message quotes the number.
            throw new BadJson("a number's exponent is too large");
        } catch (IOException e) {
            throw new BadJson("not JSON in UTF-8");
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
        try (JsonParser parser = FACTORY.createParser(utf8)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new BadJson("expected a JSON object");
            }
            Map<String, Object> texts = new LinkedHashMap<>();
            boolean isListThere = false;
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                if (name.equals(list) && value == JsonToken.START_ARRAY) {
                    isListThere = true;
                    while (parser.nextToken() == JsonToken.START_OBJECT) {
                        each.accept(MAPS.mapFrom(parser));
                    }
                    if (parser.currentToken() != JsonToken.END_ARRAY) {
                        throw new BadJson("expected a list of objects");
                    }
                } else if (value == JsonToken.VALUE_STRING) {
                    texts.put(name, parser.getText());
                } else {
                    parser.skipChildren();
                }
            }
            if (!isListThere || parser.currentToken() != JsonToken.END_OBJECT) {
                throw new BadJson("expected a JSON object with " + list);
            }
            return texts;
        } catch (JsonProcessingException e) {
            throw new BadJson(at(e));
        } catch (NumberFormatException e) {
            throw new BadJson("a number's exponent is too large");
        } catch (IOException e) {
            throw new BadJson("not JSON in UTF-8, or not all of it");
        }
    }

    /** Writes maps, lists, texts, numbers, booleans and nulls as JSON in UTF-8. */
    public static byte[] write(Map<String, ?> object) {
        try {
            return MAPS.asBytes(object);
        } catch (IOException e) {
            throw new IllegalArgumentException("not writable as JSON", e);
        }
    }

    /** {@link #write(Map)} as a text. */
    public static String writeText(Map<String, ?> object) {
        return new String(write(object), StandardCharsets.UTF_8);
    }

    /** A member that is a text and not blank. */
    public static Optional<String> text(Map<?, ?> object, String name) {
        return object.get(name) instanceof String text && !text.isBlank() ? Optional.of(text) : Optional.empty();
    }

    /**
     * Whether the bytes are UTF-16 or UTF-32. Jackson would detect and read them, while whatever checked the bytes
     * before as UTF-8 saw another text. An object begins with ASCII, so one of the first two bytes is then null or part
     * of a byte order mark.
     */
    private static boolean isUtf16Or32(byte[] text) {
        return text.length > 1 && (text[0] == 0 || text[1] == 0 || text[0] == (byte) 0xFE || text[0] == (byte) 0xFF);
    }

    private static String at(JsonProcessingException e) {
        // The exception's own message quotes the input.
        if (e instanceof JSONObjectException || e.getLocation() == null) {
            return "not JSON";
        }
        return "not JSON at line " + e.getLocation().getLineNr() + ", column "
                + e.getLocation().getColumnNr();
    }

    /** Whether every text in it can be written as UTF-8, and every number read back. */
    public static boolean isWellFormed(@Nullable Object value) {
        if (value instanceof String text) {
            return isWellFormed(text);
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

    private static boolean isWellFormed(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                return false;
            }
        }
        return true;
    }
}
