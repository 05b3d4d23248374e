package io.smstask.local.gateway;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

/**
 * Reads what a function answers to a batch of messages, by Lambda's rules for {@code ReportBatchItemFailures}.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html">AWS: partial batch
 *     responses</a>
 */
final class BatchAnswer {

    private static final ObjectMapper JSON = new ObjectMapper();

    private BatchAnswer() {}

    /**
     * The messages that failed: none if the answer or its list is null or empty; all if it cannot be read, or names none of
     * them.
     *
     * @param ids of the batch's messages
     */
    static Set<String> failed(byte[] answer, Set<String> ids) {
        if (new String(answer, StandardCharsets.UTF_8).isBlank()) {
            return Set.of();
        }
        JsonNode read;
        try {
            read = JSON.readTree(answer);
        } catch (JacksonException notJson) {
            return ids;
        } catch (IOException e) {
            throw new IllegalStateException("bytes in memory could not be read", e);
        }
        if (read.isNull()) {
            return Set.of();
        }
        JsonNode failures = read.path("batchItemFailures");
        if (!read.isObject() || !failures.isArray() && !failures.isNull() && !failures.isMissingNode()) {
            return ids;
        }
        Set<String> failed = new HashSet<>();
        for (JsonNode failure : failures) {
            JsonNode id = failure.path("itemIdentifier");
            if (!id.isTextual() || !ids.contains(id.textValue())) {
                return ids;
            }
            failed.add(id.textValue());
        }
        return failed;
    }
}
