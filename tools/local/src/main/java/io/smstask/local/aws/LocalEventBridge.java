package io.smstask.local.aws;

import com.fasterxml.jackson.databind.JsonNode;
import io.smstask.local.aws.AwsJsonEndpoint.JsonAnswer;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The one call of EventBridge that the functions make, {@code PutEvents}. The events stay where they came; no rule takes
 * them further.
 *
 * @see <a href="https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html">AWS: PutEvents</a>
 */
public final class LocalEventBridge implements AutoCloseable {

    private final List<JsonNode> events = new CopyOnWriteArrayList<>();
    private final AwsJsonEndpoint endpoint;

    private LocalEventBridge() {
        endpoint = AwsJsonEndpoint.start(Map.of("AWSEvents.PutEvents", this::put));
    }

    /** Starts one without events, on a port that the system chooses. */
    public static LocalEventBridge start() {
        return new LocalEventBridge();
    }

    /** What takes the place of EventBridge's own endpoint. */
    public URI endpoint() {
        return endpoint.uri();
    }

    /** The entries that came, oldest first. */
    public List<JsonNode> events() {
        return List.copyOf(events);
    }

    private JsonAnswer put(JsonNode input) {
        input.path("Entries").forEach(events::add);
        return JsonAnswer.ok(Map.of("FailedEntryCount", 0, "Entries", List.of()));
    }

    @Override
    public void close() {
        endpoint.close();
    }
}
