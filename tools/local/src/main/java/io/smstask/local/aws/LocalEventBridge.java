package io.smstask.local.aws;

import com.fasterxml.jackson.databind.JsonNode;
import io.smstask.local.aws.AwsJsonEndpoint.JsonAnswer;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The one EventBridge operation that the functions call, {@code PutEvents}. Events are kept; there are no rules.
 *
 * @see <a href="https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html">AWS: PutEvents</a>
 */
public final class LocalEventBridge implements AutoCloseable {

    private final List<JsonNode> events = new CopyOnWriteArrayList<>();
    private final AwsJsonEndpoint endpoint;

    private LocalEventBridge() {
        endpoint = AwsJsonEndpoint.start(Map.of("AWSEvents.PutEvents", this::put));
    }

    /** Starts an endpoint without events, on a port that the system chooses. */
    public static LocalEventBridge start() {
        return new LocalEventBridge();
    }

    /** The URL to use instead of EventBridge's own. */
    public URI endpoint() {
        return endpoint.uri();
    }

    /** The received entries, oldest first. */
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
