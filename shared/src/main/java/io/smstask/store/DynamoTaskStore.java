package io.smstask.store;

import static io.smstask.store.Items.number;
import static io.smstask.store.Items.text;

import io.smstask.aws.AwsError;
import io.smstask.aws.AwsFailure;
import io.smstask.aws.AwsJson;
import io.smstask.task.AccountSid;
import io.smstask.task.CallFailure;
import io.smstask.task.Escalation;
import io.smstask.task.Misconfigured;
import io.smstask.task.StoreUnavailable;
import io.smstask.task.Task;
import io.smstask.task.TaskId;
import io.smstask.task.TaskStore;
import io.smstask.task.UnreadableTask;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The tasks in DynamoDB: one item each, partition key {@code task_id}. A refused write returns the item as it stands, so a
 * lost race costs no further read.
 *
 * @see DynamoTaskIndex
 */
public final class DynamoTaskStore implements TaskStore {

    /** As we write a time. */
    private static final String MILLIS = "[0-9]{1,15}";

    private final AwsJson dynamoDb;
    private final String table;
    private final Duration ttl;
    private final Duration limit;
    private final @Nullable Long end;

    /**
     * @param ttl how long a task is kept past its {@link Task#dueAt()}
     * @param limit how long one call of this store may take, with all the requests that it makes
     */
    public DynamoTaskStore(AwsJson dynamoDb, String table, Duration ttl, Duration limit) {
        this(dynamoDb, table, ttl, limit, null);
    }

    private DynamoTaskStore(AwsJson dynamoDb, String table, Duration ttl, Duration limit, @Nullable Long end) {
        this.dynamoDb = dynamoDb;
        this.table = table;
        this.ttl = ttl;
        this.limit = limit;
        this.end = end;
    }

    @Override
    public TaskStore within(Duration step) {
        return new DynamoTaskStore(dynamoDb, table, ttl, step, System.nanoTime() + step.toNanos());
    }

    /** When a call that begins now must have ended. */
    private long end() {
        return end == null ? System.nanoTime() + limit.toNanos() : end;
    }

    /** What a claim, or the look for it, leaves to the requests that may have to follow. */
    private static long halfwayTo(long end) {
        long now = System.nanoTime();
        return now + (end - now) / 2;
    }

    @Override
    public ClaimResult claim(Task task) {
        return claim(task, end());
    }

    private ClaimResult claim(Task task, long end) {
        Map<String, Object> item = Items.item(task);
        item.put(Attributes.EXPIRES_AT, expiry(task));
        item.put(Attributes.REVISION, number(task.revision()));
        Map<String, Object> request = Map.of(
                "TableName",
                table,
                "Item",
                item,
                "ConditionExpression",
                "attribute_not_exists(" + Attributes.TASK_ID + ")",
                "ReturnValuesOnConditionCheckFailure",
                "ALL_OLD");
        AwsJson.Answer answer = call("PutItem", request, halfwayTo(end));
        if (answer.isOk()) {
            return new ClaimResult.Claimed(task);
        }
        return isRefused(answer) ? refused(task, answer, end) : afterLostAnswer(null, task, answer, end);
    }

    @Override
    public ClaimResult claimAgain(Task seen, Task again) {
        if (!seen.mayRunAgain()) {
            return new ClaimResult.Taken(seen);
        }
        long end = end();
        Map<String, Object> before = Items.item(seen);
        Update update = Update.between(before, before, Items.item(again))
                .set(Attributes.EXPIRES_AT, expiry(again))
                .add(Attributes.REVISION, 1);
        update.onlyIf(isAsSeen(seen, update));
        AwsJson.Answer answer = call("UpdateItem", update.on(table, key(again.id())), halfwayTo(end));
        if (answer.isOk()) {
            return new ClaimResult.Claimed(again.writtenOver(seen));
        }
        return isRefused(answer) ? refused(again, answer, end) : afterLostAnswer(seen, again, answer, end);
    }

    private Map<String, Object> expiry(Task task) {
        return number(task.dueAt().plus(ttl).getEpochSecond());
    }

    /** Holds if nobody has written since. */
    private static String isAsSeen(Task seen, Update update) {
        return update.name(Attributes.CLAIM_ID) + " = "
                + update.value(text(seen.claim().id())) + " AND " + update.name(Attributes.REVISION) + " = "
                + update.value(number(seen.revision()));
    }

