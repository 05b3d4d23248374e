package io.smstask.callback;

import io.smstask.aws.AwsJson;
import io.smstask.json.Json;
import io.smstask.lambda.TaskJson;
import io.smstask.task.Task;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * EventBridge: one event for each end of a task, at least once.
 *
 * @see <a href="https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html">AWS: PutEvents</a>
 */
final class EventBridge implements EventBus {

    static final String SOURCE = "smstask";
    static final String DETAIL_TYPE = "SMS Task Ended";

    private final AwsJson eventBridge;
    private final String bus;
    private final boolean hasPersonalData;

    /**
     * @param bus the setting {@code EVENT_BUS}
     * @param hasPersonalData whether events hold the numbers, the text and the context too
     */
    EventBridge(AwsJson eventBridge, String bus, boolean hasPersonalData) {
        this.eventBridge = eventBridge;
        this.bus = bus;
        this.hasPersonalData = hasPersonalData;
    }

    @Override
    public boolean put(Task task, Duration limit) {
        Map<String, Object> detail = hasPersonalData ? TaskJson.of(task) : TaskJson.withoutPersonalData(task);
        Map<String, Object> entry = Map.of(
                "EventBusName", bus,
                "Source", SOURCE,
                "DetailType", DETAIL_TYPE,
                "Time", task.updatedAt().getEpochSecond(),
                "Detail", Json.writeText(detail));
        AwsJson.Answer answer =
                eventBridge.call("AWSEvents.PutEvents", "1.1", Map.of("Entries", List.of(entry)), limit);
        // The bus answers 200 for entries that it did not take too.
        return answer.isOk()
                && answer.json().get("FailedEntryCount") instanceof Number failed
                && failed.intValue() == 0;
    }
}
