package io.smstask.proof;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.smstask.json.Json;
import io.smstask.lambdaprocess.Reported;
import io.smstask.testing.Patience;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;

/**
 * The calls that put the stack into LocalStack, and Lambda's {@code Invoke}. LocalStack takes every signature for a good one
 * and reads from it only which service is meant, so none is made here.
 */
final class LocalStackApi {

    private static final String FUNCTIONS = "/2015-03-31/functions";

    /** The first invocation of a function waits for its container, too. */
    private static final Duration LIMIT = Patience.PATIENCE;

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Patience.PATIENCE)
            .build();

    private final URI endpoint;

    LocalStackApi(URI endpoint) {
        this.endpoint = endpoint;
    }

    /** Makes a secret. */
    void createSecret(String name, String value) {
        var request = request("secretsmanager", "/")
                .setHeader("Content-Type", "application/x-amz-json-1.1")
                .header("X-Amz-Target", "secretsmanager.CreateSecret")
                .POST(body(Map.of("Name", name, "SecretString", value)));
        json(request);
    }

    /**
     * Makes a function.
     *
     * @param function as Lambda's {@code CreateFunction} takes it
     * @return its ARN
     */
    String createFunction(Map<String, Object> function) {
        return json(request("lambda", FUNCTIONS).POST(body(function)))
                .path("FunctionArn")
                .asText();
    }

    /** Whether a function can be invoked. Before, its runtime is downloaded. */
    boolean isActive(String function) {
        return json(request("lambda", FUNCTIONS + "/" + function + "/configuration"))
                .path("State")
                .asText()
                .equals("Active");
    }

    /** Invokes a function and waits for its answer. */
    Reported invoke(String function, String event) {
        var answer = send(request("lambda", FUNCTIONS + "/" + function + "/invocations")
                .POST(HttpRequest.BodyPublishers.ofString(event)));
        return new Reported(answer.headers().firstValue("X-Amz-Function-Error").isPresent(), answer.body());
    }

    private HttpRequest.Builder request(String service, String path) {
        return HttpRequest.newBuilder(endpoint.resolve(path))
                .timeout(LIMIT)
                .header("Content-Type", "application/json")
                .header(
                        "Authorization",
                        "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/" + service
                                + "/aws4_request, SignedHeaders=host, Signature=none");
    }

    private static HttpRequest.BodyPublisher body(Map<String, Object> json) {
        return HttpRequest.BodyPublishers.ofByteArray(Json.write(json));
    }

    private JsonNode json(HttpRequest.Builder request) {
        return StateMachineStack.json(send(request).body());
    }

    private HttpResponse<String> send(HttpRequest.Builder builder) {
        HttpRequest request = builder.build();
        try {
            var answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode())
                    .as(request.method() + " " + request.uri() + ": " + answer.body())
                    .isBetween(200, 299);
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(request.method() + " " + request.uri(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
