package io.smstask.local.gateway;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.javalin.Javalin;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.smstask.local.template.Template;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One HTTP API of the template on 127.0.0.1. It passes requests on as API Gateway does, but does not check IAM
 * signatures.
 */
public final class HttpApiGateway implements AutoCloseable {

    private static final ObjectMapper JSON = JsonMapper.builder()
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
            .build();

    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost");

    private final Map<String, LocalFunction> functions = new ConcurrentHashMap<>();
    private final Javalin server;

    private HttpApiGateway(List<Template.Route> routes) {
        server = Javalin.create(config -> {
            config.startup.showJavalinBanner = false;
            config.startup.showOldJavalinVersionWarning = false;
            // The limit of API Gateway: functions must see what they refuse.
            config.http.maxRequestSize = 10_000_000L;
            for (Template.Route route : routes) {
                config.routes.addHttpHandler(
                        HandlerType.findOrCreate(route.method()), route.path(), http -> pass(route, http));
                if (route.method().equals("GET")) {
                    // Javalin would answer 200 to HEAD. An HTTP API has no such route.
                    config.routes.head(route.path(), http -> http.status(404));
                }
            }
            config.routes.error(404, http -> {
                if (http.attribute("answered") == null) {
                    http.json(Map.of("message", "Not Found"));
                }
            });
        });
    }

    /**
     * Starts the gateway of these routes. Functions are added later, since some need its URL first.
     *
     * @param port on 127.0.0.1; 0 lets the system choose
     */
    public static HttpApiGateway start(int port, List<Template.Route> routes) {
        var gateway = new HttpApiGateway(routes);
        gateway.server.start("127.0.0.1", port);
        return gateway;
    }

    /** Sets the function of that logical id. */
    public void put(String logicalId, LocalFunction function) {
        functions.put(logicalId, function);
    }

    /** The base URL, without a trailing slash. */
    public URI baseUrl() {
        return URI.create("http://127.0.0.1:" + server.port());
    }

    private void pass(Template.Route route, Context http) throws IOException {
        http.attribute("answered", true);
        if (route.iam() && !isLoopback(http)) {
            // On AWS this route needs a signature. Here, web pages must not reach it through another host name.
            http.status(403).json(Map.of("message", "Forbidden"));
            return;
        }
        byte[] event = JSON.writeValueAsBytes(HttpApiEvents.of(http, route.method() + " " + route.path()));
        try {
            answer(http, JSON.readTree(functions.get(route.function()).invoke(event)));
        } catch (RuntimeException e) {
            // All that API Gateway says if a function throws.
            http.status(500).json(Map.of("message", "Internal Server Error"));
        }
    }

    private static void answer(Context http, JsonNode answer) {
        http.status(answer.path("statusCode").asInt());
        answer.path("headers")
                .properties()
                .forEach(
                        header -> http.header(header.getKey(), header.getValue().asText()));
        String body = answer.path("body").asText();
        http.result(
                answer.path("isBase64Encoded").asBoolean()
                        ? Base64.getDecoder().decode(body)
                        : body.getBytes(StandardCharsets.UTF_8));
    }

    private static boolean isLoopback(Context http) {
        String host = http.host() == null ? "" : http.host();
        int port = host.lastIndexOf(':');
        return LOOPBACK.contains(port < 0 ? host : host.substring(0, port));
    }

    @Override
    public void close() {
        server.stop();
    }
}
