package io.smstask.ownruntime;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.smstask.lambdaprocess.BuiltFunction;
import io.smstask.lambdaprocess.LambdaProcess;
import io.smstask.local.LocalOptions;
import io.smstask.local.LocalStack;
import io.smstask.local.gateway.HttpApiGateway;
import io.smstask.local.gateway.LocalFunction;
import io.smstask.local.template.Template;
import io.smstask.simulator.CallbackAttempt;
import io.smstask.simulator.TwilioSimulator;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * The functions as their packages with a runtime of their own start them, between DynamoDB Local and the Twilio simulator,
 * whose callbacks go to the packaged callback-function.
 */
public final class OwnRuntimeStack implements AutoCloseable {

    private static final Path TEMPLATE = Template.find();
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final String EVENTS_TASK = "order-4711";

    private final LocalStack stack;
    private final HttpApiGateway gateway;
    private final LambdaProcess send;
    private final LambdaProcess callback;
    private final LambdaProcess poll;

    /**
     * Starts them.
     *
     * @param sendFolder what goes to Lambda as send-function
     * @param callbackFolder what goes to Lambda as callback-function
     * @param pollFolder what goes to Lambda as poll-function
     * @param more variables besides those of the stack
     */
    public OwnRuntimeStack(Path sendFolder, Path callbackFolder, Path pollFolder, Map<String, String> more)
            throws IOException {
        var template = Template.read(TEMPLATE);
        stack = LocalStack.start(LocalOptions.forTests(line -> {}), template);
        gateway = HttpApiGateway.start(
                0,
                template.routes().stream()
                        .filter(route -> route.function().equals(LocalStack.CALLBACK_FUNCTION))
                        .toList());
        callback = start(LocalStack.CALLBACK_FUNCTION, callbackFolder, more);
        send = start(LocalStack.SEND_FUNCTION, sendFolder, more);
        poll = start(LocalStack.POLL_FUNCTION, pollFolder, more);
        gateway.put(
                LocalStack.CALLBACK_FUNCTION,
                new LocalFunction(
                        LocalStack.CALLBACK_FUNCTION,
                        (in, out, context) -> out.write(callback.invoke(new String(in.readAllBytes(), UTF_8))
                                .body()
                                .getBytes(UTF_8)),
                        PATIENCE,
                        line -> {}));
    }

    /** The folder that a module's package was made of. */
    public static Path built(String module) {
        return TEMPLATE.resolveSibling(module + "/target/own-runtime");
    }

    private LambdaProcess start(String logicalId, Path folder, Map<String, String> more) throws IOException {
        Map<String, String> environment = new HashMap<>(stack.environment(logicalId));
        // Of the managed runtime; this one's options stand in its bootstrap.
        environment.remove("JAVA_TOOL_OPTIONS");
        environment.replace("CALLBACK_BASE_URL", gateway.baseUrl().toString());
        environment.putAll(more);
        return LambdaProcess.start(
                BuiltFunction.own(TEMPLATE, logicalId, folder).with(environment), folder.getParent());
    }

    /** send-function. */
    public LambdaProcess send() {
        return send;
    }

    /** callback-function. */
    public LambdaProcess callback() {
        return callback;
    }

    /** poll-function. */
    public LambdaProcess poll() {
        return poll;
    }

    /** Hands an event file to send-function; the answer's text. */
    public String send(String event) throws IOException {
        return send.invoke(event(event)).body();
    }

    /** Hands an event file to callback-function; the answer's text. */
    public String callback(String event) throws IOException {
        return callback.invoke(event(event)).body();
    }

    /** Hands an event file to poll-function; the answer's text. */
    public String poll(String event) throws IOException {
        return poll.invoke(event(event)).body();
    }

    /** Has send-function send a task to a number at which the simulator refuses. */
    public String sendRefused(String task) throws IOException {
        return send.invoke(event("send-http-v2")
                        .replace("+15558675310", "+15005550001")
                        .replace(EVENTS_TASK, task))
                .body();
    }

    /** Waits until the callback {@code delivered} for the events' task is accepted, and returns all attempts for that task. */
    public List<CallbackAttempt> awaitDelivered() {
        Awaitility.await("the callback delivered")
                .atMost(PATIENCE)
                .until(() -> callbacks().stream()
                        .anyMatch(attempt -> attempt.status().equals("delivered")
                                && attempt.failure().isEmpty()));
        return callbacks();
    }

    /** Hands callback-function a wrongly signed callback for the events' task; the answer's text. */
    public String forge() throws IOException {
        String path = URI.create(callbacks().get(0).url()).getPath();
        return callback.invoke(event("callback-forged")
                        .replaceFirst("\"rawPath\": \"[^\"]*\"", "\"rawPath\": \"" + path + "\""))
                .body();
    }

    /** Every line that they have printed. */
    public List<String> log() {
        return Stream.of(send, callback, poll)
                .flatMap(function -> function.log().stream())
                .toList();
    }

    private List<CallbackAttempt> callbacks() {
        return stack.simulator().map(TwilioSimulator::callbacks).orElseThrow().stream()
                .filter(attempt -> attempt.url().endsWith(EVENTS_TASK))
                .toList();
    }

    private static String event(String name) throws IOException {
        return Files.readString(TEMPLATE.resolveSibling("events").resolve(name + ".json"));
    }

    @Override
    public void close() {
        try (stack;
                gateway;
                send;
                callback;
                poll) {
            // What was started last ends first.
        }
    }
}
