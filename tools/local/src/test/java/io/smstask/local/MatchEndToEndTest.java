package io.smstask.local;

import static io.smstask.local.TasksClient.aTask;
import static io.smstask.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smstask.aws.SdkClients;
import io.smstask.local.TasksClient.Reply;
import io.smstask.local.template.Template;
import io.smstask.settings.Settings;
import io.smstask.simulator.CallbackPlan;
import io.smstask.simulator.SimulatedAnswer;
import io.smstask.simulator.SimulatorOptions;
import io.smstask.simulator.TwilioSimulator;
import io.smstask.testing.Patience;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Unknown outcomes and Twilio's list of messages, over HTTP and on DynamoDB's indexes. */
class MatchEndToEndTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** By so much Twilio's clock is slow, and tasks are made older: then it is time to look for their messages. */
    private static final Duration AGE = Duration.ofMinutes(15);

    private TwilioSimulator twilio;
    private LocalStack stack;
    private TasksClient client;

    @BeforeEach
    void start() {
        twilio = TwilioSimulator.start(SimulatorOptions.of(LocalOptions.SIMULATED_ACCOUNT)
                .withClock(Clock.offset(Clock.systemUTC(), AGE.negated()))
                .withCallbackDelay(Duration.ofMillis(5)));
        LocalOptions options = LocalOptions.forTests(line -> {}).withTwilio(twilio.baseUrl());
        stack = LocalStack.start(options, Template.read(Template.find()));
        client = new TasksClient(stack.tasksUrl());
    }

    @AfterEach
    void stop() {
        stack.close();
        twilio.close();
    }

    @Test
    void a_message_whose_answer_and_callbacks_were_lost_is_found() throws IOException {
        Reply lost = sentUnheard("task-1");
        assertThat(lost.status()).isEqualTo(502);
        assertThat(lost.text("retryable")).isEqualTo("unknown");

        pollLater("task-1");

        JsonNode task = client.task("task-1").json();
        assertThat(task.path("node").asText()).isEqualTo("Final");
        assertThat(task.path("status").asText()).isEqualTo("delivered");
        assertThat(task.path("sid").asText()).isEqualTo(twilio.messages().get(0).sid());
        assertThat(task.path("history").findValuesAsText("note")).containsExactly("matched");
        assertThat(client.get("/messages/" + task.path("sid").asText()).text("task_id"))
                .isEqualTo("task-1");
        assertThat(client.send(aTask("task-1")).status()).isEqualTo(200);
        assertThat(posts()).isEqualTo(1);
    }

    @Test
    void of_two_tasks_with_one_number_and_text_of_which_one_was_never_sent_none_is_matched() throws IOException {
        sentUnheard("task-1");
        neverSent("task-2");

        pollLater("task-1", "task-2");

        assertThat(List.of(client.task("task-1"), client.task("task-2"))).allSatisfy(task -> {
            assertThat(task.text("code")).isEqualTo("connection_lost");
            assertThat(task.text("retryable")).isEqualTo("unknown");
            assertThat(task.json().has("sid")).isFalse();
        });
        assertThat(twilio.messages()).hasSize(1);
        assertThat(posts()).isEqualTo(2);
    }

    @Test
    void the_message_of_a_task_that_went_well_is_not_taken_by_one_that_was_never_sent() throws IOException {
        client.send(aTask("task-1"));
        await("task-1 at Final").until(() -> client.task("task-1").text("node").equals("Final"));
        neverSent("task-2");

        pollLater("task-1", "task-2");

        assertThat(client.task("task-2").text("retryable")).isEqualTo("unknown");
        assertThat(client.task("task-2").json().has("sid")).isFalse();
    }

    @Test
    void a_message_that_is_still_under_way_is_found_and_waited_for() throws IOException {
        twilio.nextAnswer(SimulatedAnswer.acceptThen(SimulatedAnswer.closeWithoutAnswer()));
        twilio.nextCallbacks(CallbackPlan.lost("sent"));
        client.send(aTask("task-1"));
        await("sent at Twilio").until(() -> twilio.messages().get(0).status().equals("sent"));

        pollLater("task-1");

        assertThat(client.task("task-1").text("node")).isEqualTo("Waiting for Callback");
        assertThat(client.task("task-1").text("status")).isEqualTo("sent");
    }

    private Reply sentUnheard(String id) {
        twilio.nextAnswer(SimulatedAnswer.acceptThen(SimulatedAnswer.closeWithoutAnswer()));
        twilio.nextCallbacks(CallbackPlan.lost("sent", "delivered"));
        Reply answer = client.send(aTask(id));
        await("every message delivered at Twilio")
                .until(() -> twilio.messages().stream()
                        .allMatch(message -> message.status().equals("delivered")));
        return answer;
    }

    private void neverSent(String id) {
        twilio.nextAnswer(SimulatedAnswer.closeWithoutAnswer());
        client.send(aTask(id));
    }

    private long posts() {
        return twilio.requests().stream()
                .filter(request -> request.method().equals("POST"))
                .count();
    }

    /** As if the tasks had been sent a while ago, and the time had come to look at them. */
    private void pollLater(String... ids) throws IOException {
        Settings settings = Settings.from(stack.environment(LocalStack.CALLBACK_FUNCTION));
        try (DynamoDbClient dynamoDb = SdkClients.dynamoDb(settings, Patience.PATIENCE)) {
            for (String id : ids) {
                Map<String, AttributeValue> key = Map.of("task_id", AttributeValue.fromS(id));
                Map<String, AttributeValue> item = dynamoDb.getItem(
                                get -> get.tableName(LocalStack.TABLE).key(key))
                        .item();
                long created = Long.parseLong(item.get("created_at").n()) - AGE.toMillis();
                long deadline = Long.parseLong(item.get("call_deadline").n()) - AGE.toMillis();
                // A task that is done has no shard and so stays out of the poll's index.
                dynamoDb.updateItem(update -> update.tableName(LocalStack.TABLE)
                        .key(key)
                        .updateExpression("SET created_at = :created, call_deadline = :deadline, poll_at = :now")
                        .expressionAttributeValues(Map.of(
                                ":created", AttributeValue.fromN(Long.toString(created)),
                                ":deadline", AttributeValue.fromN(Long.toString(deadline)),
                                ":now", AttributeValue.fromN("1"))));
            }
        }
        PollRun.of(stack);
        assertThat(twilio.requests()).anyMatch(request -> request.method().equals("GET"));
    }
}
