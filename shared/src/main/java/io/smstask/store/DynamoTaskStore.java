package io.smstask.store;

import static io.smstask.store.Items.number;
import static io.smstask.store.Items.text;

import io.smstask.aws.AwsError;
import io.smstask.task.CallFailure;
import io.smstask.task.Escalation;
import io.smstask.task.MessageSid;
import io.smstask.task.Misconfigured;
import io.smstask.task.StoreUnavailable;
import io.smstask.task.Task;
import io.smstask.task.TaskId;
import io.smstask.task.TaskStore;
import io.smstask.task.UnreadableTask;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;

/**
 * The tasks in DynamoDB: one item each, partition key {@code task_id}, and three indexes that hold keys only: on
 * {@code sid}, of the tasks that are not done, and by recipient. A refused write returns the item as it stands, so a
 * lost race costs no further read.
 */
public final class DynamoTaskStore implements TaskStore {

    /** The index on {@code sid}. */
    public static final String SID_INDEX = "sid-index";

    /** The index of tasks by recipient and time of their call. */
    public static final String MATCH_INDEX = "match-index";

    private final DynamoDbClient dynamoDb;
    private final String table;
    private final Duration ttl;

    /**
     * @param ttl how long a task is kept past its {@link Task#dueAt()}
     */
    public DynamoTaskStore(DynamoDbClient dynamoDb, String table, Duration ttl) {
        this.dynamoDb = dynamoDb;
        this.table = table;
        this.ttl = ttl;
    }

