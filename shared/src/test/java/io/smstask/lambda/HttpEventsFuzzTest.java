package io.smstask.lambda;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.smstask.json.BadJson;
import io.smstask.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Any JSON as an HTTP event, and any path. */
final class HttpEventsFuzzTest {

    static List<byte[]> events() throws IOException {
        return List.of(
                Files.readAllBytes(Path.of("..", "events", "callback-delivered-base64.json")),
                Files.readAllBytes(Path.of("..", "events", "callback-delivered-v1.json")),
                Files.readAllBytes(Path.of("..", "events", "send-function-url.json")),
                "{\"requestContext\":{\"http\":{}},\"headers\":{\"A\":1,\"a\":null},\"body\":[]}".getBytes(UTF_8));
    }

    @MethodSource("events")
    @FuzzTest(maxDuration = "10m")
    void an_event_is_a_request_without_gaps(byte[] json) {
        try {
            Map<String, Object> event = Json.parseObject(json);
            HttpRequest request = HttpEvents.request(event);

            assertThat(request.method()).isNotNull();
            assertThat(request.headers().keySet())
                    .allSatisfy(
                            name -> assertThat(name.toLowerCase(Locale.ROOT)).isEqualTo(name));
            assertThat(request.headers().values()).doesNotContainNull();
            if (event.get("body") instanceof String body && !Boolean.TRUE.equals(event.get("isBase64Encoded"))) {
                assertThat(request.body()).isEqualTo(body.getBytes(UTF_8));
            }
            assertThat(request.hasContentType("application/json"))
                    .isEqualTo(request.header("content-type")
                            .filter(type -> type.split(";", 2)[0].strip().equalsIgnoreCase("application/json"))
                            .isPresent());
            theEndOfThePathIsWhatItsLastSegmentsSay(request.path());
        } catch (BadJson e) {
            assertThat(e).hasNoCause();
        }
    }

    static Stream<byte[]> paths() {
        return Stream.of("/nvp/callback/key/order-4711", "tasks", "/tasks/", "//a//b/", "/", "")
                .map(text -> text.getBytes(UTF_8));
    }

    @MethodSource("paths")
    @FuzzTest(maxDuration = "10m")
    void the_last_segments_are_the_end_of_the_path(byte[] path) {
        theEndOfThePathIsWhatItsLastSegmentsSay(new String(path, UTF_8));
    }

    private static void theEndOfThePathIsWhatItsLastSegmentsSay(String path) {
        HttpRequest request = new HttpRequest("GET", path, Map.of(), new byte[0]);
        for (int count = 1; count <= 4; count++) {
            String[] segments = request.lastSegments(count);

            assertThat(segments).hasSize(count).noneMatch(segment -> segment.contains("/"));
            assertThat("/".repeat(count) + path).endsWith("/" + String.join("/", segments));
        }
    }
}
