package io.smstask.simulator;

import java.io.ByteArrayOutputStream;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Name-value pairs of an {@code application/x-www-form-urlencoded} body. Anything malformed is an error. */
record FormBody(Map<String, List<String>> fields) {

    /**
     * Reads a body.
     *
     * @throws ApiRefusal if the content type is another one, an escape is broken or the text is not UTF-8
     */
    static FormBody read(String contentType, byte[] body) throws ApiRefusal {
        if (!isForm(contentType)) {
            throw new ApiRefusal(ApiError.CONTENT_TYPE);
        }
        var fields = new LinkedHashMap<String, List<String>>();
        // One character for each byte: escapes and UTF-8 are decoded together, field by field.
        for (String pair : new String(body, StandardCharsets.ISO_8859_1).split("&")) {
            if (pair.isEmpty()) {
                continue;
            }
            int equals = pair.indexOf('=');
            String name = decode(equals < 0 ? pair : pair.substring(0, equals));
            String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
            fields.computeIfAbsent(name, n -> new ArrayList<>()).add(value);
        }
        fields.replaceAll((name, values) -> List.copyOf(values));
        return new FormBody(Collections.unmodifiableMap(fields));
    }

    /** {@return the value of a field; empty if it is blank or missing, as at Twilio} */
    Optional<String> value(String name) {
        return values(name).stream().filter(value -> !value.isEmpty()).findFirst();
    }

    /** {@return all values of a field that may be repeated} */
    List<String> values(String name) {
        return fields.getOrDefault(name, List.of());
    }

    /** Encodes a body, the fields in the order of the map. */
    static String encode(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(field -> encode(field.getKey()) + "=" + encode(field.getValue()))
                .collect(Collectors.joining("&"));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static boolean isForm(String contentType) {
        String[] parts = contentType.toLowerCase(Locale.ROOT).replace(" ", "").split(";");
        if (!parts[0].equals("application/x-www-form-urlencoded")) {
            return false;
        }
        for (String part : parts) {
            if (part.startsWith("charset=") && !part.replace("\"", "").equals("charset=utf-8")) {
                return false;
            }
        }
        return true;
    }

    private static String decode(String escaped) throws ApiRefusal {
        var bytes = new ByteArrayOutputStream(escaped.length());
        for (int i = 0; i < escaped.length(); i++) {
            char c = escaped.charAt(i);
            if (c == '%') {
                bytes.write(escape(escaped, i + 1));
                i += 2;
            } else {
                bytes.write(c == '+' ? ' ' : c);
            }
        }
        try {
            // An explicit decoder reports what is not UTF-8; new String would silently replace it.
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException notUtf8) {
            throw new ApiRefusal(ApiError.BAD_REQUEST, "The form is not UTF-8");
        }
    }

    private static int escape(String text, int at) throws ApiRefusal {
        int high = at + 1 < text.length() ? Character.digit(text.charAt(at), 16) : -1;
        int low = at + 1 < text.length() ? Character.digit(text.charAt(at + 1), 16) : -1;
        if (high < 0 || low < 0) {
            throw new ApiRefusal(ApiError.BAD_REQUEST, "The form has a broken percent escape");
        }
        return high * 16 + low;
    }
}
