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
 * One HTTP API of the template on 127.0.0.1. It passes every route's requests on as API Gateway does; whoever calls, it does
 * not check IAM signatures.
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
            // API Gateway takes 10 MB; what the function refuses must get that far.
            config.http.maxRequestSize = 10_000_000L;
            for (Template.Route route : routes) {
                config.routes.addHttpHandler(
                        HandlerType.findOrCreate(route.method()), route.path(), http -> pass(route, http));
            }
            config.routes.error(404, http -> {
                if (http.attribute("answered") == null) {
                    http.json(Map.of("message", "Not Found"));
                }
            });
        });
    }

    /**
     * Starts the gateway of these routes. Functions may be added later, since some of them must know its URL first.
     *
     * @param port on 127.0.0.1; 0 lets the system choose
     */
    public static HttpApiGateway start(int port, List<Template.Route> routes) {
        var gateway = new HttpApiGateway(routes);
        gateway.server.start("127.0.0.1", port);
        return gateway;
    }

    /** Sets the function that the routes name so. */
    public void put(String logicalId, LocalFunction function) {
        functions.put(logicalId, function);
    }

    /** The base URL, without a slash at the end. */
    public URI baseUrl() {
        return URI.create("http://127.0.0.1:" + server.port());
    }

    private void pass(Template.Route route, Context http) throws IOException {
        http.attribute("answered", true);
        if (route.iam() && !isLoopback(http)) {
            // In AWS nobody gets in here without a signature; on this machine no web page may get in by another name.
            http.status(403).json(Map.of("message", "Forbidden"));
            return;
        }
        byte[] event = JSON.writeValueAsBytes(HttpApiEvents.of(http, route.method() + " " + route.path()));
        try {
            answer(http, JSON.readTree(functions.get(route.function()).invoke(event)));
        } catch (RuntimeException e) {
            // A function that throws: API Gateway says no more than this.
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
