package io.smstask.tell;

import io.smstask.aws.AwsError;
import io.smstask.aws.AwsJson;
import io.smstask.json.Json;
import io.smstask.lambda.FailureCounts;
import io.smstask.lambda.TaskJson;
import io.smstask.task.Task;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Puts the events on an EventBridge bus, each at least once.
 *
 * @see <a href="https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html">AWS: PutEvents</a>
 */
public final class EventBridge implements EventBus {

    static final String SOURCE = "smstask";
    static final String DETAIL_TYPE = "SMS Task Ended";

    private final AwsJson eventBridge;
    private final String bus;
    private final boolean hasPersonalData;
    private final FailureCounts failures;

    /**
     * @param bus the setting {@code EVENT_BUS}
     * @param hasPersonalData whether the events hold numbers, text and context too
     * @param failures counts the events that the bus did not take
     */
    public EventBridge(AwsJson eventBridge, String bus, boolean hasPersonalData, FailureCounts failures) {
        this.eventBridge = eventBridge;
        this.bus = bus;
        this.hasPersonalData = hasPersonalData;
        this.failures = failures;
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
        // The bus answers 200 even if it did not take the entry.
        if (answer.isOk() && answer.json().get("FailedEntryCount") instanceof Number failed && failed.intValue() == 0) {
            return true;
        }
        failures.add(
                "event_not_put",
                answer.isOk() ? new AwsError(entryError(answer.json()), answer.httpStatus()) : answer.awsError());
        return false;
    }

    /** Why the entry was not taken; empty if the answer does not say. */
    private static String entryError(Map<String, Object> answer) {
        return answer.get("Entries") instanceof List<?> entries
                        && !entries.isEmpty()
                        && entries.get(0) instanceof Map<?, ?> entry
                        && entry.get("ErrorCode") instanceof String code
                ? code
                : "";
    }
}
