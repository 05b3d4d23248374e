package io.smstask.local.console;

import io.smstask.lambda.TaskJson;
import io.smstask.lambda.Wire;
import io.smstask.task.StoreUnavailable;
import io.smstask.task.Task;
import io.smstask.task.TaskId;
import io.smstask.task.TaskStore;
import io.smstask.task.UnreadableTask;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;

/** All tasks of the table, as readers see them. The functions never list tasks; this is for small tables only. */
final class TaskList {

    /** Every write raises the revision. */
    private static final String VERSION = "task_id, revision";

    private final DynamoDbClient dynamoDb;
    private final String table;
    private final TaskStore store;
    private final Clock clock;
    private final Map<String, Map<String, AttributeValue>> versions = new HashMap<>();
    private final Map<String, Task> tasks = new ConcurrentHashMap<>();

    TaskList(DynamoDbClient dynamoDb, String table, TaskStore store, Clock clock) {
        this.dynamoDb = dynamoDb;
        this.table = table;
        this.store = store;
        this.clock = clock;
    }

    /**
     * Reads what has changed in the table. Called by one thread.
     *
     * @return the tasks that changed; empty also if the table cannot be read now
     */
    List<Task> refresh() {
        List<Task> changed = new ArrayList<>();
        try {
            ScanRequest all = ScanRequest.builder()
                    .tableName(table)
                    .consistentRead(true)
                    .projectionExpression(VERSION)
                    .build();
            for (Map<String, AttributeValue> version :
                    dynamoDb.scanPaginator(all).items()) {
                String id = version.get("task_id").s();
                if (!version.equals(versions.get(id))) {
                    read(id).ifPresent(changed::add);
                    versions.put(id, version);
                }
            }
        } catch (SdkException | StoreUnavailable e) {
            // A simulated outage: the next call returns what this one missed.
            return changed;
        }
        return changed;
    }

    /** The tasks that have changed only because time has passed. Called by one thread. */
    List<Task> overtaken() {
        Instant now = clock.instant();
        List<Task> changed = new ArrayList<>();
        for (Task task : tasks.values()) {
            if (task.isBeingCalled() && !task.seenAt(now).isBeingCalled()) {
                Task seen = task.seenAt(now);
                tasks.put(seen.id().value(), seen);
                changed.add(seen);
            }
        }
        return changed;
    }

    private Optional<Task> read(String id) {
        if (!TaskId.isValid(id)) {
            return Optional.empty();
        }
        try {
            Optional<Task> task = store.find(new TaskId(id)).map(found -> found.seenAt(clock.instant()));
            task.ifPresent(found -> tasks.put(id, found));
            return task;
        } catch (UnreadableTask e) {
            // Written by hand: not a task.
            return Optional.empty();
        }
    }

    Optional<Task> find(String id) {
        return Optional.ofNullable(tasks.get(id));
    }

    /** All tasks, the newest first. */
    List<Task> newestFirst() {
        List<Task> all = new ArrayList<>(tasks.values());
        all.sort(Comparator.comparing(Task::createdAt)
                .reversed()
                .thenComparing(task -> task.id().value()));
        return all;
    }

    /** One line of the list. */
    static Map<String, Object> row(Task task) {
        Map<String, Object> row = new LinkedHashMap<>();
        Map<String, Object> whole = TaskJson.of(task);
        for (String name : List.of(
                Wire.TASK_ID,
                Wire.SID,
                Wire.NODE,
                Wire.STATUS,
                Wire.NUMBER_TO,
                Wire.BODY,
                Wire.CODE,
                Wire.MESSAGE,
                Wire.REASON,
                Wire.RETRYABLE,
                Wire.CREATED_AT,
                Wire.UPDATED_AT)) {
            if (whole.containsKey(name)) {
                row.put(name, whole.get(name));
            }
        }
        row.put("open", task.isOpen());
        row.put("path", DiagramNode.names(DiagramNode.path(task)));
        return row;
    }
}
