package io.smstask.lambda;

import java.util.Map;
import java.util.Optional;

/**
 * An HTTP request, whichever event format carried it.
 *
 * @param path the path without a query, with or without a stage before it
 * @param headers by lower-case name
 * @param body decoded; empty if there is none
 */
public record HttpRequest(String method, String path, Map<String, String> headers, byte[] body) {

    /** The most bytes of a body; {@code 413} beyond it. */
    public static final int MAX_BODY_BYTES = 64 * 1024;

    /** A header's value, whatever the case of its name. */
    public Optional<String> header(String lowerCaseName) {
        return Optional.ofNullable(headers.get(lowerCaseName));
    }

    /** Whether the body exceeds {@link #MAX_BODY_BYTES}. */
    public boolean isTooLarge() {
        return body.length > MAX_BODY_BYTES;
    }

    /** Whether the {@code Content-Type} is this one, apart from parameters such as the charset. */
    public boolean hasContentType(String mediaType) {
        String value = headers.getOrDefault("content-type", "");
        int parameters = value.indexOf(';');
        return (parameters < 0 ? value : value.substring(0, parameters)).strip().equalsIgnoreCase(mediaType);
    }

    /**
     * The last segments of the path. A stage or a base path may stand before them, depending on API Gateway's API,
     * domain and payload format; the end of the path is always ours.
     *
     * @return exactly {@code count} texts, empty ones if the path is shorter
     */
    public String[] lastSegments(int count) {
        String[] segments = new String[count];
        int end = path.length();
        for (int i = count - 1; i >= 0; i--) {
            int slash = end > 0 ? path.lastIndexOf('/', end - 1) : -1;
            segments[i] = end > 0 ? path.substring(slash + 1, end) : "";
            end = Math.max(slash, 0);
        }
        return segments;
    }

    /** Method and size; path, headers and body stay private. */
    @Override
    public String toString() {
        return "HttpRequest[" + method + ", " + body.length + " bytes]";
    }
}
