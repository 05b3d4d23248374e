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

/** A caller that waits for a task's end, as the state machine does in its state {@code Waiting for Callback}. */
public final class WaitingCaller implements AutoCloseable {

    /** Adds a token to the task's tokens. */
    public static final String UPDATE =
            "SET task_tokens = list_append(if_not_exists(task_tokens, :none), :token) ADD revision :one";

    /** The task has not ended, and has room for a token. */
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
     * Starts to wait.
     *
     * @return the token for {@link #outcome}; empty if the task has ended or does not exist, or too many callers wait
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
                    "DynamoDB did not add a token to the task " + taskId + ": " + e.getMessage(), e);
        }
    }

    /** The ended task as JSON text; empty until then. */
    public Optional<String> outcome(String token) {
        return stepFunctions.output(token);
    }

    @Override
    public void close() {
        dynamoDb.close();
    }
}
