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
 * A form-encoded body (nvp). Blank values and unknown fields stay, since they are signed; a field given twice is refused,
 * since one of its values would be hidden.
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
     * Reads a form.
     *
     * @throws BadForm if an escape or its UTF-8 is broken, or a field is given twice
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

    /** A field's value; empty where the field is missing or blank. */
    Optional<String> value(String name) {
        return Optional.ofNullable(fields.get(name)).filter(value -> !value.isEmpty());
    }

    /** The next name in the order of names, in which they are signed; empty where there is none. */
    String nameAfter(String name) {
        String next = "";
        for (String other : fields.keySet()) {
            if (other.compareTo(name) > 0 && (next.isEmpty() || other.compareTo(next) < 0)) {
                next = other;
            }
        }
        return next;
    }

    /** All fields, blank ones included, as they were signed. */
    Map<String, String> all() {
        // Not Map.copyOf: it probes one by one, so thousands of names with one hash code cost half a second a
        // signature.
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
            // Strict: String's own constructor would replace what is not UTF-8.
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

    /** How many fields; their contents stay private. */
    @Override
    public String toString() {
        return "CallbackForm[" + fields.size() + " fields]";
    }
}
