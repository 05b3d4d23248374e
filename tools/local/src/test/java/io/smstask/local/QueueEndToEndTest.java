package io.smstask.local;

import static io.smstask.local.TasksClient.aTask;
import static io.smstask.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.smstask.json.Json;
import io.smstask.local.aws.LocalQueue;
import io.smstask.local.template.Template;
import io.smstask.simulator.SimulatedAnswer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The queue as a door of the whole stack. */
class QueueEndToEndTest {

    private final List<String> log = new CopyOnWriteArrayList<>();
    private LocalStack stack;
    private TasksClient client;
    private LocalQueue queue;
    private LocalQueue deadLetters;

    @BeforeEach
    void start() {
        Map<String, String> parameters = new LinkedHashMap<>(LocalStack.WITH_SEND_QUEUE);
        parameters.put("RetryDelaySeconds", "1");
        parameters.put("AllowedPrefixes", "+1");
        stack = LocalStack.start(
                LocalOptions.forTests(log::add), Template.read(Template.find()).with(parameters));
        client = new TasksClient(stack.tasksUrl());
        queue = stack.queue(LocalStack.SEND_QUEUE);
        deadLetters = stack.queue(LocalStack.SEND_DEAD_LETTERS);
    }

    @AfterEach
    void stop() {
        stack.close();
    }

    @Test
    void a_message_becomes_an_sms_that_is_delivered() {
        put(aTask("order-1"));

        awaitEnd("order-1", "Final");
        await("an empty queue").until(queue::isEmpty);
        assertThat(deadLetters.isEmpty()).isTrue();
        assertThat(posts("order-1")).isOne();
    }

    @Test
    void of_many_copies_of_a_message_one_sends() {
        for (int i = 0; i < 8; i++) {
            put(aTask("order-1"));
        }

        awaitEnd("order-1", "Final");
        await("all copies").until(() -> lines("\"repeated\"") + lines("\"in_progress\"") == 7);
        assertThat(posts("order-1")).isOne();
        assertThat(deadLetters.isEmpty()).isTrue();
    }

    @Test
    void what_surely_was_not_sent_goes_back_for_as_long_as_twilio_asks() {
        stack.simulator().orElseThrow().nextAnswer(SimulatedAnswer.rateLimited(Duration.ofMinutes(1)));
        put(aTask("order-1"));

        await("the call put back").until(() -> lines("\"put_back\"") == 1);
        assertThat(client.task("order-1").text("retryable")).isEqualTo("yes");
        assertThat(client.task("order-1").text("code")).isEqualTo("20429");
        assertThat(deadLetters.isEmpty()).isTrue();
        JsonNode counts = queue.call("GetQueueAttributes", Map.of("AttributeNames", List.of("All")))
                .path("Attributes");
        assertThat(counts.path("ApproximateNumberOfMessagesDelayed").asInt()).isOne();
    }

    @Test
    void what_was_put_back_is_sent_once_its_delay_is_over() {
        String full = "{\"code\":21611,\"message\":\"Full.\",\"more_info\":\"https://x\",\"status\":400}";
        stack.simulator().orElseThrow().nextAnswer(SimulatedAnswer.httpError(400, "application/json", full));
        put(aTask("order-1"));

        awaitEnd("order-1", "Final");
        assertThat(lines("\"put_back\"")).isOne();
        assertThat(posts("order-1")).isEqualTo(2);
        await("an empty queue").until(queue::isEmpty);
    }

