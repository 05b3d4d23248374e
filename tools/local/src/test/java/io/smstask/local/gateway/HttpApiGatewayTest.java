package io.smstask.local.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.smstask.local.template.Template;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the gateway answers by itself. */
class HttpApiGatewayTest {

    private final HttpClient http = HttpClient.newHttpClient();

    @ParameterizedTest
    @ValueSource(strings = {"HEAD", "OPTIONS", "PUT", "POST"})
    void a_method_without_a_route_is_not_found(String method) throws IOException, InterruptedException {
        assertThat(status(method)).isEqualTo(404);
    }

    @Test
    void a_method_with_a_route_reaches_the_function() throws IOException, InterruptedException {
        assertThat(status("GET")).isEqualTo(200);
    }

    private int status(String method) throws IOException, InterruptedException {
        var route = new Template.Route("TasksApi", "GET", "/tasks/{task_id}", "ReadFunction", false);
        try (var gateway = HttpApiGateway.start(0, List.of(route))) {
            gateway.put(
                    "ReadFunction",
                    new LocalFunction(
                            "read",
                            (in, out, context) -> out.write("{\"statusCode\":200}".getBytes(UTF_8)),
                            Duration.ofSeconds(10),
                            line -> {}));
            var request = HttpRequest.newBuilder(gateway.baseUrl().resolve("/tasks/order-4711"))
                    .method(method, HttpRequest.BodyPublishers.noBody())
                    .build();
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        }
    }
}
