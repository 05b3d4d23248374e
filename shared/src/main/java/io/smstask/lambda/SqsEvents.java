package io.smstask.lambda;

import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import io.smstask.json.Json;
import io.smstask.task.Digits;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads SQS's events and writes the answers to them. */
public final class SqsEvents {

    private static final String RECEIVES = "ApproximateReceiveCount";

    private SqsEvents() {}

    /** Whether an event holds messages of a queue. */
    public static boolean isSqs(Map<String, Object> event) {
        return event.get("Records") instanceof List<?> records
                && !records.isEmpty()
                && records.get(0) instanceof Map<?, ?> first
                && "aws:sqs".equals(first.get("eventSource"));
    }

    /** The event: of each message its id, its body, how often it was received, and its own attributes that are texts or numbers. */
    public static SQSEvent read(Map<String, Object> event) {
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
        message.setAttributes(
                Map.of(RECEIVES, Digits.read(attributes.get(RECEIVES)).orElse("1")));
        message.setMessageAttributes(own(fields));
        return message;
    }

    private static Map<String, SQSEvent.MessageAttribute> own(Map<?, ?> fields) {
        Map<String, SQSEvent.MessageAttribute> own = new LinkedHashMap<>();
        if (fields.get("messageAttributes") instanceof Map<?, ?> given) {
            for (Map.Entry<?, ?> attribute : given.entrySet()) {
                if (attribute.getKey() instanceof String name && attribute.getValue() instanceof Map<?, ?> value) {
                    SQSEvent.MessageAttribute read = new SQSEvent.MessageAttribute();
                    read.setStringValue(Json.text(value, "stringValue").orElse(""));
                    own.put(name, read);
                }
            }
        }
        return own;
    }

    /** A number among a message's own attributes; 0 if it has none of that name, or it is not a number of up to nine digits. */
    public static int number(SQSEvent.SQSMessage message, String name) {
        SQSEvent.MessageAttribute attribute = message.getMessageAttributes().get(name);
        return attribute == null
                ? 0
                : Integer.parseInt(Digits.read(attribute.getStringValue()).orElse("0"));
    }

    /** How often the message has been received, this time included. */
    public static int receives(SQSEvent.SQSMessage message) {
        return Integer.parseInt(message.getAttributes().get(RECEIVES));
    }

    /** The answer that has these messages handed over again. */
    public static SQSBatchResponse failed(List<String> messageIds) {
        List<SQSBatchResponse.BatchItemFailure> failures = new ArrayList<>();
        for (String id : messageIds) {
            failures.add(new SQSBatchResponse.BatchItemFailure(id));
        }
        return new SQSBatchResponse(failures);
    }

    /** The answer as JSON. */
    public static byte[] write(SQSBatchResponse response) {
        List<Object> failures = new ArrayList<>();
        for (SQSBatchResponse.BatchItemFailure failure : response.getBatchItemFailures()) {
            failures.add(Map.of("itemIdentifier", failure.getItemIdentifier()));
        }
        return Json.write(Map.of("batchItemFailures", failures));
    }
}