    @Test
    void what_can_never_be_sent_is_a_dead_letter_with_its_reason() {
        Map<String, Object> withToken = aTask("with-token");
        withToken.put("AuthToken", "0123456789abcdef0123456789abcdef");
        Map<String, Object> refused = aTask("refused");
        refused.put("number_to", "+15005550001");
        Map<String, Object> abroad = aTask("abroad");
        abroad.put("number_to", "+491512345678");
        Map<String, Object> nameless = aTask("nameless");
        nameless.remove("task_id");
        client.send(aTask("taken"));
        Map<String, Object> conflict = aTask("taken");
        conflict.put("body", "something else");
        for (Map<String, Object> call : List.of(withToken, refused, abroad, nameless, conflict)) {
            put(call);
        }

        Map<String, JsonNode> letters = awaitDeadLetters(5);

        assertThat(letters).containsOnlyKeys("with-token", "refused", "abroad", "", "taken");
        assertThat(code(letters.get("with-token"))).isEqualTo("invalid_task");
        assertThat(letters.get("with-token").path("Body").asText()).doesNotContain("AuthToken", "0123456789abcdef");
        assertThat(code(letters.get("refused"))).isEqualTo("21211");
        assertThat(letters.get("refused").path("MessageAttributes").size()).isOne();
        assertThat(code(letters.get("abroad"))).isEqualTo("country_not_allowed");
        assertThat(code(letters.get(""))).isEqualTo("invalid_task");
        assertThat(letters.get("")
                        .path("MessageAttributes")
                        .path("problems")
                        .path("StringValue")
                        .asText())
                .isEqualTo("task_id is required in a message");
        assertThat(code(letters.get("taken"))).isEqualTo("task_conflict");
        await("an empty queue").until(queue::isEmpty);
    }

    @Test
    void a_redrive_of_what_was_sent_sends_nothing_more() {
        put(aTask("order-1"));
        awaitEnd("order-1", "Final");
        await("an empty queue").until(queue::isEmpty);

        // As if SQS had moved it after the last receive, just when it was sent.
        deadLetters.call("SendMessage", Map.of("MessageBody", Json.writeText(aTask("order-1"))));
        redrive();

        await("the redriven message").until(() -> lines("\"repeated\"") == 1);
        await("an empty queue").until(queue::isEmpty);
        assertThat(posts("order-1")).isOne();
        assertThat(deadLetters.isEmpty()).isTrue();
    }

    @Test
    void a_redrive_of_what_was_refused_is_refused_again_and_not_posted() {
        Map<String, Object> refused = aTask("refused");
        refused.put("number_to", "+15005550001");
        put(refused);
        await("a dead letter").until(() -> !deadLetters.isEmpty());

        redrive();

        await("the dead letter again").until(() -> lines("\"dead_letter\"") >= 2);
        assertThat(posts("refused")).isOne();
    }

    /** SQS does not know where a dead letter comes from that it has not moved itself. */
    private void redrive() {
        deadLetters.call("StartMessageMoveTask", Map.of("SourceArn", deadLetters.arn(), "DestinationArn", queue.arn()));
    }

    private void put(Map<String, Object> call) {
        queue.call("SendMessage", Map.of("MessageBody", Json.writeText(call)));
    }

    private void awaitEnd(String task, String node) {
        await(task + " at " + node).until(() -> client.task(task).text("node").equals(node));
    }

    /** By the task id in its body; the empty text without one. */
    private Map<String, JsonNode> awaitDeadLetters(int count) {
        Map<String, JsonNode> letters = new LinkedHashMap<>();
        await(count + " dead letters").until(() -> {
            for (JsonNode letter : receive(deadLetters)) {
                Map<String, Object> body = Json.parseObject(letter.path("Body").asText());
                letters.put(String.valueOf(body.getOrDefault("task_id", "")), letter);
            }
            return letters.size() == count;
        });
        return letters;
    }

    private static List<JsonNode> receive(LocalQueue from) {
        List<JsonNode> messages = new ArrayList<>();
        from.call("ReceiveMessage", Map.of("MaxNumberOfMessages", 10, "MessageAttributeNames", List.of("All")))
                .path("Messages")
                .forEach(messages::add);
        return messages;
    }

    private static String code(JsonNode letter) {
        return letter.path("MessageAttributes").path("code").path("StringValue").asText();
    }

    private long lines(String word) {
        return log.stream().filter(line -> line.contains("\"message\":" + word)).count();
    }

    private long posts(String task) {
        return stack.simulator().orElseThrow().requests().stream()
                .flatMap(request -> request.form().getOrDefault("StatusCallback", List.of()).stream())
                .filter(url -> url.contains("/" + task + "#"))
                .count();
    }
}