    private ClaimResult refused(Task mine, AwsJson.Answer refusal, long end) {
        // Without an item the task has expired since it was read: its id is free.
        Optional<Task> stored = stored(mine.id(), refusal);
        if (stored.isEmpty()) {
            stored = find(mine.id(), end);
        }
        return stored.isPresent() ? holder(stored.get(), mine) : claim(mine, end);
    }

    private static ClaimResult holder(Task stored, Task mine) {
        return stored.claim().id().equals(mine.claim().id())
                ? new ClaimResult.Claimed(stored)
                : new ClaimResult.Taken(stored);
    }

    /** The claim may have been written, or may be yet: look, and release it if it does not show. */
    private ClaimResult afterLostAnswer(@Nullable Task seen, Task mine, AwsJson.Answer lost, long end) {
        if (lost.awsError().isConfiguration()) {
            // It was refused: nothing was written, so there is nothing to release.
            throw unavailable("claimed", lost.awsError());
        }
        Optional<Task> stored;
        try {
            stored = find(mine.id(), halfwayTo(end));
        } catch (StoreUnavailable e) {
            // The release's condition looks too.
            stored = Optional.empty();
        }
        return stored.isPresent() && !isBefore(stored.get(), mine)
                ? holder(stored.get(), mine)
                : release(seen, mine, lost, end);
    }

    /** Whether the item still shows the attempt before this one: the claim has not been written, or not yet. */
    private static boolean isBefore(Task stored, Task mine) {
        return stored.claim().attempt() == mine.claim().attempt() - 1;
    }

    /**
     * Writes the task as one that was not sent and can be run again: over my claim, or in place of it. Whichever of the
     * two writes arrives last fails its condition, or changes nothing.
     */
    private ClaimResult release(@Nullable Task seen, Task mine, AwsJson.Answer lost, long end) {
        Escalation notSent = new Escalation.CallError(
                CallFailure.STORE_UNAVAILABLE, "The task could not be claimed in time. Twilio was not called.");
        Task released = mine.escalated(notSent, mine.updatedAt());
        Map<String, Object> before =
                seen == null ? Map.of(Attributes.TASK_ID, text(mine.id().value())) : Items.item(seen);
        Update update = Update.between(before, Items.item(mine), Items.item(released))
                .set(Attributes.EXPIRES_AT, expiry(mine))
                .add(Attributes.REVISION, 1);
        String isMine = update.name(Attributes.CLAIM_ID) + " = "
                + update.value(text(mine.claim().id()));
        String isBefore =
                seen == null ? "attribute_not_exists(" + update.name(Attributes.TASK_ID) + ")" : isAsSeen(seen, update);
        update.onlyIf("(" + isMine + " OR " + isBefore + ")");
        AwsJson.Answer answer = call("UpdateItem", update.on(table, key(mine.id())), end);
        if (isRefused(answer)) {
            // Somebody else has written, so the claim can no longer be written.
            return refused(mine, answer, end);
        }
        if (answer.isOk()) {
            throw unavailable("claimed", lost.awsError());
        }
        StoreUnavailable claimLeft =
                new StoreUnavailable("the task could neither be claimed nor released in time", true);
        claimLeft.initCause(new AwsFailure("DynamoDB", lost.awsError()));
        throw claimLeft;
    }

    @Override
    public WriteResult replace(Task seen, Task next) {
        Map<String, Object> before = Items.item(seen);
        Map<String, Object> after = Items.item(next);
        if (after.equals(before)) {
            return new WriteResult.Written(seen);
        }
        Update update = Update.between(before, before, after).add(Attributes.REVISION, 1);
        // Only send-function knows TASK_TTL_DAYS, so the expiry moves along with the end of the wait.
        long later = Duration.between(seen.dueAt(), next.dueAt()).toSeconds();
        if (later != 0) {
            update.add(Attributes.EXPIRES_AT, later);
        }
        update.onlyIf(isAsSeen(seen, update));
        AwsJson.Answer answer = call("UpdateItem", update.on(table, key(seen.id())), end());
        if (answer.isOk()) {
            return new WriteResult.Written(next.writtenOver(seen));
        }
        if (!isRefused(answer)) {
            throw unavailable("written", answer.awsError());
        }
        Optional<Task> stored = stored(seen.id(), answer);
        if (stored.isEmpty()) {
            return new WriteResult.Gone();
        }
        Task now = stored.get();
        return next.isWrittenIn(now, seen) ? new WriteResult.Written(now) : new WriteResult.Overtaken(now);
    }

