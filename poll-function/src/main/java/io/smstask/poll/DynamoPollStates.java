package io.smstask.poll;

import io.smstask.aws.AwsFailure;
import io.smstask.aws.AwsJson;
import io.smstask.task.AccountSid;
import io.smstask.task.StoreUnavailable;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The states in DynamoDB, one small item each. One that somebody else has written counts as none. */
final class DynamoPollStates implements PollStates {

    private static final String KEY = "task_id";
    private static final String VALUE = "poll_state";

    /** A state that is no longer written goes by itself. */
    private static final Duration KEPT = Duration.ofDays(2);

    private static final String QUEUE = "queue#poll";

    private final AwsJson dynamoDb;
    private final String table;
    private final Duration limit;
    private final Clock clock;

    /**
     * @param limit how long one call may take
     */
    DynamoPollStates(AwsJson dynamoDb, String table, Duration limit, Clock clock) {
        this.dynamoDb = dynamoDb;
        this.table = table;
        this.limit = limit;
        this.clock = clock;
    }

    /** A time that no run of ours can have written is none. */
    @Override
    public Optional<Instant> restsUntil(AccountSid account) {
        Instant furthest = clock.instant().plus(Looks.LONGEST_LIMIT);
        return read(key(account))
                .filter(DynamoPollStates::isNumber)
                .map(value -> Instant.ofEpochMilli(Long.parseLong(value)))
                .filter(until -> !until.isAfter(furthest));
    }

    @Override
    public void rest(AccountSid account, Instant until) {
        // Both have 13 digits, so texts are in the order of their numbers.
        write(
                key(account),
                millis(until),
                "attribute_not_exists(#value) OR #value < :value OR #value > :last",
                Map.of(":last", text(millis(clock.instant().plus(Looks.LONGEST_LIMIT)))));
    }

    @Override
    public void resume(AccountSid account) {
        write(key(account), "", "#value <= :now", Map.of(":now", text(millis(clock.instant()))));
    }

    @Override
    public List<Sent> sent() {
        List<Sent> sent = new ArrayList<>();
        Optional<String> value = read(QUEUE);
        if (value.isPresent()) {
            for (String pair : value.get().split(" ")) {
                String[] parts = pair.split(":");
                if (parts.length == 2 && isNumber(parts[0]) && isNumber(parts[1])) {
                    Instant at = Instant.ofEpochMilli(Long.parseLong(parts[0]));
                    if (!at.isAfter(clock.instant())) {
                        sent.add(new Sent(at, Long.parseLong(parts[1])));
                    }
                }
            }
        }
        return sent;
    }

    @Override
    public void sent(List<Sent> sent) {
        List<String> pairs = new ArrayList<>();
        for (Sent one : sent) {
            pairs.add(one.at().toEpochMilli() + ":" + one.messages());
        }
        write(QUEUE, String.join(" ", pairs), "", Map.of());
    }

    /** Whether it is one that this class has written. */
    private static boolean isNumber(String text) {
        return text.matches("[0-9]{1,15}");
    }

    private static String key(AccountSid account) {
        return "account#" + account;
    }

    private Optional<String> read(String key) {
        Map<String, Object> answer =
                call("GetItem", Map.of("TableName", table, "Key", Map.of(KEY, text(key)), "ConsistentRead", true));
        return answer.get("Item") instanceof Map<?, ?> item
                        && item.get(VALUE) instanceof Map<?, ?> typed
                        && typed.get("S") instanceof String value
                        && !value.isEmpty()
                ? Optional.of(value)
                : Optional.empty();
    }

    /**
     * An update, since the function may not put items. Where the condition does not hold, another run knows better.
     *
     * @param condition empty for none
     */
    private void write(String key, String value, String condition, Map<String, Object> furtherValues) {
        Map<String, Object> values = new HashMap<>(furtherValues);
        values.put(":value", text(value));
        values.put(
                ":expiry", Map.of("N", Long.toString(clock.instant().plus(KEPT).getEpochSecond())));
        Map<String, Object> request = new HashMap<>(Map.of(
                "TableName",
                table,
                "Key",
                Map.of(KEY, text(key)),
                "UpdateExpression",
                "SET #value = :value, #expiry = :expiry",
                "ExpressionAttributeNames",
                Map.of("#value", VALUE, "#expiry", "expires_at"),
                "ExpressionAttributeValues",
                values));
        if (!condition.isEmpty()) {
            request.put("ConditionExpression", condition);
        }
        call("UpdateItem", request);
    }

    private static Map<String, Object> text(String value) {
        return Map.of("S", value);
    }

    private static String millis(Instant at) {
        return Long.toString(at.toEpochMilli());
    }

    private Map<String, Object> call(String operation, Map<String, Object> request) {
        AwsJson.Answer answer = dynamoDb.call("DynamoDB_20120810." + operation, "1.0", request, limit);
        if (!answer.isOk() && !answer.error().equals("ConditionalCheckFailedException")) {
            throw new StoreUnavailable(
                    "a state of the poll could not be read or written: "
                            + answer.awsError().name(),
                    new AwsFailure("DynamoDB", answer.awsError()));
        }
        return answer.json();
    }
}
