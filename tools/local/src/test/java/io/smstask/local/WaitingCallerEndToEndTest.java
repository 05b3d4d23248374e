package io.smstask.local;

import static io.smstask.local.TasksClient.aTask;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smstask.aws.SdkClients;
import io.smstask.local.TasksClient.Reply;
import io.smstask.local.template.Template;
import io.smstask.settings.Settings;
import io.smstask.simulator.CallbackPlan;
import io.smstask.simulator.TwilioSimulator;
import io.smstask.testing.Patience;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Waiting callers and the event bus get the outcome, whatever fails in between. */
class WaitingCallerEndToEndTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ID = "waited-for";

    private final List<String> log = new CopyOnWriteArrayList<>();
    private LocalStack stack;
    private TwilioSimulator twilio;
    private TasksClient client;
    private WaitingCaller caller;

    @BeforeEach
    void start() {
        stack = LocalStack.start(
                LocalOptions.forTests(log::add).withEventBus("outcomes"), Template.read(Template.find()));
        twilio = stack.simulator().orElseThrow();
        client = new TasksClient(stack.tasksUrl());
        caller = stack.waitingCaller();
    }

    @AfterEach
    void stop() {
        caller.close();
        stack.close();
    }

    @ParameterizedTest
    @CsvSource({"delivered, Final", "undelivered, Escalation"})
    void every_caller_that_waits_gets_the_task_as_it_ended(String status, String node) throws Exception {
        String sid = send();
        String first = waitForIt();
        String second = waitForIt();

        assertThat(callBack(sid, status).status()).isEqualTo(204);

        JsonNode task = client.task(ID).json();
        assertThat(task.path("node").asText()).isEqualTo(node);
        JsonNode told = outcome(first);
        assertThat(outcome(second)).isEqualTo(told);
        assertThat(told.path("body").asText()).hasSize(task.path("body_length").asInt());
        ObjectNode withoutText = told.deepCopy();
        withoutText.remove("body");
        ((ObjectNode) task).remove("body_length");
        assertThat((Object) withoutText).isEqualTo(task);
    }

    @Test
    void a_caller_that_comes_after_the_end_does_not_wait() throws Exception {
        callBack(send(), "delivered");

        assertThat(caller.waitFor(ID)).isEmpty();
        assertThat(caller.waitFor("no-such-task")).isEmpty();
        assertThat(client.task("no-such-task").status()).isEqualTo(404);
    }

    @Test
    void while_step_functions_fails_the_status_stands_and_the_poll_resumes() throws Exception {
        String sid = send();
        String token = waitForIt();
        stepFunctionsFails();
        assertThat(callBack(sid, "delivered").status()).isEqualTo(204);
        assertThat(client.task(ID).text("node")).isEqualTo("Final");
        assertThat(caller.outcome(token)).isEmpty();

        stack.stepFunctions().failOnce(400, "AccessDeniedException");
        pollWhenDue();
        assertThat(caller.outcome(token)).isEmpty();
        pollWhenDue();

        assertThat(outcome(token).path("status").asText()).isEqualTo("delivered");
        int calls = stack.stepFunctions().calls();
        pollWhenDue();
        assertThat(stack.stepFunctions().calls()).isEqualTo(calls);
    }

    @Test
    void a_repeated_callback_resumes_who_was_left() throws Exception {
        String sid = send();
        String token = waitForIt();
        stepFunctionsFails();
        callBack(sid, "delivered");

        assertThat(callBack(sid, "delivered").status()).isEqualTo(204);

        assertThat(outcome(token).path("status").asText()).isEqualTo("delivered");
    }

    @Test
    void one_whose_time_is_over_does_not_hold_up_another() throws Exception {
        String sid = send();
        String late = waitForIt();
        String waiting = waitForIt();
        stack.stepFunctions().timeOut(late);

        callBack(sid, "delivered");

        assertThat(caller.outcome(late)).isEmpty();
        assertThat(outcome(waiting).path("status").asText()).isEqualTo("delivered");
        assertThat(item()).doesNotContainKeys("task_tokens", "poll_at", "poll_shard");
    }

    @Test
    void a_token_is_seen_by_step_functions_and_nobody_else() throws Exception {
        String sid = send();
        String token = waitForIt();
        Reply waiting = client.task(ID);
        stepFunctionsFails();
        callBack(sid, "delivered");
        Reply ended = client.task(ID);
        byte[] direct = stack.function(LocalStack.SEND_FUNCTION)
                .invoke(("{\"read\":\"" + ID + "\"}").getBytes(StandardCharsets.UTF_8));
        pollWhenDue();

        assertThat(waiting.http().body()).doesNotContain(token);
        assertThat(ended.http().body()).doesNotContain(token);
        assertThat(new String(direct, StandardCharsets.UTF_8)).doesNotContain(token);
        assertThat(caller.outcome(token).orElseThrow()).doesNotContain(token);
        assertThat(String.join("", log)).doesNotContain(token);
        assertThat(stack.eventBridge().events().toString()).doesNotContain(token);
    }

    @Test
    void the_bus_hears_of_every_end_once_and_of_nothing_private() throws Exception {
        String sid = send();
        callBack(sid, "sent");
        assertThat(stack.eventBridge().events()).isEmpty();

        callBack(sid, "delivered");
        callBack(sid, "delivered");
        pollWhenDue();

        assertThat(stack.eventBridge().events()).hasSize(1);
        JsonNode event = stack.eventBridge().events().get(0);
        assertThat(event.path("EventBusName").asText()).isEqualTo("outcomes");
        assertThat(event.path("Source").asText()).isEqualTo("smstask");
        assertThat(Files.readString(Path.of("..", "..", "docs", "examples", "webhook.yaml")))
                .contains(
                        "source: [" + event.path("Source").asText() + "]\n",
                        "detail-type: [" + event.path("DetailType").asText() + "]\n");
        JsonNode detail = JSON.readTree(event.path("Detail").asText());
        assertThat(detail.path("task_id").asText()).isEqualTo(ID);
        assertThat(detail.path("node").asText()).isEqualTo("Final");
        assertThat(event.toString()).doesNotContain("5558675310", "5005550006", "Your code");
        assertThat(item()).doesNotContainKeys("poll_at", "poll_shard");
    }

    @Test
    void the_bus_hears_of_a_refusal_that_only_the_sender_saw() throws Exception {
        Map<String, Object> call = aTask(ID);
        call.put("number_to", "+15005550001");
        assertThat(client.send(call).status()).isEqualTo(422);

        pollWhenDue();

        assertThat(stack.eventBridge().events()).hasSize(1);
        assertThat(JSON.readTree(stack.eventBridge()
                                .events()
                                .get(0)
                                .path("Detail")
                                .asText())
                        .path("code")
                        .asText())
                .isEqualTo("21211");
    }

    /** Sends a task without callbacks. */
    private String send() {
        twilio.nextCallbacks(CallbackPlan.lost("sent"));
        return client.send(aTask(ID)).text("sid");
    }

    private String waitForIt() {
        return caller.waitFor(ID).orElseThrow();
    }

    private JsonNode outcome(String token) throws IOException {
        return JSON.readTree(caller.outcome(token).orElseThrow());
    }

    private Reply callBack(String sid, String status) throws GeneralSecurityException {
        return new SignedCallback(twilio.requests().get(0), sid, status).postTo(stack);
    }

    /** Polls as if the task were due, if it is to be polled at all. */
    private void pollWhenDue() throws IOException {
        if (item().containsKey("poll_at")) {
            try (DynamoDbClient dynamoDb = dynamoDb()) {
                dynamoDb.updateItem(update -> update.tableName(LocalStack.TABLE)
                        .key(Map.of("task_id", AttributeValue.fromS(ID)))
                        .updateExpression("SET poll_at = :now")
                        .expressionAttributeValues(Map.of(":now", AttributeValue.fromN("1"))));
            }
        }
        PollRun.of(stack);
    }

    private Map<String, AttributeValue> item() {
        try (DynamoDbClient dynamoDb = dynamoDb()) {
            return dynamoDb.getItem(read -> read.tableName(LocalStack.TABLE)
                            .key(Map.of("task_id", AttributeValue.fromS(ID)))
                            .consistentRead(true))
                    .item();
        }
    }

    /** For one call, with its repeats. */
    private void stepFunctionsFails() {
        for (int i = 0; i < 3; i++) {
            stack.stepFunctions().failOnce(503, "ServiceUnavailable");
        }
    }

    private DynamoDbClient dynamoDb() {
        return SdkClients.dynamoDb(Settings.from(stack.environment(LocalStack.CALLBACK_FUNCTION)), Patience.PATIENCE);
    }
}
