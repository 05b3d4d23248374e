package io.smstask.send;

import io.smstask.aws.AwsFailure;
import io.smstask.aws.AwsJson;
import io.smstask.lambda.Wire;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The queue in SQS.
 *
 * @see
 *     <a href="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html">AWS: SendMessage</a>
 */
final class SqsSendQueue implements SendQueue {

    /** The longest that SQS delays a message. */
    private static final int MOST_DELAY_SECONDS = 900;

    /** Within what a call leaves of the function's time. */
    private static final Duration LIMIT = Duration.ofSeconds(2);

    private static final String SEND = "SendMessage";

    private final AwsJson sqs;
    private final String url;
    private final String deadLettersUrl;

    SqsSendQueue(AwsJson sqs, String url, String deadLettersUrl) {
        this.sqs = sqs;
        this.url = url;
        this.deadLettersUrl = deadLettersUrl;
    }

    @Override
    public void putBack(QueuedCall call) {
        int delay = Math.min(MOST_DELAY_SECONDS, call.delaySeconds());
        Map<String, Object> attributes = new LinkedHashMap<>();
        attributes.put(Wire.RETRIES, number(call.retries()));
        attributes.put(Wire.DELAY_SECONDS, number(call.delaySeconds() - delay));
        Map<String, Object> message = message(url, call.body(), attributes);
        message.put("DelaySeconds", delay);
        send(message);
    }

    @Override
    public void deadLetter(String body, String code, String problems) {
        Map<String, Object> attributes = new LinkedHashMap<>();
        attributes.put(Wire.CODE, text(code));
        if (!problems.isEmpty()) {
            attributes.put(Wire.PROBLEMS, text(problems));
        }
        send(message(deadLettersUrl, body, attributes));
    }

    private static Map<String, Object> message(String queue, String body, Map<String, Object> attributes) {
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("QueueUrl", queue);
        message.put("MessageBody", body);
        message.put("MessageAttributes", attributes);
        return message;
    }

    private static Map<String, Object> number(int value) {
        return Map.of("DataType", "Number", "StringValue", Integer.toString(value));
    }

    private static Map<String, Object> text(String value) {
        return Map.of("DataType", "String", "StringValue", value);
    }

    private void send(Map<String, Object> message) {
        AwsJson.Answer answer = sqs.call("AmazonSQS." + SEND, "1.0", message, LIMIT);
        if (!answer.isOk()) {
            throw new AwsFailure("SQS " + SEND, answer.awsError());
        }
    }
}
