package io.smstask.proof;

import static io.smstask.testing.Patience.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smstask.aws.AwsJson;
import io.smstask.json.Json;
import io.smstask.lambdaprocess.Reported;
import io.smstask.local.LocalOptions;
import io.smstask.local.LocalStack;
import io.smstask.local.SignedCallback;
import io.smstask.local.aws.LocalQueues;
import io.smstask.local.gateway.HttpApiGateway;
import io.smstask.local.gateway.LocalFunction;
import io.smstask.local.gateway.LocalQueueSource;
import io.smstask.local.template.Template;
import io.smstask.simulator.ReceivedRequest;
import io.smstask.simulator.SimulatorOptions;
import io.smstask.simulator.TwilioSimulator;
import io.smstask.testing.Patience;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Everything that a state machine meets. Twilio is our simulator and the callback API our gateway, both in this JVM; where
 * the state machine, the functions as they are deployed, the table and the secret are, each stack says for itself.
 */
abstract class StateMachineStack implements AutoCloseable {

    static final int MAX_RETRIES = 2;
    static final int RETRY_DELAY_SECONDS = 2;

    /** No scenario but those of the limit makes more attempts for a recipient. */
    static final int RECIPIENT_LIMIT = MAX_RETRIES + 1;

    static final Path TEMPLATE = Template.find();
    static final String SECRET_ID = "smstask/twilio";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Template template = Template.read(TEMPLATE);
    private final ScheduledExecutorService schedule = Executors.newSingleThreadScheduledExecutor();
    private final TwilioSimulator twilio = TwilioSimulator.start(SimulatorOptions.of(LocalOptions.SIMULATED_ACCOUNT));
    private final LocalQueues queues = LocalQueues.start(template.queues());
    private final List<LocalQueueSource> sources = new ArrayList<>();
    private final HttpApiGateway callbackApi;

    StateMachineStack() {
        callbackApi = HttpApiGateway.start(0, callbackRoutes());
        callbackApi.put(LocalStack.CALLBACK_FUNCTION, behindGateway());
    }

    /** Step Functions' API. */
    abstract AwsJson stepFunctions();

    /** Where the table is. */
    abstract DynamoDbClient dynamoDb();

    /** What the state machine invokes. */
    abstract String sendFunctionArn();

    /** What the state machine may do: nobody checks it here. */
    abstract String roleArn();

    /** Invokes send-function. */
    abstract Reported send(String event);

    /** Invokes callback-function. */
    abstract Reported invokeCallback(String event);

    /** Invokes poll-function. */
    abstract Reported invokePoll(String event);

    /** Begins to poll, more often than the template says: nobody waits for a minute here. */
    void poll() {
        String event = template.schedules().get(0).input();
        schedule.scheduleWithFixedDelay(() -> invokePoll(event), 1, 1, TimeUnit.SECONDS);
        LocalFunction worker = new LocalFunction(
                LocalStack.POLL_FUNCTION,
                (in, out, context) -> out.write(work(new String(in.readAllBytes(), UTF_8))),
                function(LocalStack.POLL_FUNCTION, twilio.baseUrl()).timeout(),
                line -> {});
        for (Template.QueueSource source : template.queueSources()) {
            sources.add(LocalQueueSource.start(worker, queues.get(source.queue()), source, line -> {}));
        }
    }

    private byte[] work(String batch) {
        Reported reported = invokePoll(batch);
        if (reported.isError()) {
            throw new IllegalStateException("the batch failed");
        }
        return reported.body().getBytes(UTF_8);
    }

    /** What takes the place of SQS's own endpoint. */
    URI queueEndpoint() {
        return queues.endpoint();
    }

    /** The table of the template. */
    Template.Table table() {
        return template.table(LocalStack.TABLE);
    }

    /**
     * A function of the template.
     *
     * @param twilioUrl where the function finds the simulator
     */
    Template.Function function(String logicalId, URI twilioUrl) {
        Map<String, String> values = Map.of(
                LocalStack.TABLE,
                LocalStack.TABLE,
                LocalStack.POLL_QUEUE,
                // The queues are where the simulator is.
                queues.get(LocalStack.POLL_QUEUE)
                        .url()
                        .toString()
                        .replace("//127.0.0.1:", "//" + twilioUrl.getHost() + ":"),
                "CallbackApi.ApiEndpoint",
                callbackApi.baseUrl().toString(),
                "TwilioSecretId",
                SECRET_ID,
                "TwilioApiUrl",
                twilioUrl.toString(),
                "AllowedPrefixes",
                "+1",
                "RecipientLimit",
                Integer.toString(RECIPIENT_LIMIT),
                "RecipientWindowSeconds",
                "86400");
        return template.function(logicalId, values);
    }

    private List<Template.Route> callbackRoutes() {
        return template.routes().stream()
                .filter(route -> route.function().equals(LocalStack.CALLBACK_FUNCTION))
                .toList();
    }

