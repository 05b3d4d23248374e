package io.smstask.poll;

import io.smstask.aws.AwsJson;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The queue in SQS. */
final class SqsPollQueue implements PollQueue {

    private static final String WAITING = "ApproximateNumberOfMessages";
    private static final Duration LIMIT = Duration.ofSeconds(3);

    private final AwsJson sqs;
    private final String url;

    SqsPollQueue(AwsJson sqs, String url) {
        this.sqs = sqs;
        this.url = url;
    }

    @Override
    public long waiting() {
        Map<String, Object> answer = call("GetQueueAttributes", Map.of("AttributeNames", List.of(WAITING)));
        if (answer.get("Attributes") instanceof Map<?, ?> attributes
                && attributes.get(WAITING) instanceof String count) {
            return Long.parseLong(count);
        }
        throw new IllegalStateException("SQS answers with " + WAITING);
    }

    @Override
    public List<PollMessage> send(List<PollMessage> messages) {
        List<Object> entries = new ArrayList<>();
        for (int i = 0; i < messages.size(); i++) {
            PollMessage message = messages.get(i);
            entries.add(Map.of(
                    "Id", Integer.toString(i), "MessageBody", message.json(), "MessageGroupId", message.group()));
        }
        Map<String, Object> answer = call("SendMessageBatch", Map.of("Entries", entries));
        List<PollMessage> failed = new ArrayList<>();
        if (answer.get("Failed") instanceof List<?> refused) {
            for (Object entry : refused) {
                if (entry instanceof Map<?, ?> fields && fields.get("Id") instanceof String id) {
                    failed.add(messages.get(Integer.parseInt(id)));
                }
            }
        }
        return failed;
    }

    private Map<String, Object> call(String operation, Map<String, Object> input) {
        Map<String, Object> request = new HashMap<>(input);
        request.put("QueueUrl", url);
        AwsJson.Answer answer = sqs.call("AmazonSQS." + operation, "1.0", request, LIMIT);
        if (!answer.isOk()) {
            throw new QueueUnavailable(answer.awsError());
        }
        return answer.json();
    }
}
