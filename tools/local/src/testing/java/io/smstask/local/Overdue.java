package io.smstask.local;

import io.smstask.aws.SdkClients;
import io.smstask.settings.Settings;
import io.smstask.testing.Patience;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Makes a task due for the poll, whatever the clock. */
public final class Overdue {

    private Overdue() {}

    public static void make(LocalStack stack, String task) {
        var settings = Settings.from(stack.environment(LocalStack.POLL_FUNCTION));
        try (DynamoDbClient client = SdkClients.dynamoDb(settings, Patience.PATIENCE)) {
            client.updateItem(update -> update.tableName(LocalStack.TABLE)
                    .key(Map.of("task_id", AttributeValue.fromS(task)))
                    .updateExpression("SET poll_at = :now")
                    .expressionAttributeValues(Map.of(":now", AttributeValue.fromN("1"))));
        }
    }
}