    /** The built function as the gateway calls it. */
    private LocalFunction behindGateway() {
        return new LocalFunction(
                LocalStack.CALLBACK_FUNCTION,
                (in, out, context) -> out.write(invokeCallback(new String(in.readAllBytes(), UTF_8))
                        .body()
                        .getBytes(UTF_8)),
                function(LocalStack.CALLBACK_FUNCTION, twilio.baseUrl()).timeout(),
                line -> {});
    }

    /**
     * Makes a state machine of a definition, with values for what the template puts in.
     *
     * @return its ARN
     */
    String machine(String name, String file, Map<String, String> substitutions) {
        String definition = adapted(read(TEMPLATE.resolveSibling("statemachine").resolve(file)))
                .replace("${Partition}", "aws");
        for (var substitution : substitutions.entrySet()) {
            definition = definition.replace("${" + substitution.getKey() + "}", substitution.getValue());
        }
        Map<String, Object> machine = Map.of("name", name, "definition", definition, "roleArn", roleArn());
        return call("CreateStateMachine", machine).path("stateMachineArn").asText();
    }

    /** The state machine of the template. */
    String sendSms(String name, boolean allowTokenInExecution) {
        return machine(
                name,
                "send-sms.asl.json",
                Map.of(
                        "SendFunctionArn",
                        sendFunctionArn(),
                        "TasksTable",
                        LocalStack.TABLE,
                        "MaxRetries",
                        Integer.toString(MAX_RETRIES),
                        "RetryDelaySeconds",
                        Integer.toString(RETRY_DELAY_SECONDS),
                        "AllowTokenInExecution",
                        Boolean.toString(allowTokenInExecution)));
    }

    /**
     * A definition for the interpreters: nobody waits for minutes here.
     */
    private static String adapted(String definition) {
        return definition
                .replace("\"SecondsPath\": \"$.delay\"", "\"Seconds\": 1")
                .replace("\"SecondsPath\": \"$.answer.task.read_again_seconds\"", "\"Seconds\": 5")
                .replace("\"IntervalSeconds\": 2", "\"IntervalSeconds\": 1")
                .replace("\"BackoffRate\": 2", "\"BackoffRate\": 1")
                .replace("\"MaxAttempts\": 12", "\"MaxAttempts\": 3");
    }

    /** Starts an execution. */
    String start(String machineArn, String name, String input) {
        Map<String, Object> execution = Map.of("stateMachineArn", machineArn, "name", name, "input", input);
        return call("StartExecution", execution).path("executionArn").asText();
    }

    /**
     * How an execution ended.
     *
     * @param error the Fail state's; empty where it succeeded
     * @param json the output, or the Cause where it failed
     * @param history the events as Step Functions tells them
     */
    record EndedExecution(boolean isGreen, String error, JsonNode json, List<JsonNode> history) {

        String text(String field) {
            return json.path(field).asText();
        }

        /** The states that it entered, in their order. */
        List<String> states() {
            return details("stateEnteredEventDetails", "name");
        }

        /** The names of the errors of its tasks. */
        List<String> errors() {
            return details("taskFailedEventDetails", "error");
        }

        /** What the first visit of a state found. */
        JsonNode input(String state) {
            return history.stream()
                    .map(event -> event.path("stateEnteredEventDetails"))
                    .filter(entered -> entered.path("name").asText().equals(state))
                    .map(entered -> StateMachineStack.json(entered.path("input").asText()))
                    .findFirst()
                    .orElseThrow();
        }

        private List<String> details(String kind, String field) {
            return history.stream()
                    .filter(event -> event.has(kind))
                    .map(event -> event.path(kind).path(field).asText())
                    .toList();
        }
    }

    /** Waits for the end of an execution. */
    EndedExecution end(String executionArn) {
        Map<String, Object> asked = Map.of("executionArn", executionArn);
        JsonNode execution = await("the end of " + executionArn)
                .until(
                        () -> call("DescribeExecution", asked),
                        described -> !described.path("status").asText().equals("RUNNING"));
        boolean isGreen = execution.path("status").asText().equals("SUCCEEDED");
        String reply = execution.path(isGreen ? "output" : "cause").asText();
        return new EndedExecution(isGreen, execution.path("error").asText(), json(reply), history(executionArn));
    }

    /** Waits until an execution has come to a state. */
    void awaitState(String executionArn, String state) {
        await(executionArn + " in " + state)
                .until(() -> history(executionArn).stream()
                        .anyMatch(event -> event.path("stateEnteredEventDetails")
                                .path("name")
                                .asText()
                                .equals(state)));
    }

    /** Waits until a task of an execution has failed. */
    void awaitFailure(String executionArn) {
        await("a failure in " + executionArn)
                .until(() -> history(executionArn).stream().anyMatch(event -> event.has("taskFailedEventDetails")));
    }

    private List<JsonNode> history(String executionArn) {
        List<JsonNode> history = new ArrayList<>();
        call("GetExecutionHistory", Map.of("executionArn", executionArn, "maxResults", 1000))
                .path("events")
                .forEach(history::add);
        return history;
    }

