package io.smstask.local.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.smstask.local.aws.LocalQueue;
import io.smstask.local.template.Template;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/**
 * Hands a queue's messages to a function in batches, as Lambda's event source does: what the function has handled is
 * deleted, all else comes again once its visibility timeout is over.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html">AWS: using Lambda with SQS</a>
 */
public final class LocalQueueSource implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** The most messages that SQS takes or gives in one call. */
    private static final int MOST = 10;

    /** How long an empty queue is waited for. */
    private static final Duration LONG_POLL = Duration.ofSeconds(20);

    private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

    private final LocalFunction function;
    private final LocalQueue queue;
    private final Template.QueueSource template;
    private final Consumer<String> log;
    private final Semaphore free;
    private final ExecutorService invocations = Executors.newCachedThreadPool(task -> daemon(task, "queue-invocation"));
    private final Thread poller = daemon(this::poll, "queue-poller");
    private volatile boolean isClosed;

    private LocalQueueSource(
            LocalFunction function, LocalQueue queue, Template.QueueSource template, Consumer<String> log) {
        this.function = function;
        this.queue = queue;
        this.template = template;
        this.log = log;
        this.free = new Semaphore(template.concurrency());
    }

    private static Thread daemon(Runnable task, String name) {
        var thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /**
     * Starts to read the queue.
     *
     * @param log where a batch that failed is named
     */
    public static LocalQueueSource start(
            LocalFunction function, LocalQueue queue, Template.QueueSource template, Consumer<String> log) {
        var started = new LocalQueueSource(function, queue, template, log);
        started.poller.start();
        return started;
    }

    private void poll() {
        while (!isClosed) {
            try {
                // Nothing is received that nobody is free for: each receive counts.
                free.acquire();
                pollOnce();
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) { // one that got out would end the polling
                free.release();
                if (!isClosed) {
                    log.accept("the queue could not be read: " + e.getClass().getName());
                    pause();
                }
            }
        }
    }

    private void pollOnce() {
        List<JsonNode> batch = batch();
        if (batch.isEmpty()) {
            free.release();
        } else {
            invocations.execute(() -> {
                try {
                    handOver(batch);
                } catch (RuntimeException e) { // nobody else would say so
                    if (!isClosed) {
                        log.accept(
                                "a batch could not be deleted: " + e.getClass().getName());
                    }
                } finally {
                    free.release();
                }
            });
        }
    }

    /** Collects from the first message on, until the batch is full or the window is over. */
    private List<JsonNode> batch() {
        List<JsonNode> batch = receive(template.batchSize(), LONG_POLL);
        long end = System.nanoTime() + template.window().toNanos();
        while (!batch.isEmpty() && batch.size() < template.batchSize()) {
            var left = Duration.ofNanos(end - System.nanoTime());
            if (left.isNegative() || left.isZero()) {
                break;
            }
            // In whole seconds, which is all that SQS knows.
            batch.addAll(receive(template.batchSize() - batch.size(), Duration.ofSeconds(left.toSeconds() + 1)));
        }
        return batch;
    }

    private List<JsonNode> receive(int most, Duration wait) {
        JsonNode received = queue.call(
                "ReceiveMessage",
                Map.of(
                        "MaxNumberOfMessages",
                        Math.min(most, MOST),
                        "WaitTimeSeconds",
                        Math.min(wait.toSeconds(), LONG_POLL.toSeconds()),
                        "MessageSystemAttributeNames",
                        List.of("All"),
                        "MessageAttributeNames",
                        List.of("All")));
        List<JsonNode> messages = new ArrayList<>();
        received.path("Messages").forEach(messages::add);
        return messages;
    }

    private void handOver(List<JsonNode> batch) {
        Map<String, String> handles = new LinkedHashMap<>();
        batch.forEach(message -> handles.put(
                message.path("MessageId").asText(),
                message.path("ReceiptHandle").asText()));
        handles.keySet().removeAll(Set.copyOf(failed(batch, handles.keySet())));
        delete(List.copyOf(handles.values()));
    }

    private Set<String> failed(List<JsonNode> batch, Set<String> ids) {
        try {
            byte[] answer = function.invoke(event(batch));
            return template.partial() ? BatchAnswer.failed(answer, ids) : Set.of();
        } catch (IOException | RuntimeException e) {
            log.accept("a batch of " + batch.size() + " failed: " + e.getClass().getName());
            return ids;
        }
    }

    private byte[] event(List<JsonNode> batch) throws IOException {
        var event = JsonNodeFactory.instance.objectNode();
        var records = event.putArray("Records");
        for (JsonNode message : batch) {
            var record = records.addObject();
            record.put("messageId", message.path("MessageId").asText());
            record.put("receiptHandle", message.path("ReceiptHandle").asText());
            record.put("body", message.path("Body").asText());
            record.set("attributes", message.path("Attributes"));
            var own = record.putObject("messageAttributes");
            message.path("MessageAttributes")
                    .properties()
                    .forEach(attribute -> own.putObject(attribute.getKey())
                            .put(
                                    "stringValue",
                                    attribute.getValue().path("StringValue").asText())
                            .put(
                                    "dataType",
                                    attribute.getValue().path("DataType").asText()));
            record.put("md5OfBody", message.path("MD5OfBody").asText());
            record.put("eventSource", "aws:sqs");
            record.put("eventSourceARN", queue.arn());
            record.put("awsRegion", queue.arn().split(":")[3]);
        }
        return JSON.writeValueAsBytes(event);
    }

    private void delete(List<String> handles) {
        for (int start = 0; start < handles.size(); start += MOST) {
            List<Map<String, String>> entries = new ArrayList<>();
            for (String handle : handles.subList(start, Math.min(start + MOST, handles.size()))) {
                entries.add(Map.of("Id", String.valueOf(entries.size()), "ReceiptHandle", handle));
            }
            queue.call("DeleteMessageBatch", Map.of("Entries", entries));
        }
    }

    private void pause() {
        try {
            Thread.sleep(AFTER_FAILURE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        isClosed = true;
        poller.interrupt();
        invocations.shutdownNow();
    }
}
