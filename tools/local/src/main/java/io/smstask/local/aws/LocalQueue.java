package io.smstask.local.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smstask.local.template.Template;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One of the stack's queues, called as SQS is. */
public final class LocalQueue {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final URI url;
    private final String arn;

    private LocalQueue(URI url) {
        this.url = url;
        this.arn = call("GetQueueAttributes", Map.of("AttributeNames", List.of("QueueArn")))
                .path("Attributes")
                .path("QueueArn")
                .asText();
    }

    static LocalQueue create(URI endpoint, Template.Queue template) {
        JsonNode created = call(
                endpoint,
                "CreateQueue",
                Map.of("QueueName", template.logicalId(), "Attributes", template.attributes()));
        return new LocalQueue(URI.create(created.path("QueueUrl").asText()));
    }

    /** Where messages for it are sent to. */
    public URI url() {
        return url;
    }

    /** Its ARN. */
    public String arn() {
        return arn;
    }

    /**
     * Calls one of SQS's operations on this queue. An interrupt ends it.
     *
     * @param input without the queue's URL
     * @throws IllegalStateException if the operation is refused
     * @throws UncheckedIOException if there is no answer
     */
    public JsonNode call(String operation, Map<String, ?> input) {
        Map<String, Object> request = new HashMap<>(input);
        request.put("QueueUrl", url.toString());
        return call(url.resolve("/"), operation, request);
    }

    /** Whether no message waits, neither for its first receive nor for the next, nor is under way to a function. */
    public boolean isEmpty() {
        JsonNode counts = call("GetQueueAttributes", Map.of("AttributeNames", List.of("All")))
                .path("Attributes");
        return counts.path("ApproximateNumberOfMessages").asInt() == 0
                && counts.path("ApproximateNumberOfMessagesNotVisible").asInt() == 0
                && counts.path("ApproximateNumberOfMessagesDelayed").asInt() == 0;
    }

    private static JsonNode call(URI endpoint, String operation, Map<String, ?> input) {
        try {
            HttpResponse<byte[]> answer = HTTP.send(
                    HttpRequest.newBuilder(endpoint)
                            .header("Content-Type", "application/x-amz-json-1.0")
                            .header("X-Amz-Target", "AmazonSQS." + operation)
                            .POST(BodyPublishers.ofByteArray(JSON.writeValueAsBytes(input)))
                            .build(),
                    BodyHandlers.ofByteArray());
            if (answer.statusCode() != 200) {
                throw new IllegalStateException(operation + " was refused: "
                        + JSON.readTree(answer.body()).path("__type").asText());
            }
            return JSON.readTree(answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException("there was no answer to " + operation, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(operation + " was interrupted", e);
        }
    }
}
