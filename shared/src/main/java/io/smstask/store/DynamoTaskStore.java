package io.smstask.store;

import static io.smstask.store.Items.number;
import static io.smstask.store.Items.text;

import io.smstask.aws.AwsError;
import io.smstask.task.CallFailure;
import io.smstask.task.Change;
import io.smstask.task.Escalation;
import io.smstask.task.MessageSid;
import io.smstask.task.Misconfigured;
import io.smstask.task.Node;
import io.smstask.task.Retryable;
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
 * The tasks on DynamoDB: one item each, partition key {@code task_id}, an index on {@code sid}, one of the tasks that are
 * not done and one by recipient, which all hold keys only. A refused write brings the item as it stands, so losing a race
 * costs no further read.
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
        PutItemRequest request = PutItemRequest.builder()
                .tableName(table)
                .item(Items.claimed(task, ttl))
                .conditionExpression("attribute_not_exists(" + Attributes.TASK_ID + ")")
                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)
                .build();
        return claim(task, () -> dynamoDb.putItem(request));
    }

    @Override
    public ClaimResult claimAgain(Task again) {
        Update update = new Update();
        Map<String, AttributeValue> claim = Items.claim(again, ttl);
        claim.forEach(update::set);
        // Of the two proofs only the new attempt's may stay.
        for (String proof : List.of(Attributes.SEALED_TOKEN, Attributes.KEY_HASH)) {
            if (!claim.containsKey(proof)) {
                update.remove(proof);
            }
        }
        for (String gone : List.of(
                Attributes.STATUS,
                Attributes.RANK,
                Attributes.NUM_SEGMENTS,
                Attributes.CODE,
                Attributes.MESSAGE,
                Attributes.URL_MORE_INFO,
                Attributes.RETRYABLE,
                Attributes.GIVEN_UP)) {
            update.remove(gone);
        }
        update.set(Attributes.NODE, text(Node.CALLING_API.label()))
                .onlyIf(update.name(Attributes.NODE) + " = " + update.value(text(Node.ESCALATION.label())))
                .onlyIf(update.name(Attributes.RETRYABLE) + " = " + update.value(text(Retryable.YES.word())))
                .onlyIf("attribute_not_exists(" + update.name(Attributes.SID) + ")")
                .onlyIf(update.name(Attributes.ATTEMPT) + " = "
                        + update.value(number(again.claim().attempt() - 1)));
        return claim(again, () -> dynamoDb.updateItem(update.on(table, key(again.id()))));
    }

    private ClaimResult claim(Task task, Runnable write) {
        try {
            write.run();
            return new ClaimResult.Claimed(task);
        } catch (ConditionalCheckFailedException e) {
            // Without an item the task has expired since it was read: its id is free.
            Optional<Task> stored = e.hasItem() ? Optional.of(readable(task.id(), e.item())) : find(task.id());
            return stored.isPresent() ? holder(stored.get(), task) : claim(task);
        } catch (SdkException e) {
            return afterLostAnswer(task, e);
        }
    }

    private static ClaimResult holder(Task stored, Task mine) {
        return stored.claim().id().equals(mine.claim().id())
                ? new ClaimResult.Claimed(stored)
                : new ClaimResult.Taken(stored);
    }

    /** The claim may or may not have been written: look, and give up where even that fails. */
    private ClaimResult afterLostAnswer(Task task, SdkException lost) {
        if (AwsError.of(lost).isConfiguration()) {
            // It was refused: nothing was written, so there is nothing to look for and nothing to release.
            throw unavailable("claimed", lost);
        }
        Optional<Task> stored;
        try {
            stored = find(task.id());
        } catch (StoreUnavailable e) {
            stored = Optional.empty();
        }
        if (stored.isPresent() && !isBefore(stored.get(), task)) {
            return holder(stored.get(), task);
        }
        release(task);
        throw unavailable("claimed", lost);
    }

    /** Whether the item still shows the attempt before this one: the claim has not been written, or not yet. */
    private static boolean isBefore(Task stored, Task mine) {
        return stored.claim().attempt() == mine.claim().attempt() - 1;
    }

    private void release(Task task) {
        Escalation notSent = new Escalation.CallError(
                CallFailure.STORE_UNAVAILABLE, "The task could not be claimed in time. Twilio was not called.");
        try {
            write(task, Change.Escalate.of(task, Optional.empty(), notSent, task.updatedAt()));
        } catch (StoreUnavailable e) {
            // Best effort: past its call's deadline the task shows an unknown outcome.
            return;
        }
    }

    @Override
    public WriteResult write(Task seen, Change change) {
        if (change instanceof Change.Nothing) {
            return new WriteResult.Written(seen);
        }
        try {
            Map<String, AttributeValue> item = dynamoDb.updateItem(
                            Changes.update(seen.id(), change).on(table, key(seen.id())))
                    .attributes();
            return new WriteResult.Written(readable(seen.id(), item));
        } catch (ConditionalCheckFailedException e) {
            if (!e.hasItem()) {
                return new WriteResult.Gone();
            }
            Task now = readable(seen.id(), e.item());
            return change.isIn(now) ? new WriteResult.Written(now) : new WriteResult.Overtaken(now);
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
            // What somebody else has put into the table is not a task.
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
            // What is not a task may not take a task's place: page by page until there are as many, or no more.
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
        Update update = new Update().set(Attributes.POLL_AT, number(until.toEpochMilli()));
        update.onlyIf(update.name(Attributes.POLL_AT) + " <= " + update.value(number(now.toEpochMilli())));
        try {
            dynamoDb.updateItem(update.on(table, key(id)));
        } catch (ConditionalCheckFailedException e) {
            // It is not in the way any more.
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

    /** The reader's own words quote the item: they end here. */
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
