package io.smstask.callback;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A form-encoded body (name-value pairs, nvp). It keeps blank values and unknown fields, since Twilio signs them, and
 * refuses a field that is given twice, since one of the values would be hidden.
 *
 * @see <a href="https://url.spec.whatwg.org/#application/x-www-form-urlencoded">WHATWG: form-urlencoded</a>
 */
final class CallbackForm {

    /** The {@code Content-Type} of a form. */
    static final String MEDIA_TYPE = "application/x-www-form-urlencoded";

    private final Map<String, String> fields;

    private CallbackForm(Map<String, String> fields) {
        this.fields = fields;
    }

    /**
     * Parses a form.
     *
     * @throws BadForm if an escape is broken, a field is not UTF-8, or a field is given twice
     */
    static CallbackForm parse(byte[] body) throws BadForm {
        Map<String, String> fields = new LinkedHashMap<>();
        int start = 0;
        while (start <= body.length) {
            int end = indexOf(body, '&', start, body.length);
            if (end > start) {
                int equals = indexOf(body, '=', start, end);
                String name = decode(body, start, equals);
                String value = decode(body, Math.min(equals + 1, end), end);
                if (fields.putIfAbsent(name, value) != null) {
                    throw new BadForm("a field is given twice");
                }
            }
            start = end + 1;
        }
        return new CallbackForm(fields);
    }

    /** A field's value; empty if the field is missing or blank. */
    Optional<String> value(String name) {
        String value = fields.getOrDefault(name, "");
        return value.isEmpty() ? Optional.empty() : Optional.of(value);
    }

    /** The name that follows this one in sorted order, the order in which Twilio signs; empty if it is the last. */
    String nameAfter(String name) {
        String next = "";
        for (String other : fields.keySet()) {
            if (other.compareTo(name) > 0 && (next.isEmpty() || other.compareTo(next) < 0)) {
                next = other;
            }
        }
        return next;
    }

    /** All fields, blank ones included, as Twilio signed them. */
    Map<String, String> all() {
        // Not Map.copyOf, which uses linear probing: with thousands of names of the same hash code, one signature
        // would take half a second.
        return Collections.unmodifiableMap(fields);
    }

    private static int indexOf(byte[] body, char wanted, int from, int to) {
        int i = from;
        while (i < to && body[i] != wanted) {
            i++;
        }
        return i;
    }

    private static String decode(byte[] body, int from, int to) throws BadForm {
        ByteArrayOutputStream decoded = new ByteArrayOutputStream(to - from);
        for (int i = from; i < to; i++) {
            if (body[i] == '+') {
                decoded.write(' ');
            } else if (body[i] == '%') {
                if (i + 2 >= to) {
                    throw new BadForm("a percent escape is cut off");
                }
                decoded.write(16 * hex(body[i + 1]) + hex(body[i + 2]));
                i += 2;
            } else {
                decoded.write(body[i]);
            }
        }
        try {
            // Strict: new String would replace malformed bytes.
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(decoded.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new BadForm("a field is not UTF-8");
        }
    }

    private static int hex(byte digit) throws BadForm {
        int value = Character.digit((char) digit, 16);
        if (value < 0) {
            throw new BadForm("a percent escape is not hexadecimal");
        }
        return value;
    }

    /** The number of fields; their contents stay private. */
    @Override
    public String toString() {
        return "CallbackForm[" + fields.size() + " fields]";
    }
}
