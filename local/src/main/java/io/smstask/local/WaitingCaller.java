package io.smstask.local;

import io.smstask.aws.AwsClients;
import io.smstask.local.aws.LocalStepFunctions;
import io.smstask.settings.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/** A caller that waits for a task's end: what the state machine does in its state {@code Waiting for Callback}. */
final class WaitingCaller implements AutoCloseable {

    static final String UPDATE = "ADD task_tokens :token";
    static final String CONDITION = "attribute_exists(poll_at)";

    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final DynamoDbClient dynamoDb;
    private final String table;
    private final LocalStepFunctions stepFunctions;

    WaitingCaller(Settings settings, String table, LocalStepFunctions stepFunctions) {
        this.dynamoDb = new AwsClients(settings).dynamoDb(LIMIT);
        this.table = table;
        this.stepFunctions = stepFunctions;
    }

    /**
     * Begins to wait.
     *
     * @return the token to ask for the outcome with; empty where the task is done, or there is none
     */
    Optional<String> waitFor(String taskId) {
        String token = stepFunctions.newToken();
        try {
            dynamoDb.updateItem(request -> request.tableName(table)
                    .key(Map.of("task_id", AttributeValue.fromS(taskId)))
                    .updateExpression(UPDATE)
                    .conditionExpression(CONDITION)
                    .expressionAttributeValues(Map.of(":token", AttributeValue.fromSs(List.of(token)))));
            return Optional.of(token);
        } catch (ConditionalCheckFailedException e) {
            return Optional.empty();
        } catch (SdkClientException e) {
            throw new IllegalStateException(
                    "waited for DynamoDB, to begin to wait for " + taskId + ": " + e.getMessage(), e);
        }
    }

    /** The task as it ended, as JSON text; empty while it has not. */
    Optional<String> outcome(String token) {
        return stepFunctions.output(token);
    }

    @Override
    public void close() {
        dynamoDb.close();
    }
}
