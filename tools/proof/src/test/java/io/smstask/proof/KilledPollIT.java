package io.smstask.proof;

import static io.smstask.local.TasksClient.aTask;
import static io.smstask.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smstask.aws.SdkClients;
import io.smstask.json.Json;
import io.smstask.lambdaprocess.BuiltFunction;
import io.smstask.lambdaprocess.LambdaProcess;
import io.smstask.lambdaprocess.Launch;
import io.smstask.local.AheadClock;
import io.smstask.local.LocalOptions;
import io.smstask.local.LocalStack;
import io.smstask.local.Overdue;
import io.smstask.local.PollRun;
import io.smstask.local.WaitingCaller;
import io.smstask.local.template.Template;
import io.smstask.settings.Settings;
import io.smstask.simulator.CallbackPlan;
import io.smstask.simulator.SimulatedMessage;
import io.smstask.simulator.TwilioSimulator;
import io.smstask.testing.Patience;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The built poll-function, killed before each of its calls, as dispatcher and as worker. After a kill nothing but what was
 * called is left, so this covers the time after each call, too. Then the next runs, by a clock that is ahead, must bring the
 * task to its end and resume who waits.
 */
final class KilledPollIT {

    private static final Path TEMPLATE = Template.find();
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String DISPATCH = "{\"poll\": true}";
    private static final int NEVER = -1;

    private static final List<String> DISPATCHERS_STEPS = List.of(
            "GetItem", "GetQueueAttributes", "Query", "UpdateItem", "GetItem", "SendMessageBatch", "UpdateItem");
    private static final List<String> WORKERS_STEPS =
            List.of("GetItem", "GetSecretValue", "GET twilio", "UpdateItem", "SendTaskSuccess", "UpdateItem");

    /** Until what is left of a run may be taken up again: at once, after the first telling, after the lease. */
    private static final List<Duration> LATER =
            List.of(Duration.ofMinutes(1), Duration.ofMinutes(15), Duration.ofMinutes(36));

    /** The stack's own poll runs only when a test says so, and its queue does not wait for further messages. */
    private static final Map<String, String> IN_THE_TEMPLATE = Map.of(
            "rate(1 minute)", "rate(1000 minutes)",
            "MaximumBatchingWindowInSeconds: 1", "MaximumBatchingWindowInSeconds: 0");

    @TempDir
    private static Path work;

    private static final RunClock CLOCK = new RunClock();
    private static LocalStack stack;
    private static TwilioSimulator twilio;
    private static DynamoDbClient dynamoDb;
    private static KillingGate gate;
    private static WaitingCaller caller;
    private static Launch pollFunction;

    /** Starts while the test before is running. */
    private static CompletableFuture<LambdaProcess> next;

    private static int runs;

    private final String task = "killed-" + runs++;
    private LambdaProcess victim;
    private String token;

    /** One stack for all runs. Each has a process and a task of its own, and the time of the process. */
    private static final class RunClock extends Clock {

        private volatile AheadClock ofRun = new AheadClock();

        void isNow() {
            ofRun = new AheadClock();
        }

        void jump(Duration by) {
            ofRun.jump(by);
        }

        @Override
        public Instant instant() {
            return ofRun.instant();
        }

