package io.smstask.local.aws;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.javalin.Javalin;
import io.javalin.http.Context;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * An AWS service on loopback, with some of its operations.
 *
 * @see <a href="https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html">Smithy: AWS JSON 1.1</a>
 */
final class AwsJsonEndpoint implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, Function<JsonNode, JsonAnswer>> operations;
    private final Javalin server;

    private AwsJsonEndpoint(Map<String, Function<JsonNode, JsonAnswer>> operations) {
        this.operations = operations;
        server = Javalin.create(config -> {
            config.startup.showJavalinBanner = false;
            config.startup.showOldJavalinVersionWarning = false;
            config.routes.post("/", this::answer);
        });
    }

    /** The answer of an operation. */
    record JsonAnswer(int status, Map<String, Object> json) {

        static JsonAnswer ok(Map<String, Object> json) {
            return new JsonAnswer(200, json);
        }

        /** An error by its name. */
        static JsonAnswer error(int status, String type) {
            return new JsonAnswer(status, Map.of("__type", type, "message", "see __type"));
        }
    }

    /**
     * Starts an endpoint on a port that the system chooses.
     *
     * @param operations by the header {@code X-Amz-Target}
     */
    static AwsJsonEndpoint start(Map<String, Function<JsonNode, JsonAnswer>> operations) {
        var endpoint = new AwsJsonEndpoint(operations);
        endpoint.server.start("127.0.0.1", 0);
        return endpoint;
    }

    /** The URL to use instead of the service's own. */
    URI uri() {
        return URI.create("http://127.0.0.1:" + server.port());
    }

    private void answer(Context http) throws JsonProcessingException {
        Function<JsonNode, JsonAnswer> operation =
                operations.get(Optional.ofNullable(http.header("X-Amz-Target")).orElse(""));
        JsonAnswer answer = operation == null
                ? JsonAnswer.error(400, "UnknownOperationException")
                : operation.apply(JSON.readTree(http.body()));
        http.contentType(Optional.ofNullable(http.contentType()).orElse("application/x-amz-json-1.1"));
        http.status(answer.status()).result(JSON.writeValueAsString(answer.json()));
    }

    @Override
    public void close() {
        server.stop();
    }
}
