package io.smstask.aws;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * An item's attributes as DynamoDB's JSON, {@code {"name": {"S": "value"}}}. It knows all types but the binary ones.
 *
 * @see
 *     <a href="https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html">AWS: AttributeValue</a>
 */
final class ItemJson {

    private ItemJson() {}

    static Map<String, Object> write(Map<String, AttributeValue> attributes) {
        Map<String, Object> json = new LinkedHashMap<>();
        attributes.forEach((name, value) -> json.put(name, write(value)));
        return json;
    }

    private static Map<String, Object> write(AttributeValue value) {
        return switch (value.type()) {
            case S -> Map.of("S", value.s());
            case N -> Map.of("N", value.n());
            case BOOL -> Map.of("BOOL", value.bool());
            case NUL -> Map.of("NULL", value.nul());
            case SS -> Map.of("SS", value.ss());
            case NS -> Map.of("NS", value.ns());
            case M -> Map.of("M", write(value.m()));
            case L -> {
                List<Object> list = new ArrayList<>();
                for (AttributeValue element : value.l()) {
                    list.add(write(element));
                }
                yield Map.of("L", list);
            }
            case B, BS, UNKNOWN_TO_SDK_VERSION ->
                throw new IllegalArgumentException("unsupported attribute type " + value.type());
        };
    }

    /**
     * @throws SdkException if it is not the JSON of an item
     */
    static Map<String, AttributeValue> read(Object json) {
        Map<String, AttributeValue> attributes = new LinkedHashMap<>();
        for (Map.Entry<?, ?> attribute : map(json).entrySet()) {
            attributes.put(attribute.getKey().toString(), value(attribute.getValue()));
        }
        return attributes;
    }

    private static AttributeValue value(Object json) {
        Map<?, ?> typed = map(json);
        if (typed.size() != 1) {
            throw unreadable();
        }
        Map.Entry<?, ?> only = typed.entrySet().iterator().next();
        Object value = only.getValue();
        AttributeValue.Builder builder = AttributeValue.builder();
        return switch (only.getKey().toString()) {
            case "S" -> builder.s(text(value)).build();
            case "N" -> builder.n(text(value)).build();
            case "BOOL" -> builder.bool(bool(value)).build();
            case "NULL" -> builder.nul(bool(value)).build();
            case "SS" -> builder.ss(texts(value)).build();
            case "NS" -> builder.ns(texts(value)).build();
            case "M" -> builder.m(read(value)).build();
            case "L" -> {
                List<AttributeValue> list = new ArrayList<>();
                for (Object element : list(value)) {
                    list.add(value(element));
                }
                yield builder.l(list).build();
            }
            // We never write other types; Items reports the mismatch.
            default -> builder.nul(true).build();
        };
    }

    private static Map<?, ?> map(Object json) {
        if (json instanceof Map<?, ?> map) {
            return map;
        }
        throw unreadable();
    }

    private static List<?> list(Object json) {
        if (json instanceof List<?> list) {
            return list;
        }
        throw unreadable();
    }

    private static List<String> texts(Object json) {
        List<String> texts = new ArrayList<>();
        for (Object text : list(json)) {
            texts.add(text(text));
        }
        return texts;
    }

    private static String text(Object json) {
        if (json instanceof String text) {
            return text;
        }
        throw unreadable();
    }

    private static Boolean bool(Object json) {
        if (json instanceof Boolean bool) {
            return bool;
        }
        throw unreadable();
    }

    private static SdkException unreadable() {
        return new AwsJson.Answer(200, AwsError.NOT_FROM_AWS, Map.of())
                .exception("DynamoDB did not answer with an item");
    }
}
