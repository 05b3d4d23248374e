package io.smstask.lambda;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import io.smstask.json.BadJson;
import io.smstask.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP events of API Gateway, payload formats 1.0 and 2.0, and of function URLs, which use 2.0.
 *
 * @see <a href="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html">AWS:
 *     Lambda proxy integrations</a>
 */
public final class HttpEvents {

    private HttpEvents() {}

    /** Whether the event came over HTTP; a direct invocation has no request context. */
    public static boolean isHttp(Map<String, Object> event) {
        return event.get("requestContext") instanceof Map;
    }

    /** API Gateway's id of the request; empty if there is none. */
    public static String requestId(Map<String, Object> event) {
        return text(object(event.get("requestContext")).get("requestId"));
    }

    /**
     * The request that an HTTP event holds.
     *
     * @throws BadJson if the body is not a text, or claims to be base64 and is not
     */
    public static HttpRequest request(Map<String, Object> event) throws BadJson {
        Object body = event.get("body");
        if (body != null && !(body instanceof String)) {
            throw new BadJson("the event's body must be a text");
        }
        if (!Json.isWellFormed(body)) {
            throw new BadJson("the event's body holds half of a surrogate pair");
        }
        byte[] bytes = body(text(body), Boolean.TRUE.equals(event.get("isBase64Encoded")));
        return object(event.get("requestContext")).get("http") instanceof Map<?, ?> http
                ? new HttpRequest(text(http.get("method")), text(event.get("rawPath")), headers(event), bytes)
                : new HttpRequest(text(event.get("httpMethod")), text(event.get("path")), headers(event), bytes);
    }

    /**
     * The called path, as a reference for {@code Location}. It holds the stage or a custom domain's base path if the
     * URL does. If the event does not tell, it is the last segment alone: a relative reference resolves against the
     * called URL.
     */
    public static String calledPath(Map<String, Object> event) {
        Map<String, Object> context = object(event.get("requestContext"));
        String path = text(event.get("rawPath"));
        if (path.isEmpty()) {
            // A REST API leaves the stage out of the event's own path.
            path = text(context.get("path"));
        }
        if (path.isEmpty()) {
            path = text(event.get("path"));
        }
        return isSureOf(event, context) && isPlain(path) ? path : path.substring(path.lastIndexOf('/') + 1);
    }

    /** An HTTP API puts its stage into the path even behind a custom domain, whose URL lacks it. */
    private static boolean isSureOf(Map<String, Object> event, Map<String, Object> context) {
        String stage = text(context.get("stage"));
        return !event.containsKey("version")
                || stage.equals("$default")
                || text(context.get("domainName")).startsWith(text(context.get("apiId")) + ".");
    }

    /** Whether a path is safe in {@code Location}: it stays on this host and inside its header. */
    private static boolean isPlain(String path) {
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            boolean isPlain = c == '/' ? i == 0 || path.charAt(i - 1) != '/' : c > ' ' && c < 0x7F && c != '\\';
            if (!isPlain) {
                return false;
            }
        }
        return path.startsWith("/");
    }

    /** A JSON answer. */
    public static APIGatewayV2HTTPResponse json(int status, Map<String, String> headers, Map<String, ?> body) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.put("Content-Type", "application/json");
        return APIGatewayV2HTTPResponse.builder()
                .withStatusCode(status)
                .withHeaders(all)
                .withBody(Json.writeText(body))
                .build();
    }

    /** An answer without a body. */
    public static APIGatewayV2HTTPResponse empty(int status) {
        return APIGatewayV2HTTPResponse.builder().withStatusCode(status).build();
    }

    /** The answer in the form that both payload formats and function URLs accept. */
    public static byte[] write(APIGatewayV2HTTPResponse response) {
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("statusCode", response.getStatusCode());
        event.put("headers", Optional.ofNullable(response.getHeaders()).orElse(Map.of()));
        event.put("body", Optional.ofNullable(response.getBody()).orElse(""));
        event.put("isBase64Encoded", response.getIsBase64Encoded());
        return Json.write(event);
    }

    /** The headers by lower-case name. Payload 1.0 lists the values of a repeated one in a second map. */
    private static Map<String, String> headers(Map<String, Object> event) {
        Map<String, String> headers = new HashMap<>();
        for (Map.Entry<String, Object> header :
                object(event.get("multiValueHeaders")).entrySet()) {
            if (header.getValue() instanceof List<?> values) {
                for (Object value : values) {
                    add(headers, header.getKey().toLowerCase(Locale.ROOT), text(value));
                }
            }
        }
        for (Map.Entry<String, Object> header : object(event.get("headers")).entrySet()) {
            headers.putIfAbsent(header.getKey().toLowerCase(Locale.ROOT), text(header.getValue()));
        }
        return headers;
    }

    /** Joins the values of a repeated header by commas, as payload 2.0 does (RFC 9110, 5.3). */
    private static void add(Map<String, String> headers, String name, String value) {
        String before = headers.get(name);
        headers.put(name, before == null ? value : before + "," + value);
    }

    private static byte[] body(String body, boolean isBase64) throws BadJson {
        if (!isBase64) {
            return body.getBytes(StandardCharsets.UTF_8);
        }
        try {
            return Base64.getDecoder().decode(body);
        } catch (IllegalArgumentException e) {
            throw new BadJson("the body is not base64");
        }
    }

    @SuppressWarnings("unchecked") // JSON objects have text keys
    private static Map<String, Object> object(@Nullable Object value) {
        return value instanceof Map ? (Map<String, Object>) value : Map.of();
    }

    private static String text(@Nullable Object value) {
        return value instanceof String text ? text : "";
    }
}