        @Override
        public ZoneId getZone() {
            return ofRun.getZone();
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException {
        assumeTrue(
                System.getProperty("os.name").equals("Linux"),
                "skipped: Lambda's Java runtime has native code for Linux only, this is "
                        + System.getProperty("os.name"));
        pollFunction = BuiltFunction.unpack(TEMPLATE, LocalStack.POLL_FUNCTION, "poll-function", work);
        String template = Files.readString(TEMPLATE);
        for (Map.Entry<String, String> replaced : IN_THE_TEMPLATE.entrySet()) {
            assertThat(template).contains(replaced.getKey());
            template = template.replace(replaced.getKey(), replaced.getValue());
        }
        Path quiet = Files.writeString(folder.resolve("template.yaml"), template);
        stack = LocalStack.start(LocalOptions.forTests(line -> {}).withClock(CLOCK), Template.read(quiet));
        twilio = stack.simulator().orElseThrow();
        caller = stack.waitingCaller();
        Map<String, String> environment = new HashMap<>(stack.environment(LocalStack.POLL_FUNCTION));
        dynamoDb = SdkClients.dynamoDb(Settings.from(environment), Patience.PATIENCE);
        Map<String, String> doors = Map.of(
                "dynamodb", "AWS_ENDPOINT_URL_DYNAMODB",
                "secrets", "AWS_ENDPOINT_URL_SECRETS_MANAGER",
                "executions", "AWS_ENDPOINT_URL_SFN",
                "queues", "AWS_ENDPOINT_URL_SQS",
                "twilio", "TWILIO_API_URL");
        Map<String, URI> behind = new HashMap<>();
        doors.forEach((door, variable) -> behind.put(door, URI.create(environment.get(variable))));
        gate = KillingGate.start(behind);
        doors.forEach((door, variable) -> environment.put(variable, gate.url(door)));
        pollFunction = pollFunction.with(environment);
        startNext();
    }

    private static void startNext() {
        next = CompletableFuture.supplyAsync(() -> {
            try {
                LambdaProcess process = LambdaProcess.start(pollFunction, work);
                process.awaitNext();
                return process;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    @BeforeEach
    void sendAndWait() throws IOException {
        victim = next.join();
        startNext();
        CLOCK.isNow();
        twilio.nextCallbacks(CallbackPlan.lost("sent", "delivered"));
        stack.function(LocalStack.SEND_FUNCTION).invoke(Json.write(aTask(task)));
        await("delivered at Twilio").until(() -> message().status().equals("delivered"));
        token = caller.waitFor(task).orElseThrow();
        Overdue.make(stack, task);
    }

    private SimulatedMessage message() {
        return twilio.messages().stream()
                .filter(message -> isOurs(message.statusCallback().orElseThrow()))
                .findFirst()
                .orElseThrow();
    }

    private boolean isOurs(String callback) {
        return URI.create(callback).getPath().endsWith("/" + task);
    }

    @AfterEach
    void end() {
        victim.close();
    }

    @AfterAll
    static void stop() {
        List<AutoCloseable> parts = new ArrayList<>();
        if (next != null) {
            parts.add(next.join());
        }
        parts.addAll(Arrays.asList(caller, dynamoDb, gate, stack));
        parts.removeIf(Objects::isNull);
        for (AutoCloseable part : parts) {
            assertThat(part).satisfies(AutoCloseable::close);
        }
    }

    @ParameterizedTest
    @MethodSource("dispatchersSteps")
    void a_dispatcher_killed_at_any_step_is_made_up_for(int step) throws IOException {
        run(DISPATCH, step, DISPATCHERS_STEPS);

        isMadeUpFor();
    }

    @ParameterizedTest
    @MethodSource("workersSteps")
    void a_worker_killed_at_any_step_is_made_up_for(int step) throws IOException {
        run(queued(), step, WORKERS_STEPS);

        isMadeUpFor();
    }

    private static Stream<Integer> dispatchersSteps() {
        return IntStream.range(NEVER, DISPATCHERS_STEPS.size()).boxed();
    }

    private static Stream<Integer> workersSteps() {
        return IntStream.range(NEVER, WORKERS_STEPS.size()).boxed();
    }

    private void run(String event, int step, List<String> steps) {
        gate.killBefore(step, victim::kill);
        var run = victim.begin(event);
        await("the end of the run").until(run::isDone);

        assertThat(run.isCompletedExceptionally()).isEqualTo(step != NEVER);
        assertThat(gate.steps()).isEqualTo(step == NEVER ? steps : steps.subList(0, step + 1));
    }

    /** One message of the queue, for a task whose lease ends at 1. */
    private String queued() throws IOException {
        return Files.readString(TEMPLATE.resolveSibling("events").resolve("poll-queue.json"))
                .replace("order-4711", task);
    }

    private void isMadeUpFor() throws IOException {
        for (Duration by : LATER) {
            CLOCK.jump(by);
            PollRun.of(stack);
        }
        JsonNode read =
                JSON.readTree(stack.function(LocalStack.SEND_FUNCTION).invoke(Json.write(Map.of("read", task))));
        assertThat(read.path("node").asText()).isEqualTo("Final");
        assertThat(read.path("status").asText()).isEqualTo("delivered");
        assertThat(read.path("history").findValuesAsText("source")).containsExactly("send", "poll");
        assertThat(JSON.readTree(caller.outcome(token).orElseThrow())
                        .path("status")
                        .asText())
                .isEqualTo("delivered");
        assertThat(item()).doesNotContainKeys("poll_at", "task_tokens");
        assertThat(stack.queue(LocalStack.POLL_DEAD_LETTERS).isEmpty()).isTrue();
        assertThat(twilio.requests())
                .filteredOn(request -> request.method().equals("POST")
                        && isOurs(request.form().get("StatusCallback").get(0)))
                .hasSize(1);
    }

    private Map<String, AttributeValue> item() {
        return dynamoDb.getItem(get -> get.tableName(LocalStack.TABLE)
                        .key(Map.of("task_id", AttributeValue.fromS(task)))
                        .consistentRead(true))
                .item();
    }
}
