package io.smstask.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smstask.aws.AwsClients;
import io.smstask.json.Json;
import io.smstask.local.LambdaRuntimeApi.Reported;
import io.smstask.local.aws.DynamoDbCalls;
import io.smstask.local.aws.LocalDynamoDb;
import io.smstask.local.aws.LocalSecretsManager;
import io.smstask.local.gateway.HttpApiGateway;
import io.smstask.local.gateway.LocalFunction;
import io.smstask.local.template.Template;
import io.smstask.local.twilio.ReceivedRequest;
import io.smstask.local.twilio.SimulatorOptions;
import io.smstask.local.twilio.TwilioSimulator;
import io.smstask.settings.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Everything that a state machine meets: an interpreter, both functions as they are deployed, DynamoDB Local, and Twilio as
 * the simulator plays it.
 */
final class StateMachineStage implements AutoCloseable {

    static final int MAX_RETRIES = 2;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Path TEMPLATE = Template.find();
    private static final String SECRET_ID = "smstask/twilio";
    private static final String ROLE_ARN = "arn:aws:iam::123456789012:role/state-machine";

    private final Template template = Template.read(TEMPLATE);
    private final Queue<Function<String, Reported>> otherwise = new ConcurrentLinkedQueue<>();
    private final ScheduledExecutorService schedule = Executors.newSingleThreadScheduledExecutor();
    private final TwilioSimulator twilio;
    private final LocalSecretsManager secretsManager;
    private final LocalDynamoDb database;
    private final DynamoDbClient dynamoDb;
    private final AwsRouter router;
    private final StepFunctionsInterpreter interpreter;
    private final BuiltFunction.Running callback;
    private final HttpApiGateway callbackApi;
    private final BuiltFunction sendFunction;
    private volatile BuiltFunction.Running send;

    /**
     * @param work a folder for the unpacked jars and the interpreter
     * @param log the file for what the interpreter prints
     */
    StateMachineStage(Path work, Path log) throws IOException {
        twilio = TwilioSimulator.start(SimulatorOptions.of(LocalOptions.SIMULATED_ACCOUNT));
        secretsManager = LocalSecretsManager.start();
        secretsManager.put(SECRET_ID, LocalStack.secret(LocalOptions.SIMULATED_ACCOUNT));
        database = LocalDynamoDb.start(0, Optional.empty());
        router = AwsRouter.start(this::invoke, database.endpoint());
        interpreter = StepFunctionsInterpreter.start(router.port(), work, log);
        router.stepFunctionsIsAt(interpreter.endpoint());
        dynamoDb = new AwsClients(Settings.from(aws())).dynamoDb(Duration.ofSeconds(10));
        LocalDynamoDb.create(dynamoDb, LocalStack.TABLE, template.table(LocalStack.TABLE));

        callbackApi = HttpApiGateway.start(0, callbackRoutes());
        callback = BuiltFunction.unpack(TEMPLATE, LocalStack.CALLBACK_FUNCTION, "callback-function", work)
                .start(environment(LocalStack.CALLBACK_FUNCTION));
        callbackApi.put(LocalStack.CALLBACK_FUNCTION, behindGateway());
        sendFunction = BuiltFunction.unpack(TEMPLATE, LocalStack.SEND_FUNCTION, "send-function", work);
        send = startSendFunction();
        // More often than the template says: nobody waits for a minute here.
        schedule.scheduleWithFixedDelay(this::poll, 1, 1, TimeUnit.SECONDS);
    }

    private Map<String, String> aws() {
        return Map.of(
                "AWS_REGION",
                "us-east-1",
                "AWS_ACCESS_KEY_ID",
                "local",
                "AWS_SECRET_ACCESS_KEY",
                "local",
                "AWS_ENDPOINT_URL_DYNAMODB",
                database.endpoint().toString(),
                "AWS_ENDPOINT_URL_SECRETS_MANAGER",
                secretsManager.endpoint().toString(),
                "AWS_ENDPOINT_URL_SFN",
                interpreter.endpoint().toString());
    }

    private Map<String, String> environment(String logicalId) {
        Map<String, String> environment = new HashMap<>(function(logicalId).environment());
        environment.putAll(aws());
        return environment;
    }

