package io.smstask.store;

import io.smstask.aws.AwsError;
import io.smstask.task.MessageSid;
import io.smstask.task.PollKind;
import io.smstask.task.StoreUnavailable;
import io.smstask.task.TaskId;
import io.smstask.task.TaskIndex;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.PriorityQueue;
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
    public Iterator<Due> due(PollKind kind, Instant now) {
        List<Iterable<Map<String, AttributeValue>>> shards = new ArrayList<>();
        for (String shard : PollIndex.shards(kind)) {
            shards.add(dynamoDb.queryPaginator(QueryRequest.builder()
                            .tableName(table)
                            .indexName(PollIndex.NAME)
                            .keyConditionExpression("#shard = :shard AND #at <= :now")
                            .expressionAttributeNames(
                                    Map.of("#shard", Attributes.POLL_SHARD, "#at", Attributes.POLL_AT))
                            .expressionAttributeValues(
                                    Map.of(":shard", AttributeValue.fromS(shard), ":now", millis(now)))
                            .limit(PAGE)
                            .build())
                    .items());
        }
        return new DueTasks(shards);
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

    /** Merges the shards of the poll's index, each of which is in order, into one order. Items that are not tasks are skipped. */
    private static final class DueTasks implements Iterator<Due> {

        /** After so many shards without an answer, no other one is asked. */
        private static final int MOST_FAILURES = 3;

        private final PriorityQueue<Head> heads =
                new PriorityQueue<>(Comparator.comparing(head -> head.task().pollAt()));
        private final List<Iterable<Map<String, AttributeValue>>> unopened;
        private final List<Iterator<Map<String, AttributeValue>>> unread = new ArrayList<>();
        private @Nullable StoreUnavailable failure;
        private int failures;

        private record Head(Due task, Iterator<Map<String, AttributeValue>> rest) {}

        /**
         * @param shards the items of each shard, read page by page
         */
        DueTasks(List<Iterable<Map<String, AttributeValue>>> shards) {
            unopened = new ArrayList<>(shards);
        }

        @Override
        public boolean hasNext() {
            for (Iterable<Map<String, AttributeValue>> shard : unopened) {
                open(shard);
            }
            unopened.clear();
            for (Iterator<Map<String, AttributeValue>> shard : unread) {
                advance(shard);
            }
            unread.clear();
            if (heads.isEmpty() && failure != null) {
                throw failure;
            }
            return !heads.isEmpty();
        }

        @Override
        public Due next() {
            if (!hasNext()) {
                throw new NoSuchElementException("no task is due");
            }
            Head head = heads.remove();
            // Its shard's next page is read when the next task is asked for, if at all.
            unread.add(head.rest());
            return head.task();
        }

        /** The SDK reads a shard's first page when it makes the iterator. */
        private void open(Iterable<Map<String, AttributeValue>> shard) {
            try {
                if (failures < MOST_FAILURES) {
                    advance(shard.iterator());
                }
            } catch (SdkException e) {
                failed(e);
            }
        }

        private void advance(Iterator<Map<String, AttributeValue>> shard) {
            try {
                while (failures < MOST_FAILURES && shard.hasNext()) {
                    Map<String, AttributeValue> item = shard.next();
                    String id = item.get(Attributes.TASK_ID).s();
                    if (TaskId.isValid(id)) {
                        BigDecimal pollAt =
                                new BigDecimal(item.get(Attributes.POLL_AT).n());
                        heads.add(new Head(new Due(new TaskId(id), pollAt), shard));
                        return;
                    }
                }
            } catch (SdkException e) {
                failed(e);
            }
        }

        private void failed(SdkException e) {
            failure = DynamoTaskStore.unavailable("listed", error(e));
            failures++;
        }
    }
}
