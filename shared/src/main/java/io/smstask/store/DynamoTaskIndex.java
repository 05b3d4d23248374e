package io.smstask.store;

import io.smstask.aws.AwsError;
import io.smstask.task.MessageSid;
import io.smstask.task.PollKind;
import io.smstask.task.TaskId;
import io.smstask.task.TaskIndex;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;

/** Three indexes of the table, which hold keys only: on {@code sid}, of the tasks that are not done, and by recipient. */
public final class DynamoTaskIndex implements TaskIndex {

    /** The index on {@code sid}. */
    public static final String SID_INDEX = "sid-index";

    /** The index of tasks by recipient and time of their call. */
    public static final String MATCH_INDEX = "match-index";

    /** The most keys that a shard is asked for at once. */
    private static final int PAGE = 250;

    private final DynamoDbClient dynamoDb;
    private final String table;

    /** The indexes of this table. */
    public DynamoTaskIndex(DynamoDbClient dynamoDb, String table) {
        this.dynamoDb = dynamoDb;
        this.table = table;
    }

    @Override
    public Optional<TaskId> bySid(MessageSid sid) {
        try {
            List<Map<String, AttributeValue>> keys = dynamoDb.query(QueryRequest.builder()
                            .tableName(table)
                            .indexName(SID_INDEX)
                            .keyConditionExpression("#sid = :sid")
                            .expressionAttributeNames(Map.of("#sid", Attributes.SID))
                            .expressionAttributeValues(Map.of(":sid", AttributeValue.fromS(sid.value())))
                            .build())
                    .items();
            String id =
                    keys.isEmpty() ? "" : keys.get(0).get(Attributes.TASK_ID).s();
            return TaskId.isValid(id) ? Optional.of(new TaskId(id)) : Optional.empty();
        } catch (SdkException e) {
            throw DynamoTaskStore.unavailable("looked up", error(e));
        }
    }

    @Override
    public List<Iterator<Due>> due(PollKind kind, Instant now, BooleanSupplier isTime) {
        List<Iterator<Due>> shards = new ArrayList<>();
        for (String shard : PollIndex.shards(kind)) {
            shards.add(new DueTasks(
                    dynamoDb.queryPaginator(QueryRequest.builder()
                                    .tableName(table)
                                    .indexName(PollIndex.NAME)
                                    .keyConditionExpression("#shard = :shard AND #at <= :now")
                                    .expressionAttributeNames(
                                            Map.of("#shard", Attributes.POLL_SHARD, "#at", Attributes.POLL_AT))
                                    .expressionAttributeValues(
                                            Map.of(":shard", AttributeValue.fromS(shard), ":now", millis(now)))
                                    .limit(PAGE)
                                    .build())
                            .items(),
                    isTime));
        }
        return shards;
    }

    @Override
    public List<TaskId> neighbours(String matchKey, Instant from, Instant until, int limit) {
        QueryRequest query = QueryRequest.builder()
                .tableName(table)
                .indexName(MATCH_INDEX)
                .keyConditionExpression("#key = :key AND #deadline BETWEEN :from AND :until")
                .expressionAttributeNames(Map.of("#key", Attributes.MATCH_KEY, "#deadline", Attributes.CALL_DEADLINE))
                .expressionAttributeValues(Map.of(
                        ":key", AttributeValue.fromS(matchKey),
                        ":from", millis(from),
                        ":until", millis(until)))
                .limit(limit)
                .build();
        try {
            List<TaskId> neighbours = new ArrayList<>();
            // Other items must not take a task's place: pages are read until there are enough tasks, or no more pages.
            for (Map<String, AttributeValue> item :
                    dynamoDb.queryPaginator(query).items()) {
                String id = item.get(Attributes.TASK_ID).s();
                if (TaskId.isValid(id)) {
                    neighbours.add(new TaskId(id));
                }
                if (neighbours.size() == limit) {
                    break;
                }
            }
            return neighbours;
        } catch (SdkException e) {
            throw DynamoTaskStore.unavailable("listed", error(e));
        }
    }

    private static AttributeValue millis(Instant instant) {
        return AttributeValue.fromN(Long.toString(instant.toEpochMilli()));
    }

    private static AwsError error(SdkException e) {
        if (e instanceof AwsServiceException refused) {
            String code = refused.awsErrorDetails() == null
                    ? null
                    : refused.awsErrorDetails().errorCode();
            return new AwsError(code == null ? "" : code, refused.statusCode());
        }
        return new AwsError("", 0);
    }

    /** The tasks of one shard. Items that are no tasks are skipped. */
    private static final class DueTasks implements Iterator<Due> {

        private final Iterable<Map<String, AttributeValue>> items;
        private final BooleanSupplier isTime;
        private @Nullable Iterator<Map<String, AttributeValue>> read;
        private @Nullable Due next;

        /**
         * @param items read page by page
         */
        DueTasks(Iterable<Map<String, AttributeValue>> items, BooleanSupplier isTime) {
            this.items = items;
            this.isTime = isTime;
        }

        @Override
        public boolean hasNext() {
            try {
                while (next == null && isTime.getAsBoolean()) {
                    if (read == null) {
                        // The SDK reads the first page here.
                        read = items.iterator();
                    } else if (read.hasNext()) {
                        next = due(read.next());
                    } else {
                        return false;
                    }
                }
                return next != null;
            } catch (SdkException e) {
                throw DynamoTaskStore.unavailable("listed", error(e));
            }
        }

        private static @Nullable Due due(Map<String, AttributeValue> item) {
            String id = item.get(Attributes.TASK_ID).s();
            return TaskId.isValid(id)
                    ? new Due(
                            new TaskId(id),
                            new BigDecimal(item.get(Attributes.POLL_AT).n()))
                    : null;
        }

        @Override
        public Due next() {
            Due task = hasNext() ? next : null;
            if (task == null) {
                throw new NoSuchElementException("no task is due");
            }
            next = null;
            return task;
        }
    }
}
