package io.smstask.local;

import static io.smstask.testing.Patience.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smstask.local.aws.LocalQueue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** A poll of its own, apart from the schedule's. */
public final class PollRun {

    private static final ObjectMapper JSON = new ObjectMapper();

    private PollRun() {}

    /**
     * Puts what is due on the queue, and waits until it has been worked on.
     *
     * @return the figures of the dispatch
     */
    public static JsonNode of(LocalStack stack) throws IOException {
        byte[] event = "{\"poll\": true}".getBytes(StandardCharsets.UTF_8);
        JsonNode run = JSON.readTree(stack.function(LocalStack.POLL_FUNCTION).invoke(event));
        LocalQueue queue = stack.queue(LocalStack.POLL_QUEUE);
        await("an empty poll queue").until(queue::isEmpty);
        return run;
    }
}