    private Template.Function function(String logicalId) {
        Map<String, String> values = Map.of(
                LocalStack.TABLE,
                LocalStack.TABLE,
                "CallbackApi.ApiEndpoint",
                callbackApi.baseUrl().toString(),
                "TwilioSecretId",
                SECRET_ID,
                "TwilioApiUrl",
                twilio.baseUrl().toString());
        return template.functions(values).stream()
                .filter(function -> function.logicalId().equals(logicalId))
                .findFirst()
                .orElseThrow();
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
                (in, out, context) -> out.write(callback.invoke(new String(in.readAllBytes(), UTF_8))
                        .body()
                        .getBytes(UTF_8)),
                function(LocalStack.CALLBACK_FUNCTION).timeout(),
                line -> {});
    }

    private BuiltFunction.Running startSendFunction() throws IOException {
        return sendFunction.start(environment(LocalStack.SEND_FUNCTION));
    }

    /**
     * Makes a state machine of a definition, with values for what the template puts in.
     *
     * @return its ARN
     */
    String machine(String name, String file, Map<String, String> substitutions) {
        String definition = adapted(read(TEMPLATE.resolveSibling("statemachine").resolve(file)));
        for (var substitution : substitutions.entrySet()) {
            definition = definition.replace("${" + substitution.getKey() + "}", substitution.getValue());
        }
        Map<String, Object> machine = Map.of("name", name, "definition", definition, "roleArn", ROLE_ARN);
        return interpreter
                .call("CreateStateMachine", machine)
                .path("stateMachineArn")
                .asText();
    }

    /** The state machine of the template. */
    String sendSms(String name, boolean allowTokenInExecution) {
        return machine(
                name,
                "send-sms.asl.json",
                Map.of(
                        "SendFunctionAliasArn",
                        "arn:aws:lambda:us-east-1:123456789012:function:send-function:live",
                        "TasksTable",
                        LocalStack.TABLE,
                        "MaxRetries",
                        Integer.toString(MAX_RETRIES),
                        "RetryDelaySeconds",
                        "1",
                        "AllowTokenInExecution",
                        Boolean.toString(allowTokenInExecution)));
    }

    /**
     * A definition for this interpreter: it hands parameters to Python's SDK, which names a string set {@code SS} where Step
     * Functions names it {@code Ss}. And nobody waits for minutes here.
     */
    private static String adapted(String definition) {
        return definition
                .replace("\"Ss.$\"", "\"SS.$\"")
                .replace("\"IntervalSeconds\": 2", "\"IntervalSeconds\": 1")
                .replace("\"BackoffRate\": 2", "\"BackoffRate\": 1")
                .replace("\"MaxAttempts\": 12", "\"MaxAttempts\": 3");
    }

    /** A state machine that another one of the same name may follow; its executions are forgotten. */
    void forget(String machineArn) {
        interpreter.call("DeleteStateMachine", Map.of("stateMachineArn", machineArn));
    }

    /** Starts an execution. */
    String start(String machineArn, String name, String input) {
        Map<String, Object> execution = Map.of("stateMachineArn", machineArn, "name", name, "input", input);
        return interpreter
                .call("StartExecution", execution)
                .path("executionArn")
                .asText();
    }

    /** Ends an execution from outside. */
    void stop(String executionArn) {
        interpreter.call("StopExecution", Map.of("executionArn", executionArn));
    }

    /**
     * How an execution ended.
     *
     * @param error the Fail state's; empty where it succeeded
     * @param json the output, or the Cause where it failed
     * @param history the events as Step Functions tells them
     */
    record Ended(boolean isGreen, String error, JsonNode json, List<JsonNode> history) {

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

        private List<String> details(String kind, String field) {
            return history.stream()
                    .filter(event -> event.has(kind))
                    .map(event -> event.path(kind).path(field).asText())
                    .toList();
        }
    }

    /** Waits for the end of an execution. */
    Ended end(String executionArn) {
        Map<String, Object> asked = Map.of("executionArn", executionArn);
        JsonNode execution = await().atMost(PATIENCE)
                .until(
                        () -> interpreter.call("DescribeExecution", asked),
                        described -> !described.path("status").asText().equals("RUNNING"));
        boolean isGreen = execution.path("status").asText().equals("SUCCEEDED");
        List<JsonNode> history = new ArrayList<>();
        interpreter.call("GetExecutionHistory", asked).path("events").forEach(history::add);
        String reply = execution.path(isGreen ? "output" : "cause").asText();
        return new Ended(isGreen, execution.path("error").asText(), json(reply), history);
    }

    /** Lets something else happen to the next invocations by a state machine, one each. */
    void invoking(Function<String, Reported> instead) {
        otherwise.add(instead);
    }

    /** Forgets what has not happened yet. */
    void expectNothing() {
        otherwise.clear();
        twilio.forget();
    }

    /** Does something before the next call of DynamoDB that comes from a state machine. */
    void beforeItRegisters(Runnable what) {
        router.beforeNextDynamoDbCall(what);
    }

    private Reported invoke(String event) {
        Function<String, Reported> instead = otherwise.poll();
        return instead == null ? send(event) : instead.apply(event);
    }

    /** Invokes send-function. */
    Reported send(String event) {
        return send.invoke(event);
    }

    /** The function's process dies, whatever it is doing; the next invocation finds a fresh one. */
    void killSendFunction() {
        send.close();
        try {
            send = startSendFunction();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Invokes send-function as anybody may, and expects an answer. */
    JsonNode direct(Map<String, Object> event) {
        Reported reported = send(Json.writeText(event));
        assertThat(reported.isError()).as(reported.body()).isFalse();
        return json(reported.body());
    }

    /** One run of the schedule. */
    private void poll() {
        callback.invoke(template.schedules().get(0).input());
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
        await().atMost(PATIENCE)
                .until(() -> callback.postTo(callbackApi.baseUrl()).status() == 204);
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
        await().atMost(PATIENCE).until(() -> tokens(taskId).size() == executions);
    }

    /** The task tokens in a task's item. */
    List<String> tokens(String taskId) {
        AttributeValue tokens = dynamoDb.getItem(request -> request.tableName(LocalStack.TABLE)
                        .key(Map.of("task_id", AttributeValue.fromS(taskId)))
                        .consistentRead(true))
                .item()
                .get("task_tokens");
        return tokens == null ? List.of() : tokens.ss();
    }

    /** Sets times in a task's item: milliseconds since 1970. */
    void setTime(String taskId, String attribute, long millis) {
        dynamoDb.updateItem(request -> request.tableName(LocalStack.TABLE)
                .key(Map.of("task_id", AttributeValue.fromS(taskId)))
                .updateExpression("SET #time = :time")
                .conditionExpression("attribute_exists(task_id)")
                .expressionAttributeNames(Map.of("#time", attribute))
                .expressionAttributeValues(Map.of(":time", AttributeValue.fromN(Long.toString(millis)))));
    }

    TwilioSimulator twilio() {
        return twilio;
    }

    /** The switch for outages of the store. */
    DynamoDbCalls store() {
        return database.calls();
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
        send.close();
        callback.close();
        callbackApi.close();
        interpreter.close();
        router.close();
        dynamoDb.close();
        database.close();
        secretsManager.close();
        twilio.close();
    }
}
