package io.smstask.store;

import static io.smstask.store.Items.number;
import static io.smstask.store.Items.text;

import io.smstask.aws.AwsJson;
import io.smstask.task.RecipientCounter;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * Counts in the tasks' table: one item for each recipient and window, which expires with its window. It holds the attempts
 * that have a place, not their number, so that a write may be repeated.
 */
public final class DynamoRecipientCounter implements RecipientCounter {

    /** No task id holds the last character. */
    static final String PREFIX = "recipient#";

    private static final String ATTEMPTS = "attempts";

    private final AwsJson dynamoDb;
    private final String table;
    private final Duration limit;

    /**
     * @param limit how long one call may take, with all its requests
     */
    public DynamoRecipientCounter(AwsJson dynamoDb, String table, Duration limit) {
        this.dynamoDb = dynamoDb;
        this.table = table;
        this.limit = limit;
    }

    @Override
    public boolean takePlace(String recipient, String attempt, int places, Instant end) {
        Update update = new Update()
                .set(Attributes.EXPIRES_AT, number(end.getEpochSecond()))
                .addToSet(ATTEMPTS, attempt);
        String attempts = update.name(ATTEMPTS);
        update.onlyIf(
                "(attribute_not_exists(" + attempts + ") OR size(" + attempts + ") < " + update.value(number(places))
                        + " OR contains(" + attempts + ", " + update.value(text(attempt)) + "))");
        Map<String, Object> request = update.on(table, Map.of(Attributes.TASK_ID, text(PREFIX + recipient)));
        AwsJson.Answer answer = dynamoDb.call("DynamoDB_20120810.UpdateItem", "1.0", request, limit);
        if (!answer.isOk() && !answer.error().equals("ConditionalCheckFailedException")) {
            throw DynamoTaskStore.unavailable("counted", answer.awsError());
        }
        return answer.isOk();
    }
}