    @Override
    public ClaimResult claim(Task task) {
        Map<String, AttributeValue> item = Items.item(task);
        item.put(Attributes.EXPIRES_AT, expiry(task));
        item.put(Attributes.REVISION, number(task.revision()));
        PutItemRequest request = PutItemRequest.builder()
                .tableName(table)
                .item(item)
                .conditionExpression("attribute_not_exists(" + Attributes.TASK_ID + ")")
                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)
                .build();
        try {
            dynamoDb.putItem(request);
            return new ClaimResult.Claimed(task);
        } catch (ConditionalCheckFailedException e) {
            return refused(task, e);
        } catch (SdkException e) {
            return afterLostAnswer(null, task, e);
        }
    }

    @Override
    public ClaimResult claimAgain(Task seen, Task again) {
        if (!seen.mayRunAgain()) {
            return new ClaimResult.Taken(seen);
        }
        Map<String, AttributeValue> before = Items.item(seen);
        Update update = Update.between(before, before, Items.item(again))
                .set(Attributes.EXPIRES_AT, expiry(again))
                .add(Attributes.REVISION, 1);
        update.onlyIf(isAsSeen(seen, update));
        try {
            dynamoDb.updateItem(update.on(table, key(again.id())));
            return new ClaimResult.Claimed(again.writtenOver(seen));
        } catch (ConditionalCheckFailedException e) {
            return refused(again, e);
        } catch (SdkException e) {
            return afterLostAnswer(seen, again, e);
        }
    }

    private AttributeValue expiry(Task task) {
        return number(task.dueAt().plus(ttl).getEpochSecond());
    }

    /** Holds if nobody has written since. */
    private static String isAsSeen(Task seen, Update update) {
        return update.name(Attributes.CLAIM_ID) + " = "
                + update.value(text(seen.claim().id())) + " AND " + update.name(Attributes.REVISION) + " = "
                + update.value(number(seen.revision()));
    }

    private ClaimResult refused(Task mine, ConditionalCheckFailedException refusal) {
        // Without an item the task has expired since it was read: its id is free.
        Optional<Task> stored = refusal.hasItem() ? Optional.of(readable(mine.id(), refusal.item())) : find(mine.id());
        return stored.isPresent() ? holder(stored.get(), mine) : claim(mine);
    }

    private static ClaimResult holder(Task stored, Task mine) {
        return stored.claim().id().equals(mine.claim().id())
                ? new ClaimResult.Claimed(stored)
                : new ClaimResult.Taken(stored);
    }

    /** The claim may have been written, or may be yet: look, and release it if it does not show. */
    private ClaimResult afterLostAnswer(@Nullable Task seen, Task mine, SdkException lost) {
        if (AwsError.of(lost).isConfiguration()) {
            // It was refused: nothing was written, so there is nothing to release.
            throw unavailable("claimed", lost);
        }
        try {
            Optional<Task> stored = find(mine.id());
            if (stored.isPresent() && !isBefore(stored.get(), mine)) {
                return holder(stored.get(), mine);
            }
        } catch (StoreUnavailable e) {
            lost.addSuppressed(e);
        }
        return release(seen, mine, lost);
    }

    /** Whether the item still shows the attempt before this one: the claim has not been written, or not yet. */
    private static boolean isBefore(Task stored, Task mine) {
        return stored.claim().attempt() == mine.claim().attempt() - 1;
    }

    /**
     * Writes the task as one that was not sent and can be run again: over my claim, or in place of it. Whichever of the
     * two writes arrives last fails its condition, or changes nothing.
     */
    private ClaimResult release(@Nullable Task seen, Task mine, SdkException lost) {
        Escalation notSent = new Escalation.CallError(
                CallFailure.STORE_UNAVAILABLE, "The task could not be claimed in time. Twilio was not called.");
        Task released = mine.escalated(notSent, mine.updatedAt());
        Map<String, AttributeValue> before =
                seen == null ? Map.of(Attributes.TASK_ID, text(mine.id().value())) : Items.item(seen);
        Update update = Update.between(before, Items.item(mine), Items.item(released))
                .set(Attributes.EXPIRES_AT, expiry(mine))
                .add(Attributes.REVISION, 1);
        String isMine = update.name(Attributes.CLAIM_ID) + " = "
                + update.value(text(mine.claim().id()));
        String isBefore =
                seen == null ? "attribute_not_exists(" + update.name(Attributes.TASK_ID) + ")" : isAsSeen(seen, update);
        update.onlyIf("(" + isMine + " OR " + isBefore + ")");
        try {
            dynamoDb.updateItem(update.on(table, key(mine.id())));
        } catch (ConditionalCheckFailedException e) {
            // Somebody else has written, so the claim can no longer be written.
            return refused(mine, e);
        } catch (SdkException e) {
            StoreUnavailable claimLeft =
                    new StoreUnavailable("the task could neither be claimed nor released in time", true);
            claimLeft.initCause(lost);
            throw claimLeft;
        }
        throw unavailable("claimed", lost);
    }

    @Override
    public WriteResult replace(Task seen, Task next) {
        if (next.equals(seen)) {
            return new WriteResult.Written(seen);
        }
        Map<String, AttributeValue> before = Items.item(seen);
        Update update = Update.between(before, before, Items.item(next)).add(Attributes.REVISION, 1);
        // Only send-function knows TASK_TTL_DAYS, so the expiry moves along with the end of the wait.
        long later = Duration.between(seen.dueAt(), next.dueAt()).toSeconds();
        if (later != 0) {
            update.add(Attributes.EXPIRES_AT, later);
        }
        update.onlyIf(isAsSeen(seen, update));
        try {
            dynamoDb.updateItem(update.on(table, key(seen.id())));
            return new WriteResult.Written(next.writtenOver(seen));
        } catch (ConditionalCheckFailedException e) {
            if (!e.hasItem()) {
                return new WriteResult.Gone();
            }
            Task now = readable(seen.id(), e.item());
            return next.isWrittenIn(now, seen) ? new WriteResult.Written(now) : new WriteResult.Overtaken(now);
        } catch (SdkException e) {
            throw unavailable("written", e);
        }
    }

    @Override
    public Optional<Task> find(TaskId id) {
        try {
            Map<String, AttributeValue> item = dynamoDb.getItem(GetItemRequest.builder()
                            .tableName(table)
                            .key(key(id))
                            .consistentRead(true)
                            .build())
                    .item();
            return item.isEmpty() ? Optional.empty() : Optional.of(readable(id, item));
        } catch (SdkException e) {
            throw unavailable("read", e);
        }
    }

    @Override
    public Optional<Task> findBySid(MessageSid sid) {
        try {
            List<Map<String, AttributeValue>> keys = dynamoDb.query(QueryRequest.builder()
                            .tableName(table)
                            .indexName(SID_INDEX)
                            .keyConditionExpression("#sid = :sid")
                            .expressionAttributeNames(Map.of("#sid", Attributes.SID))
                            .expressionAttributeValues(Map.of(":sid", text(sid.value())))
                            .build())
                    .items();
            String id =
                    keys.isEmpty() ? "" : keys.get(0).get(Attributes.TASK_ID).s();
            return TaskId.isValid(id) ? find(new TaskId(id)) : Optional.empty();
        } catch (SdkException e) {
            throw unavailable("looked up", e);
        }
    }

    @Override
    public List<TaskId> toPoll(Instant now, int limit) {
        try {
            List<Map<String, AttributeValue>> due = new ArrayList<>();
            for (String shard : PollIndex.shards()) {
                due.addAll(dynamoDb.query(QueryRequest.builder()
                                .tableName(table)
                                .indexName(PollIndex.NAME)
                                .keyConditionExpression("#shard = :shard AND #at <= :now")
                                .expressionAttributeNames(
                                        Map.of("#shard", Attributes.POLL_SHARD, "#at", Attributes.POLL_AT))
                                .expressionAttributeValues(
                                        Map.of(":shard", text(shard), ":now", number(now.toEpochMilli())))
                                .limit(limit)
                                .build())
                        .items());
            }
            // An item without a task id was put there by somebody else.
            due.removeIf(item -> !TaskId.isValid(item.get(Attributes.TASK_ID).s()));
            due.sort(Comparator.comparingLong(
                    item -> Long.parseLong(item.get(Attributes.POLL_AT).n())));
            List<TaskId> oldest = new ArrayList<>();
            for (Map<String, AttributeValue> item : due.subList(0, Math.min(limit, due.size()))) {
                oldest.add(new TaskId(item.get(Attributes.TASK_ID).s()));
            }
            return oldest;
        } catch (SdkException e) {
            throw unavailable("listed", e);
        }
    }

    @Override
    public List<TaskId> neighbours(String matchKey, Instant from, Instant until, int limit) {
        QueryRequest query = QueryRequest.builder()
                .tableName(table)
                .indexName(MATCH_INDEX)
                .keyConditionExpression("#key = :key AND #deadline BETWEEN :from AND :until")
                .expressionAttributeNames(Map.of("#key", Attributes.MATCH_KEY, "#deadline", Attributes.CALL_DEADLINE))
                .expressionAttributeValues(Map.of(
                        ":key", text(matchKey),
                        ":from", number(from.toEpochMilli()),
                        ":until", number(until.toEpochMilli())))
                .limit(limit)
                .build();
        try {
            List<TaskId> neighbours = new ArrayList<>();
            // Other items must not take a task's place: read pages until there are enough tasks, or no more pages.
            for (QueryResponse page : dynamoDb.queryPaginator(query)) {
                for (Map<String, AttributeValue> item : page.items()) {
                    String id = item.get(Attributes.TASK_ID).s();
                    if (TaskId.isValid(id) && neighbours.size() < limit) {
                        neighbours.add(new TaskId(id));
                    }
                }
                if (neighbours.size() == limit) {
                    break;
                }
            }
            return neighbours;
        } catch (SdkException e) {
            throw unavailable("listed", e);
        }
    }

    @Override
    public void setAside(TaskId id, Instant now, Instant until) {
        Update update = new Update()
                .set(Attributes.POLL_AT, number(until.toEpochMilli()))
                .add(Attributes.REVISION, 1);
        update.onlyIf(update.name(Attributes.POLL_AT) + " <= " + update.value(number(now.toEpochMilli())));
        try {
            dynamoDb.updateItem(update.on(table, key(id)));
        } catch (ConditionalCheckFailedException e) {
            // It is no longer due for a poll.
            return;
        } catch (SdkException e) {
            throw unavailable("set aside", e);
        }
    }

    /** The cause is kept for the name of AWS's error; its message is never shown. */
    private static StoreUnavailable unavailable(String what, SdkException e) {
        AwsError error = AwsError.of(e);
        return error.isConfiguration()
                ? new Misconfigured("a task could not be " + what + ": " + error.name(), e)
                : new StoreUnavailable("a task could not be " + what + ": " + error.name(), e);
    }

    /** The original message may quote the item, so it is dropped. */
    private static Task readable(TaskId id, Map<String, AttributeValue> item) {
        try {
            return Items.task(item);
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new UnreadableTask(id);
        }
    }

    private static Map<String, AttributeValue> key(TaskId id) {
        return Map.of(Attributes.TASK_ID, text(id.value()));
    }
}
