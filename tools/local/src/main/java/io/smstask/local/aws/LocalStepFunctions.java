package io.smstask.local.aws;

import com.fasterxml.jackson.databind.JsonNode;
import io.smstask.local.aws.AwsJsonEndpoint.JsonAnswer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Step Functions for holders of task tokens: {@code SendTaskSuccess}, {@code SendTaskFailure} and {@code
 * SendTaskHeartbeat}. It runs no state machine. It hands out tokens, keeps their outputs, and can fail as AWS does.
 *
 * @see <a href="https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskSuccess.html">AWS:
 *     SendTaskSuccess</a>
 */
public final class LocalStepFunctions implements AutoCloseable {

    /** AWS's limit for a state's output, in bytes of UTF-8. */
    private static final int MAX_OUTPUT = 262_144;

    private final Map<String, ExecutionState> executions = new ConcurrentHashMap<>();
    private final Deque<JsonAnswer> faults = new ConcurrentLinkedDeque<>();
    private final AtomicInteger tokens = new AtomicInteger();
    private final AtomicInteger calls = new AtomicInteger();
    private final AwsJsonEndpoint endpoint;

    /** The state of an execution. */
    private sealed interface ExecutionState {

        record Waiting() implements ExecutionState {}

        record Ended(String output) implements ExecutionState {}

        record TimedOut() implements ExecutionState {}
    }

    private LocalStepFunctions() {
        endpoint = AwsJsonEndpoint.start(Map.of(
                "AWSStepFunctions.SendTaskSuccess", input -> resume(input, "output"),
                "AWSStepFunctions.SendTaskFailure", input -> resume(input, "error"),
                "AWSStepFunctions.SendTaskHeartbeat", this::heartbeat));
    }

    /** Starts an endpoint without executions, on a port that the system chooses. */
    public static LocalStepFunctions start() {
        return new LocalStepFunctions();
    }

    /** The URL to use instead of Step Functions' own. */
    public URI endpoint() {
        return endpoint.uri();
    }

    /** Starts an execution that waits, and returns its token. */
    public String newToken() {
        String token = "AQCEAAAAKgAAAAMAAAAAAAAAAA" + tokens.incrementAndGet();
        executions.put(token, new ExecutionState.Waiting());
        return token;
    }

    /** The output that the execution was resumed with; empty while it waits or if it timed out. */
    public Optional<String> output(String token) {
        return executions.get(token) instanceof ExecutionState.Ended ended
                ? Optional.of(ended.output())
                : Optional.empty();
    }

    /** Lets the execution's wait time out. */
    public void timeOut(String token) {
        executions.put(token, new ExecutionState.TimedOut());
    }

    /** Answers the next call that has no fault yet with this error. */
    public void failOnce(int status, String type) {
        faults.add(JsonAnswer.error(status, type));
    }

    /** The number of calls. */
    public int calls() {
        return calls.get();
    }

    private JsonAnswer resume(JsonNode input, String field) {
        String output = input.path(field).asText();
        if (output.getBytes(StandardCharsets.UTF_8).length > MAX_OUTPUT) {
            return JsonAnswer.error(400, "InvalidOutput");
        }
        return answer(input, new ExecutionState.Ended(output));
    }

    private JsonAnswer heartbeat(JsonNode input) {
        return answer(input, new ExecutionState.Waiting());
    }

    private JsonAnswer answer(JsonNode input, ExecutionState next) {
        calls.incrementAndGet();
        JsonAnswer fault = faults.poll();
        if (fault != null) {
            return fault;
        }
        String token = input.path("taskToken").asText();
        if (!executions.containsKey(token)) {
            return JsonAnswer.error(400, "InvalidToken");
        }
        return executions.replace(token, new ExecutionState.Waiting(), next)
                ? JsonAnswer.ok(Map.of())
                : JsonAnswer.error(400, "TaskTimedOut");
    }

    @Override
    public void close() {
        endpoint.close();
    }
}