    /**
     * One call of Step Functions' API.
     *
     * @param operation for instance {@code StartExecution}
     */
    JsonNode call(String operation, Map<String, Object> input) {
        AwsJson.Answer answer = stepFunctions().call("AWSStepFunctions." + operation, "1.0", input, Patience.PATIENCE);
        assertThat(answer.isOk()).as(operation + ": " + answer).isTrue();
        return JSON.valueToTree(answer.json());
    }

    /** Forgets what has not happened yet. */
    void expectNothing() {
        twilio.forget();
    }

    /** Invokes send-function as anybody may, and expects an answer. */
    JsonNode direct(Map<String, Object> event) {
        Reported reported = send(Json.writeText(event));
        assertThat(reported.isError()).as(reported.body()).isFalse();
        return json(reported.body());
    }

    /** Twilio's callback for a task. Like Twilio it comes again if the function had no time for it. */
    void callBack(String taskId, String status) {
        ReceivedRequest post = posts(taskId).get(0);
        String url = statusCallback(post);
        String sid = twilio.messages().stream()
                .filter(message -> message.statusCallback().orElse("").equals(url))
                .findFirst()
                .orElseThrow()
                .sid();
        var callback = new SignedCallback(post, sid, status);
        await("an answer 204 to the callback " + status + " of " + taskId)
                .until(() -> callback.postTo(callbackApi.baseUrl()).status() == 204);
    }

    /** A callback tells for a second. It comes again until nobody is left to be told, so that nobody here waits for the poll. */
    void callBackUntilAllAreTold(String taskId, String status) {
        await("nobody to be left who waits for " + taskId).until(() -> {
            callBack(taskId, status);
            return tokens(taskId).isEmpty();
        });
    }

    /** Every POST to Twilio for a task. */
    List<ReceivedRequest> posts(String taskId) {
        return twilio.requests().stream()
                .filter(request -> statusCallback(request).split("#")[0].endsWith("/" + taskId))
                .toList();
    }

    private static String statusCallback(ReceivedRequest post) {
        return String.join("", post.form().getOrDefault("StatusCallback", List.of()));
    }

    /** Waits until so many executions wait for a task. */
    void awaitWaiting(String taskId, int executions) {
        await(executions + " executions that wait for " + taskId)
                .until(() -> tokens(taskId).size() == executions);
    }

    /** The task tokens in a task's item. */
    List<String> tokens(String taskId) {
        AttributeValue tokens = dynamoDb()
                .getItem(request -> request.tableName(LocalStack.TABLE)
                        .key(Map.of("task_id", AttributeValue.fromS(taskId)))
                        .consistentRead(true))
                .item()
                .get("task_tokens");
        return tokens == null
                ? List.of()
                : tokens.l().stream().map(AttributeValue::s).toList();
    }

    /** Puts tokens into a task's item that Step Functions does not know. */
    void addTokens(String taskId, int count) {
        List<AttributeValue> tokens = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            tokens.add(AttributeValue.fromS("forgotten-" + i));
        }
        dynamoDb()
                .updateItem(request -> request.tableName(LocalStack.TABLE)
                        .key(Map.of("task_id", AttributeValue.fromS(taskId)))
                        .updateExpression("SET task_tokens = list_append(task_tokens, :tokens) ADD revision :one")
                        .expressionAttributeValues(
                                Map.of(":tokens", AttributeValue.fromL(tokens), ":one", AttributeValue.fromN("1"))));
    }

    /** Sets times in a task's item: milliseconds since 1970. */
    void setTime(String taskId, String attribute, long millis) {
        dynamoDb()
                .updateItem(request -> request.tableName(LocalStack.TABLE)
                        .key(Map.of("task_id", AttributeValue.fromS(taskId)))
                        .updateExpression("SET #time = :time")
                        .conditionExpression("attribute_exists(task_id)")
                        .expressionAttributeNames(Map.of("#time", attribute))
                        .expressionAttributeValues(Map.of(":time", AttributeValue.fromN(Long.toString(millis)))));
    }

    /** Forgets how many messages the recipients got, as at the end of a window. */
    void forgetRecipients() {
        for (Map<String, AttributeValue> item : dynamoDb()
                .scan(scan -> scan.tableName(LocalStack.TABLE)
                        .filterExpression("begins_with(task_id, :recipient)")
                        .expressionAttributeValues(Map.of(":recipient", AttributeValue.fromS("recipient#"))))
                .items()) {
            dynamoDb()
                    .deleteItem(
                            delete -> delete.tableName(LocalStack.TABLE).key(Map.of("task_id", item.get("task_id"))));
        }
    }

    TwilioSimulator twilio() {
        return twilio;
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new AssertionError("not JSON: " + text, e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        schedule.shutdownNow();
        sources.forEach(LocalQueueSource::close);
        queues.close();
        callbackApi.close();
        twilio.close();
    }
}
