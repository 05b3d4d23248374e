package io.smstask.poll;

import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import io.smstask.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads SQS's events and writes the answers to them. */
final class SqsEvents {

    private static final String RECEIVES = "ApproximateReceiveCount";

    private SqsEvents() {}

    /** Whether an event holds messages of a queue. */
    static boolean isSqs(Map<String, Object> event) {
        return event.get("Records") instanceof List<?> records
                && !records.isEmpty()
                && records.get(0) instanceof Map<?, ?> first
                && "aws:sqs".equals(first.get("eventSource"));
    }

    /** The event, with what the worker needs of each message. */
    static SQSEvent read(Map<String, Object> event) {
        List<SQSEvent.SQSMessage> messages = new ArrayList<>();
        if (event.get("Records") instanceof List<?> records) {
            for (Object element : records) {
                if (element instanceof Map<?, ?> fields) {
                    messages.add(message(fields));
                }
            }
        }
        SQSEvent read = new SQSEvent();
        read.setRecords(messages);
        return read;
    }

    private static SQSEvent.SQSMessage message(Map<?, ?> fields) {
        SQSEvent.SQSMessage message = new SQSEvent.SQSMessage();
        message.setMessageId(Json.text(fields, "messageId").orElse(""));
        message.setBody(Json.text(fields, "body").orElse(""));
        Map<?, ?> attributes = fields.get("attributes") instanceof Map<?, ?> map ? map : Map.of();
        message.setAttributes(Map.of(RECEIVES, Json.text(attributes, RECEIVES).orElse("1")));
        return message;
    }

    /** The messages, as the worker takes them. */
    static List<Received> received(SQSEvent event) {
        List<Received> received = new ArrayList<>();
        for (SQSEvent.SQSMessage message : event.getRecords()) {
            int receives = Integer.parseInt(message.getAttributes().get(RECEIVES));
            received.add(new Received(message.getMessageId(), receives, message.getBody()));
        }
        return received;
    }

    /** The answer that has these messages handed over again. */
    static SQSBatchResponse failed(List<String> messageIds) {
        List<SQSBatchResponse.BatchItemFailure> failures = new ArrayList<>();
        for (String id : messageIds) {
            failures.add(new SQSBatchResponse.BatchItemFailure(id));
        }
        return new SQSBatchResponse(failures);
    }

    static byte[] write(SQSBatchResponse response) {
        List<Object> failures = new ArrayList<>();
        for (SQSBatchResponse.BatchItemFailure failure : response.getBatchItemFailures()) {
            failures.add(Map.of("itemIdentifier", failure.getItemIdentifier()));
        }
        return Json.write(Map.of("batchItemFailures", failures));
    }
}
