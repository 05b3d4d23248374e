package io.smstask.json;

import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes JSON without white space. */
final class JsonWriter {

    private final StringBuilder json = new StringBuilder();

    /** What has been written. */
    String json() {
        return json.toString();
    }

    /**
     * A map, a list, a text, a number, a boolean or null.
     *
     * @throws IllegalArgumentException if it is anything else, or a text that UTF-8 cannot hold
     */
    void value(@Nullable Object value) {
        if (value instanceof String text) {
            text(text);
        } else if (value instanceof Map<?, ?> map) {
            String before = "{";
            for (Map.Entry<?, ?> member : map.entrySet()) {
                json.append(before);
                text(member.getKey().toString());
                json.append(':');
                value(member.getValue());
                before = ",";
            }
            json.append(map.isEmpty() ? "{}" : "}");
        } else if (value instanceof List<?> list) {
            String before = "[";
            for (Object element : list) {
                json.append(before);
                value(element);
                before = ",";
            }
            json.append(list.isEmpty() ? "[]" : "]");
        } else if (value == null || value instanceof Boolean || value instanceof Number) {
            json.append(value);
        } else {
            throw new IllegalArgumentException("not writable as JSON: " + value.getClass());
        }
    }

    private void text(String text) {
        if (!isWellFormed(text)) {
            throw new IllegalArgumentException("not writable as JSON: half of a surrogate pair");
        }
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int known = "\"\\\b\f\n\r\t".indexOf(c);
            if (known >= 0) {
                json.append('\\').append("\"\\bfnrt".charAt(known));
            } else if (c < ' ') {
                json.append("\\u").append(HexFormat.of().withUpperCase().toHexDigits(c));
            } else {
                json.append(c);
            }
        }
        json.append('"');
    }

    /** Whether UTF-8 can hold it: it has no half of a surrogate pair. */
    static boolean isWellFormed(String text) {
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
