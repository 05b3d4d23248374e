package io.smstask.local;

import static io.smstask.local.TasksClient.aTask;
import static io.smstask.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smstask.aws.SdkClients;
import io.smstask.local.aws.LocalQueue;
import io.smstask.local.template.Template;
import io.smstask.settings.Settings;
import io.smstask.simulator.CallbackPlan;
import io.smstask.simulator.TwilioSimulator;
import io.smstask.testing.Patience;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The poll over a real queue: dispatcher, event source, worker, dead letters. */
class PollEndToEndTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<String> log = new CopyOnWriteArrayList<>();
    private LocalStack stack;
    private TwilioSimulator twilio;
    private TasksClient client;

    /** The template, but what failed comes again after two seconds. */
    @BeforeEach
    void start(@TempDir Path folder) throws IOException {
        String template = Files.readString(Template.find());
        assertThat(template).contains("VisibilityTimeout: 360");
        Path quick = Files.writeString(
                folder.resolve("template.yaml"), template.replace("VisibilityTimeout: 360", "VisibilityTimeout: 2"));
        stack = LocalStack.start(LocalOptions.forTests(log::add), Template.read(quick));
        twilio = stack.simulator().orElseThrow();
        client = new TasksClient(stack.tasksUrl());
    }

    @AfterEach
    void stop() {
        stack.close();
    }

    @Test
    void a_silent_task_is_leased_enqueued_looked_at_and_ended() throws IOException {
        sendUnheard("silent");
        Overdue.make(stack, "silent");

        JsonNode run = PollRun.of(stack);

        assertThat(run.path("due_look").asInt()).isEqualTo(1);
        assertThat(run.path("leased").asInt()).isEqualTo(1);
        JsonNode task = client.task("silent").json();
        assertThat(task.path("node").asText()).isEqualTo("Final");
        assertThat(task.path("status").asText()).isEqualTo("delivered");
        assertThat(task.path("history").findValuesAsText("source")).containsExactly("send", "poll");
        assertThat(stack.queue(LocalStack.POLL_DEAD_LETTERS).isEmpty()).isTrue();
        // It is done: the next run finds nothing.
        assertThat(PollRun.of(stack).path("leased").asInt()).isZero();
    }

    @Test
    void incident_37_a_task_that_cannot_be_handled_becomes_a_dead_letter_and_its_neighbours_are_done()
            throws IOException {
        for (String id : List.of("before", "poison", "after")) {
            sendUnheard(id);
        }
        set("poison", "created_at", AttributeValue.fromS("never"));
        for (String id : List.of("before", "poison", "after")) {
            Overdue.make(stack, id);
        }
        Instant start = Instant.now();

        assertThat(PollRun.of(stack).path("leased").asInt()).isEqualTo(3);

        for (String id : List.of("before", "after")) {
            assertThat(client.task(id).text("node")).isEqualTo("Final");
        }
        LocalQueue deadLetters = stack.queue(LocalStack.POLL_DEAD_LETTERS);
        await("a dead letter").until(() -> !deadLetters.isEmpty());
        JsonNode dead = deadLetters
                .call("ReceiveMessage", Map.of("MaxNumberOfMessages", 10, "WaitTimeSeconds", 1))
                .path("Messages");
        assertThat(dead).hasSize(1);
        assertThat(JSON.readTree(dead.get(0).path("Body").asText())
                        .path("task_id")
                        .asText())
                .isEqualTo("poison");
        assertThat(log)
                .filteredOn(line -> line.contains("\"dead_letter\""))
                .singleElement()
                .satisfies(line -> assertThat(line).contains("\"poison\""));
        assertThat(Instant.ofEpochMilli(
                        Long.parseLong(item("poison").get("poll_at").n())))
                .isAfter(start.plusSeconds(5 * 3600));
    }

    /** Delivered at Twilio, and none of its callbacks came. */
    private void sendUnheard(String id) {
        twilio.nextCallbacks(CallbackPlan.lost("sent", "delivered"));
        String sid = client.send(aTask(id)).text("sid");
        await("delivered at Twilio")
                .until(() -> twilio.messages().stream()
                        .anyMatch(message ->
                                message.sid().equals(sid) && message.status().equals("delivered")));
    }

    private void set(String id, String attribute, AttributeValue value) {
        try (DynamoDbClient dynamoDb = dynamoDb()) {
            dynamoDb.updateItem(update -> update.tableName(LocalStack.TABLE)
                    .key(key(id))
                    .updateExpression("SET #attribute = :value")
                    .expressionAttributeNames(Map.of("#attribute", attribute))
                    .expressionAttributeValues(Map.of(":value", value)));
        }
    }

    private Map<String, AttributeValue> item(String id) {
        try (DynamoDbClient dynamoDb = dynamoDb()) {
            return dynamoDb.getItem(
                            get -> get.tableName(LocalStack.TABLE).key(key(id)).consistentRead(true))
                    .item();
        }
    }

    private static Map<String, AttributeValue> key(String id) {
        return Map.of("task_id", AttributeValue.fromS(id));
    }

    private DynamoDbClient dynamoDb() {
        return SdkClients.dynamoDb(Settings.from(stack.environment(LocalStack.POLL_FUNCTION)), Patience.PATIENCE);
    }
}
