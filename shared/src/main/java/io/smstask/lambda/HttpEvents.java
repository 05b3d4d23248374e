package io.smstask.lambda;

import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyRequestEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
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
import java.util.TreeMap;
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

    /**
     * The request that an HTTP event holds.
     *
     * @throws BadJson if a body that claims to be base64 is not
     */
    public static HttpRequest request(Map<String, Object> event) throws BadJson {
        return object(event.get("requestContext")).get("http") instanceof Map
                ? request(readV2(event))
                : request(readV1(event));
    }

    /**
     * The request of a payload 2.0 event.
     *
     * @throws BadJson if a body that claims to be base64 is not
     */
    public static HttpRequest request(APIGatewayV2HTTPEvent event) throws BadJson {
        return new HttpRequest(
                text(event.getRequestContext().getHttp().getMethod()),
                text(event.getRawPath()),
                lowerCased(event.getHeaders()),
                body(text(event.getBody()), event.getIsBase64Encoded()));
    }

    /**
     * The request of a payload 1.0 event.
     *
     * @throws BadJson if a body that claims to be base64 is not
     */
    public static HttpRequest request(APIGatewayProxyRequestEvent event) throws BadJson {
        return new HttpRequest(
                text(event.getHttpMethod()),
                text(event.getPath()),
                lowerCased(event.getHeaders()),
                body(text(event.getBody()), Boolean.TRUE.equals(event.getIsBase64Encoded())));
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

    /** The answer in the form that both payload formats and function URLs take. */
    public static byte[] write(APIGatewayV2HTTPResponse response) {
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("statusCode", response.getStatusCode());
        event.put("headers", Optional.ofNullable(response.getHeaders()).orElse(Map.of()));
        event.put("body", Optional.ofNullable(response.getBody()).orElse(""));
        event.put("isBase64Encoded", response.getIsBase64Encoded());
        return Json.write(event);
    }

    private static APIGatewayV2HTTPEvent readV2(Map<String, Object> event) {
        Map<String, Object> http = object(object(event.get("requestContext")).get("http"));
        return APIGatewayV2HTTPEvent.builder()
                .withRawPath(text(event.get("rawPath")))
                .withHeaders(texts(event.get("headers")))
                .withBody(text(event.get("body")))
                .withIsBase64Encoded(Boolean.TRUE.equals(event.get("isBase64Encoded")))
                .withRequestContext(APIGatewayV2HTTPEvent.RequestContext.builder()
                        .withHttp(APIGatewayV2HTTPEvent.RequestContext.Http.builder()
                                .withMethod(text(http.get("method")))
                                .build())
                        .build())
                .build();
    }

    private static APIGatewayProxyRequestEvent readV1(Map<String, Object> event) {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (Map.Entry<String, Object> header :
                object(event.get("multiValueHeaders")).entrySet()) {
            if (header.getValue() instanceof List<?> values) {
                for (Object value : values) {
                    add(headers, header.getKey(), text(value));
                }
            }
        }
        for (Map.Entry<String, String> header : texts(event.get("headers")).entrySet()) {
            headers.putIfAbsent(header.getKey(), header.getValue());
        }
        return new APIGatewayProxyRequestEvent()
                .withHttpMethod(text(event.get("httpMethod")))
                .withPath(text(event.get("path")))
                .withHeaders(headers)
                .withBody(text(event.get("body")))
                .withIsBase64Encoded(Boolean.TRUE.equals(event.get("isBase64Encoded")));
    }

    /** A header that is given more than once has its values joined by commas, as in payload 2.0 (RFC 9110, 5.3). */
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

    /** AWS's types hold null for what an event leaves out. */
    private static Map<String, String> lowerCased(@Nullable Map<String, String> headers) {
        Map<String, String> lowerCased = new HashMap<>();
        for (Map.Entry<String, String> header : texts(headers).entrySet()) {
            lowerCased.put(header.getKey().toLowerCase(Locale.ROOT), header.getValue());
        }
        return lowerCased;
    }

    private static Map<String, String> texts(@Nullable Object value) {
        Map<String, String> texts = new HashMap<>();
        for (Map.Entry<String, Object> member : object(value).entrySet()) {
            texts.put(member.getKey(), text(member.getValue()));
        }
        return texts;
    }

    @SuppressWarnings("unchecked") // JSON objects have text keys
    private static Map<String, Object> object(@Nullable Object value) {
        return value instanceof Map ? (Map<String, Object>) value : Map.of();
    }

    private static String text(@Nullable Object value) {
        return value instanceof String text ? text : "";
    }
}
