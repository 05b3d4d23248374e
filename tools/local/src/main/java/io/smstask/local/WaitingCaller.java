package io.smstask.local;

import io.smstask.aws.SdkClients;
import io.smstask.local.aws.LocalStepFunctions;
import io.smstask.settings.Settings;
import io.smstask.task.Subscribers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/** A caller that waits for a task's end: what the state machine does in its state {@code Waiting for Callback}. */
public final class WaitingCaller implements AutoCloseable {

    /** How a token joins a task's. */
    public static final String UPDATE =
            "SET task_tokens = list_append(if_not_exists(task_tokens, :none), :token) ADD revision :one";

    /** Who may join: the task has an end to wait for, and room. */
    public static final String CONDITION =
            "attribute_exists(poll_at) AND (attribute_not_exists(task_tokens) OR size(task_tokens) < :most)";

    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final DynamoDbClient dynamoDb;
    private final String table;
    private final LocalStepFunctions stepFunctions;

    WaitingCaller(Settings settings, String table, LocalStepFunctions stepFunctions) {
        this.dynamoDb = SdkClients.dynamoDb(settings, LIMIT);
        this.table = table;
        this.stepFunctions = stepFunctions;
    }

    /**
     * Begins to wait.
     *
     * @return the token to ask for the outcome with; empty where the task is done, too many wait, or there is none
     */
    public Optional<String> waitFor(String taskId) {
        String token = stepFunctions.newToken();
        try {
            dynamoDb.updateItem(request -> request.tableName(table)
                    .key(Map.of("task_id", AttributeValue.fromS(taskId)))
                    .updateExpression(UPDATE)
                    .conditionExpression(CONDITION)
                    .expressionAttributeValues(Map.of(
                            ":none",
                            AttributeValue.fromL(List.of()),
                            ":token",
                            AttributeValue.fromL(List.of(AttributeValue.fromS(token))),
                            ":one",
                            AttributeValue.fromN("1"),
                            ":most",
                            AttributeValue.fromN(Integer.toString(Subscribers.MOST_TOKENS)))));
            return Optional.of(token);
        } catch (ConditionalCheckFailedException e) {
            return Optional.empty();
        } catch (SdkClientException e) {
            throw new IllegalStateException(
                    "waited for DynamoDB, to begin to wait for " + taskId + ": " + e.getMessage(), e);
        }
    }

    /** The task as it ended, as JSON text; empty while it has not. */
    public Optional<String> outcome(String token) {
        return stepFunctions.output(token);
    }

    @Override
    public void close() {
        dynamoDb.close();
    }
}
