package bench.naive;

import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbEnhancedClient;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbTable;
import software.amazon.awssdk.enhanced.dynamodb.Expression;
import software.amazon.awssdk.enhanced.dynamodb.Key;
import software.amazon.awssdk.enhanced.dynamodb.TableSchema;
import software.amazon.awssdk.enhanced.dynamodb.model.IgnoreNullsMode;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

public class TaskRepository {

    private final DynamoDbTable<Task> table = DynamoDbEnhancedClient.builder()
            .dynamoDbClient(DynamoDbClient.create())
            .build()
            .table(System.getenv("TASKS_TABLE"), TableSchema.fromBean(Task.class));

    public Optional<Task> find(String taskId) {
        return Optional.ofNullable(table.getItem(request ->
                request.key(Key.builder().partitionValue(taskId).build()).consistentRead(true)));
    }

    /** Whether the task's id was free. */
    public boolean insert(Task task) {
        Expression isNew = Expression.builder()
                .expression("attribute_not_exists(task_id)")
                .build();
        try {
            table.putItem(request -> request.item(task).conditionExpression(isNew));
            return true;
        } catch (ConditionalCheckFailedException e) {
            return false;
        }
    }

    /** Writes what is not null, unless the stored status ranks as high as {@code ceiling}. */
    public void update(Task changes, int ceiling) {
        Expression isNews = Expression.builder()
                .expression("attribute_exists(task_id) AND (attribute_not_exists(#rank) OR #rank < :ceiling)")
                .expressionNames(Map.of("#rank", "rank"))
                .expressionValues(Map.of(":ceiling", AttributeValue.fromN(Integer.toString(ceiling))))
                .build();
        try {
            table.updateItem(request -> request.item(changes)
                    .ignoreNullsMode(IgnoreNullsMode.SCALAR_ONLY)
                    .conditionExpression(isNews));
        } catch (ConditionalCheckFailedException e) {
            // It is late: a higher status has been here.
            return;
        }
    }
}
