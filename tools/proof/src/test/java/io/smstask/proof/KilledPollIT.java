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
import io.smstask.simulator.TwilioSimulator;
import io.smstask.testing.Patience;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
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
    private static final String TASK = "killed";
    private static final String DISPATCH = "{\"poll\": true}";
    private static final int NEVER = -1;

    private static final List<String> DISPATCHERS_STEPS = List.of(
            "GetItem", "GetQueueAttributes", "Query", "UpdateItem", "GetItem", "SendMessageBatch", "UpdateItem");
    private static final List<String> WORKERS_STEPS =
            List.of("GetItem", "GetSecretValue", "GET twilio", "UpdateItem", "SendTaskSuccess", "UpdateItem");

    /** Until what is left of a run may be taken up again: at once, after the first telling, after the lease. */
    private static final List<Duration> LATER =
            List.of(Duration.ofMinutes(1), Duration.ofMinutes(15), Duration.ofMinutes(36));

    @TempDir
    private static Path work;

    private static Launch pollFunction;

    private final AheadClock clock = new AheadClock();
    private LocalStack stack;
    private TwilioSimulator twilio;
    private KillingGate gate;
    private LambdaProcess victim;
    private WaitingCaller caller;
    private String token;

    @BeforeAll
    static void unpack() throws IOException {
        assumeTrue(
                System.getProperty("os.name").equals("Linux"),
                "skipped: Lambda's Java runtime has native code for Linux only, this is "
                        + System.getProperty("os.name"));
        pollFunction = BuiltFunction.unpack(TEMPLATE, LocalStack.POLL_FUNCTION, "poll-function", work);
    }

    /** The stack's own poll runs only when a test says so. */
    @BeforeEach
    void start(@TempDir Path folder) throws IOException {
        String template = Files.readString(TEMPLATE);
        assertThat(template).contains("rate(1 minute)");
        Path quiet = Files.writeString(
                folder.resolve("template.yaml"), template.replace("rate(1 minute)", "rate(1000 minutes)"));
        stack = LocalStack.start(LocalOptions.forTests(line -> {}).withClock(clock), Template.read(quiet));
        twilio = stack.simulator().orElseThrow();
        Map<String, String> environment = new HashMap<>(stack.environment(LocalStack.POLL_FUNCTION));
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
        victim = LambdaProcess.start(pollFunction.with(environment), work);
        victim.awaitNext();

        twilio.nextCallbacks(CallbackPlan.lost("sent", "delivered"));
        stack.function(LocalStack.SEND_FUNCTION).invoke(Json.write(aTask(TASK)));
        await("delivered at Twilio")
                .until(() -> twilio.messages().get(0).status().equals("delivered"));
        caller = stack.waitingCaller();
        token = caller.waitFor(TASK).orElseThrow();
        Overdue.make(stack, TASK);
    }

    @AfterEach
    void stop() {
        for (var part : new AutoCloseable[] {caller, victim, gate, stack}) {
            if (part != null) {
                assertThat(part).satisfies(AutoCloseable::close);
            }
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
        run(message(), step, WORKERS_STEPS);

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
    private static String message() throws IOException {
        return Files.readString(TEMPLATE.resolveSibling("events").resolve("poll-queue.json"))
                .replace("order-4711", TASK);
    }

    private void isMadeUpFor() throws IOException {
        for (Duration by : LATER) {
            clock.jump(by);
            PollRun.of(stack);
        }
        JsonNode task =
                JSON.readTree(stack.function(LocalStack.SEND_FUNCTION).invoke(Json.write(Map.of("read", TASK))));
        assertThat(task.path("node").asText()).isEqualTo("Final");
        assertThat(task.path("status").asText()).isEqualTo("delivered");
        assertThat(task.path("history").findValuesAsText("source")).containsExactly("send", "poll");
        assertThat(JSON.readTree(caller.outcome(token).orElseThrow())
                        .path("status")
                        .asText())
                .isEqualTo("delivered");
        assertThat(item()).doesNotContainKeys("poll_at", "task_tokens");
        assertThat(stack.queue(LocalStack.POLL_DEAD_LETTERS).isEmpty()).isTrue();
        assertThat(twilio.requests())
                .filteredOn(request -> request.method().equals("POST"))
                .hasSize(1);
    }

    private Map<String, AttributeValue> item() {
        var settings = Settings.from(stack.environment(LocalStack.POLL_FUNCTION));
        try (DynamoDbClient dynamoDb = SdkClients.dynamoDb(settings, Patience.PATIENCE)) {
            return dynamoDb.getItem(get -> get.tableName(LocalStack.TABLE)
                            .key(Map.of("task_id", AttributeValue.fromS(TASK)))
                            .consistentRead(true))
                    .item();
        }
    }
}