    @Override
    public Optional<Task> find(TaskId id) {
        return find(id, end());
    }

    private Optional<Task> find(TaskId id, long end) {
        Map<String, Object> request = Map.of("TableName", table, "Key", key(id), "ConsistentRead", true);
        AwsJson.Answer answer = call("GetItem", request, end);
        if (!answer.isOk()) {
            throw unavailable("read", answer.awsError());
        }
        return stored(id, answer);
    }

    @Override
    public Rescheduled reschedule(TaskId id, BigDecimal seen, Instant to) {
        Map<String, Object> target = number(to.toEpochMilli());
        Update update = new Update().set(Attributes.POLL_AT, target).add(Attributes.REVISION, 1);
        update.onlyIf(update.name(Attributes.POLL_AT) + " = " + update.value(Map.of("N", seen.toString())));
        Map<String, Object> request = new HashMap<>(update.on(table, key(id)));
        request.put("ReturnValues", "ALL_NEW");
        AwsJson.Answer answer = call("UpdateItem", request, end());
        if (answer.isOk()) {
            return moved(answer.json().get("Attributes"));
        }
        if (answer.error().equals("ValidationException")) {
            return new Rescheduled.Refused();
        }
        if (!isRefused(answer)) {
            throw unavailable("rescheduled", answer.awsError());
        }
        // A write whose answer was lost is refused when it is repeated.
        Object item = answer.json().get("Item");
        return item instanceof Map<?, ?> now && target.equals(now.get(Attributes.POLL_AT))
                ? moved(item)
                : new Rescheduled.Overtaken();
    }

    /** Each is read by itself, since the rest of the item may be unreadable. */
    private static Rescheduled moved(@Nullable Object item) {
        Optional<String> sid = shown(item, Attributes.ACCOUNT_SID, "S").filter(AccountSid::isValid);
        Optional<String> dueAt = shown(item, Attributes.DUE_AT, "N").filter(text -> text.matches(MILLIS));
        return new Rescheduled.Moved(
                sid.map(AccountSid::new), dueAt.map(Long::parseLong).map(Instant::ofEpochMilli));
    }

    private static Optional<String> shown(@Nullable Object item, String name, String type) {
        return item instanceof Map<?, ?> attributes
                        && attributes.get(name) instanceof Map<?, ?> typed
                        && typed.get(type) instanceof String text
                ? Optional.of(text)
                : Optional.empty();
    }

    private AwsJson.Answer call(String operation, Map<String, Object> request, long until) {
        Duration left = Duration.ofNanos(Math.max(0, until - System.nanoTime()));
        return dynamoDb.call("DynamoDB_20120810." + operation, "1.0", request, left);
    }

    private static boolean isRefused(AwsJson.Answer answer) {
        return answer.error().equals("ConditionalCheckFailedException");
    }

    /** AWS's error is kept for its name; AWS's message is never shown. */
    static StoreUnavailable unavailable(String what, AwsError error) {
        String message = "a task could not be " + what + ": " + error.name();
        AwsFailure cause = new AwsFailure("DynamoDB", error);
        return error.isConfiguration() ? new Misconfigured(message, cause) : new StoreUnavailable(message, cause);
    }

    /** The task in an answer; empty if there is none. The original message may quote the item, so it is dropped. */
    private static Optional<Task> stored(TaskId id, AwsJson.Answer answer) {
        Object item = answer.json().get("Item");
        if (item == null) {
            return Optional.empty();
        }
        try {
            if (item instanceof Map<?, ?> attributes) {
                return Optional.of(Items.task(attributes));
            }
        } catch (IllegalArgumentException e) {
            throw new UnreadableTask(id);
        }
        throw unavailable("read", new AwsError(AwsError.NOT_FROM_AWS, answer.httpStatus()));
    }

    private static Map<String, Object> key(TaskId id) {
        return Map.of(Attributes.TASK_ID, text(id.value()));
    }
}
