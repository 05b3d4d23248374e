package io.smstask.local;

import static io.smstask.local.TasksClient.aTask;
import static io.smstask.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smstask.aws.SdkClients;
import io.smstask.local.TasksClient.Reply;
import io.smstask.local.template.Template;
import io.smstask.settings.Settings;
import io.smstask.simulator.ApiError;
import io.smstask.simulator.SimulatedAnswer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/** What docs/maintenance.md writes into a restored table, so that nothing is sent twice that the table has forgotten. */
final class RestoreEndToEndTest {

    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final String document = Files.readString(Path.of("..", "..", "docs", "maintenance.md"));

    RestoreEndToEndTest() throws IOException {}

    @Test
    void a_task_that_a_restored_table_has_forgotten_is_not_sent_again_once_its_id_is_blocked() throws IOException {
        try (LocalStack stack = LocalStack.start(LocalOptions.forTests(line -> {}), Template.read(Template.find()));
                DynamoDbClient dynamoDb = SdkClients.dynamoDb(Settings.from(stack.awsEnvironment()), LIMIT)) {
            TasksClient client = new TasksClient(stack.tasksUrl());
            stack.simulator().orElseThrow().nextAnswer(SimulatedAnswer.error(ApiError.QUEUE_FULL));
            assertThat(client.send(aTask("runnable")).text("retryable")).isEqualTo("yes");
            client.send(aTask("kept"));
            client.send(aTask("forgotten"));
            for (String id : new String[] {"kept", "forgotten"}) {
                await("the end of " + id)
                        .until(() -> client.task(id).text("node").equals("Final"));
            }
            dynamoDb.deleteItem(request ->
                    request.tableName(LocalStack.TABLE).key(Map.of("task_id", AttributeValue.fromS("forgotten"))));
            int sent = stack.simulator().orElseThrow().requests().size();

            block(dynamoDb, "forgotten");
            block(dynamoDb, "runnable");
            assertThatThrownBy(() -> block(dynamoDb, "kept")).isInstanceOf(ConditionalCheckFailedException.class);

            assertThat(client.send(aTask("forgotten")).status()).isEqualTo(409);
            assertThat(client.send(aTask("runnable")).status()).isEqualTo(409);
            assertThat(client.send(aTask("kept")).status()).isEqualTo(200);
            assertThat(stack.simulator().orElseThrow().requests()).hasSize(sent);
            Reply blocked = client.task("forgotten");
            assertThat(blocked.status()).isEqualTo(200);
            assertThat(blocked.json().path("erased").asBoolean()).isTrue();
        }
    }

    private void block(DynamoDbClient dynamoDb, String id) throws IOException {
        dynamoDb.putItem(request -> request.tableName(LocalStack.TABLE)
                .item(item(id))
                .conditionExpression(named("--condition-expression '([^']+)'"))
                .expressionAttributeValues(attributes(named("--expression-attribute-values '([^']+)'"))));
    }

    private Map<String, AttributeValue> item(String id) {
        return attributes(named("(?s)```json\\s+(\\{\"task_id\".*?)\\s+```").replace("TASK_ID", id));
    }

    private String named(String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(document);
        assertThat(matcher.find()).as(pattern).isTrue();
        return matcher.group(1);
    }

    private static Map<String, AttributeValue> attributes(String json) {
        Map<String, AttributeValue> attributes = new HashMap<>();
        for (Map.Entry<String, JsonNode> attribute : parsed(json).properties()) {
            JsonNode value = attribute.getValue();
            attributes.put(
                    attribute.getKey(),
                    AttributeValue.builder()
                            .s(value.path("S").textValue())
                            .n(value.path("N").textValue())
                            .bool(value.has("BOOL") ? value.path("BOOL").booleanValue() : null)
                            .build());
        }
        return attributes;
    }

    private static JsonNode parsed(String json) {
        try {
            return new ObjectMapper().readTree(json);
        } catch (IOException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
