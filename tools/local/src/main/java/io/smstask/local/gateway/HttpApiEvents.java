package io.smstask.local.gateway;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * A request as an HTTP API passes it to a function, payload format 2.0.
 *
 * @see <a href="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html">AWS:
 *     payload format</a>
 */
final class HttpApiEvents {

    private static final String API_ID = "local";

    private HttpApiEvents() {}

    static APIGatewayV2HTTPEvent of(Context http, String routeKey) {
        boolean isText = isText(http.contentType() == null ? "" : http.contentType());
        byte[] body = http.bodyAsBytes();
        return APIGatewayV2HTTPEvent.builder()
                .withVersion("2.0")
                .withRouteKey(routeKey)
                .withRawPath(http.path())
                .withRawQueryString(http.queryString() == null ? "" : http.queryString())
                .withHeaders(headers(http))
                .withPathParameters(new HashMap<>(http.pathParamMap()))
                .withBody(
                        body.length == 0
                                ? null
                                : isText
                                        ? new String(body, StandardCharsets.UTF_8)
                                        : Base64.getEncoder().encodeToString(body))
                .withIsBase64Encoded(body.length > 0 && !isText)
                .withRequestContext(APIGatewayV2HTTPEvent.RequestContext.builder()
                        .withAccountId("000000000000")
                        .withApiId(API_ID)
                        .withStage("$default")
                        .withRouteKey(routeKey)
                        .withRequestId(UUID.randomUUID().toString())
                        .withTimeEpoch(System.currentTimeMillis())
                        .withDomainName(http.host() == null ? "" : http.host())
                        .withHttp(APIGatewayV2HTTPEvent.RequestContext.Http.builder()
                                .withMethod(http.method().name())
                                .withPath(http.path())
                                .withProtocol(http.protocol())
                                .withSourceIp(http.ip())
                                .withUserAgent(http.userAgent())
                                .build())
                        .build())
                .build();
    }

    /** An HTTP API passes these types as text, and everything else, including forms, in base64. */
    private static boolean isText(String contentType) {
        String type = contentType.toLowerCase(Locale.ROOT);
        return type.isEmpty()
                || type.startsWith("text/")
                || type.startsWith("application/json")
                || type.startsWith("application/javascript")
                || type.startsWith("application/xml");
    }

    private static Map<String, String> headers(Context http) {
        Map<String, String> headers = new TreeMap<>();
        http.headerMap().forEach((name, value) -> headers.put(name.toLowerCase(Locale.ROOT), value));
        return headers;
    }
}
