package io.smstask.local.gateway;

import static io.smstask.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smstask.local.aws.LocalQueue;
import io.smstask.local.aws.LocalQueues;
import io.smstask.local.template.Template;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A real queue, and functions that handle its messages well and badly. */
final class LocalQueueSourceTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String QUEUE = "Queue";
    private static final String DEAD_LETTERS = "DeadLetters";

    /** Longer than a test, which makes messages visible by itself. */
    private static final Map<String, String> ATTRIBUTES = Map.of("VisibilityTimeout", "3600");

    private final List<List<JsonNode>> batches = new CopyOnWriteArrayList<>();
    private final List<String> log = new CopyOnWriteArrayList<>();
    private LocalQueues queues;
    private LocalQueue queue;
    private Optional<LocalQueueSource> source = Optional.empty();

    @BeforeEach
    void start() {
        queues = LocalQueues.start(List.of(
                new Template.Queue(QUEUE, ATTRIBUTES, Optional.of(new Template.Redrive(DEAD_LETTERS, 3))),
                new Template.Queue(DEAD_LETTERS, Map.of(), Optional.empty())));
        queue = queues.get(QUEUE);
    }

    @AfterEach
    void stop() {
        source.ifPresent(LocalQueueSource::close);
        queues.close();
    }

    @Test
    void a_message_comes_as_lambda_hands_it_over() {
        queue.call(
                "SendMessage",
                Map.of(
                        "MessageBody",
                        "{\"task_id\":\"task-1\"}",
                        "MessageGroupId",
                        "AC1",
                        "MessageAttributes",
                        Map.of("retries", Map.of("DataType", "Number", "StringValue", "3"))));
        read(10, 0, batch -> "");

        await("the message").until(() -> !batches.isEmpty());
        JsonNode message = batches.get(0).get(0);
        assertThat(message.path("body").asText()).isEqualTo("{\"task_id\":\"task-1\"}");
        assertThat(message.path("messageId").asText()).isNotEmpty();
        assertThat(message.path("receiptHandle").asText()).isNotEmpty();
        assertThat(message.path("attributes").path("ApproximateReceiveCount").asText())
                .isEqualTo("1");
        assertThat(message.path("attributes").path("SentTimestamp").asText()).matches("[0-9]{13}");
        assertThat(message.path("attributes").path("MessageGroupId").asText()).isEqualTo("AC1");
        assertThat(message.path("messageAttributes").path("retries"))
                .isEqualTo(JSON.createObjectNode().put("stringValue", "3").put("dataType", "Number"));
        assertThat(message.path("eventSource").asText()).isEqualTo("aws:sqs");
        assertThat(message.path("eventSourceARN").asText()).isEqualTo("arn:aws:sqs:us-east-1:000000000000:" + QUEUE);
        assertThat(message.path("awsRegion").asText()).isEqualTo("us-east-1");
    }

    @Test
    void messages_are_collected_until_the_batch_is_full() {
        send(25);
        read(20, 300, batch -> "");

        await("a full batch").until(() -> !batches.isEmpty());
        assertThat(batches.get(0)).hasSize(20);
    }

    @Test
    void a_batch_that_stays_small_goes_out_when_its_window_is_over() {
        send(3);
        read(100, 1, batch -> "");

        await("all messages").until(() -> bodies().size() == 3);
        assertThat(bodies()).containsExactlyInAnyOrder("0", "1", "2");
    }

    @Test
    void what_was_handled_is_deleted() {
        send(25);
        read(10, 0, batch -> "null");

        await("an empty queue").until(queue::isEmpty);
        assertThat(bodies()).hasSize(25).doesNotHaveDuplicates();
    }

    @Test
    void a_poison_message_goes_to_the_dead_letter_queue_and_its_neighbours_are_done() {
        send(7);
        read(10, 0, batch -> {
            List<String> failed = new ArrayList<>();
            for (JsonNode message : batch) {
                if (message.path("body").asText().equals("3")) {
                    comeAgain(message);
                    failed.add("{\"itemIdentifier\":" + message.path("messageId") + "}");
                }
            }
            return "{\"batchItemFailures\":[" + String.join(",", failed) + "]}";
        });

        LocalQueue deadLetters = queues.get(DEAD_LETTERS);
        await("a dead letter").until(() -> !deadLetters.isEmpty());
        await("an empty queue").until(queue::isEmpty);
        JsonNode dead = deadLetters
                .call("ReceiveMessage", Map.of("MaxNumberOfMessages", 10))
                .path("Messages");
        assertThat(dead).hasSize(1);
        assertThat(dead.get(0).path("Body").asText()).isEqualTo("3");
        assertThat(receives("3")).containsExactly("1", "2", "3");
        assertThat(bodies().stream().filter(body -> !body.equals("3")))
                .containsExactlyInAnyOrder("0", "1", "2", "4", "5", "6");
    }

    @Test
    void a_function_that_throws_gets_the_whole_batch_again() {
        send(3);
        AtomicInteger calls = new AtomicInteger();
        read(3, 300, batch -> {
            if (calls.incrementAndGet() == 1) {
                batch.forEach(this::comeAgain);
                throw new IllegalStateException("of the first call");
            }
            return "";
        });

        await("an empty queue").until(queue::isEmpty);
        assertThat(batches).hasSize(2);
        assertThat(bodies()).containsExactlyInAnyOrder("0", "1", "2", "0", "1", "2");
        assertThat(log).containsExactly("a batch of 3 failed: java.lang.IllegalStateException");
    }

    @Test
    void names_of_failures_count_only_where_the_template_lets_the_function_report_them() {
        send(1);
        source = Optional.of(LocalQueueSource.start(
                function(batch -> "{\"batchItemFailures\":[{\"itemIdentifier\":"
                        + batch.get(0).path("messageId") + "}]}"),
                queue,
                new Template.QueueSource("Function", QUEUE, 10, Duration.ZERO, 2, false),
                log::add));

        await("the message").until(() -> !batches.isEmpty());
        await("an empty queue").until(queue::isEmpty);
    }

    @Test
    void no_more_invocations_run_at_once_than_the_template_allows() {
        send(6);
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch open = new CountDownLatch(1);
        read(1, 0, batch -> {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            pass(open);
            running.decrementAndGet();
            return "";
        });

        await("two invocations").until(() -> running.get() == 2);
        open.countDown();
        await("an empty queue").until(queue::isEmpty);
        assertThat(bodies()).hasSize(6);
        assertThat(most).hasValue(2);
    }

    private void read(int batchSize, int windowSeconds, Function<List<JsonNode>, String> answer) {
        source = Optional.of(LocalQueueSource.start(
                function(answer),
                queue,
                new Template.QueueSource("Function", QUEUE, batchSize, Duration.ofSeconds(windowSeconds), 2, true),
                log::add));
    }

    private LocalFunction function(Function<List<JsonNode>, String> answer) {
        return new LocalFunction(
                "Function",
                (in, out, context) -> {
                    List<JsonNode> batch = new ArrayList<>();
                    JSON.readTree(in).path("Records").forEach(batch::add);
                    batches.add(batch);
                    out.write(answer.apply(batch).getBytes(StandardCharsets.UTF_8));
                },
                Duration.ofMinutes(1),
                log::add);
    }

    private void send(int count) {
        for (int i = 0; i < count; i++) {
            queue.call("SendMessage", Map.of("MessageBody", String.valueOf(i)));
        }
    }

    /** Its visibility timeout is over. */
    private void comeAgain(JsonNode message) {
        queue.call(
                "ChangeMessageVisibility",
                Map.of("ReceiptHandle", message.path("receiptHandle").asText(), "VisibilityTimeout", 0));
    }

    private List<String> bodies() {
        return batches.stream()
                .flatMap(List::stream)
                .map(message -> message.path("body").asText())
                .toList();
    }

    private List<String> receives(String body) {
        return batches.stream()
                .flatMap(List::stream)
                .filter(message -> message.path("body").asText().equals(body))
                .map(message -> message.path("attributes")
                        .path("ApproximateReceiveCount")
                        .asText())
                .toList();
    }

    private static void pass(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
