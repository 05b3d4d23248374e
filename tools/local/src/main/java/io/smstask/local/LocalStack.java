package io.smstask.local;

import io.smstask.aws.AwsClients;
import io.smstask.aws.SdkClients;
import io.smstask.callback.CallbackHandler;
import io.smstask.callback.entry.CallbackEntry;
import io.smstask.entry.Entry;
import io.smstask.http.Tls;
import io.smstask.json.Json;
import io.smstask.lambda.Handler;
import io.smstask.local.aws.LocalDynamoDb;
import io.smstask.local.aws.LocalEventBridge;
import io.smstask.local.aws.LocalQueue;
import io.smstask.local.aws.LocalQueues;
import io.smstask.local.aws.LocalSecretsManager;
import io.smstask.local.aws.LocalStepFunctions;
import io.smstask.local.console.Console;
import io.smstask.local.console.StackAccess;
import io.smstask.local.gateway.HttpApiGateway;
import io.smstask.local.gateway.LocalFunction;
import io.smstask.local.gateway.LocalQueueSource;
import io.smstask.local.gateway.LocalSchedule;
import io.smstask.local.template.Template;
import io.smstask.poll.PollHandler;
import io.smstask.poll.entry.PollEntry;
import io.smstask.send.SendHandler;
import io.smstask.send.entry.SendEntry;
import io.smstask.settings.Settings;
import io.smstask.simulator.Account;
import io.smstask.simulator.SimulatorOptions;
import io.smstask.simulator.TwilioSimulator;
import io.smstask.store.DynamoTaskStore;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * The stack of template.yaml on this machine. Functions, routes, environment, table and indexes come from the template,
 * so it cannot drift from what is deployed; only endpoints differ.
 */
public final class LocalStack implements AutoCloseable {

    /** The table's logical id, and its local name. */
    public static final String TABLE = "TasksTable";
    /** send-function's logical id. */
    public static final String SEND_FUNCTION = "SendFunction";
    /** callback-function's logical id. */
    public static final String CALLBACK_FUNCTION = "CallbackFunction";
    /** poll-function's logical id. */
    public static final String POLL_FUNCTION = "PollFunction";
    /** The logical id of the queue of due tasks. */
    public static final String POLL_QUEUE = "PollQueue";
    /** The logical id of that queue's dead-letter queue. */
    public static final String POLL_DEAD_LETTERS = "PollDeadLetters";

    /** The logical id of the queue of calls to send. */
    public static final String SEND_QUEUE = "SendQueue";
    /** The logical id of that queue's dead-letter queue. */
    public static final String SEND_DEAD_LETTERS = "SendDeadLetters";
    /** Parameters of a template with that queue. */
    public static final Map<String, String> WITH_SEND_QUEUE = Map.of("SendQueueConcurrency", "5");

    private static final String SECRET_ID = "smstask/twilio";
    /** Long, for busy machines; an idle one takes milliseconds. */
    private static final Duration TABLE_LIMIT = Duration.ofMinutes(4);

    /** The handlers behind the entries that the template may name. */
    private static final Map<String, BiFunction<Map<String, String>, Clock, Handler>> HANDLERS = Map.of(
            SendEntry.class.getName(), SendHandler::new,
            CallbackEntry.class.getName(), CallbackHandler::new,
            PollEntry.class.getName(), PollHandler::new);

    private final Deque<AutoCloseable> parts;
    private final Map<String, LocalFunction> functions = new HashMap<>();
    private final Map<String, Map<String, String>> environments = new HashMap<>();
    private final LocalDynamoDb dynamoDb;
    private final LocalSecretsManager secretsManager;
    private final LocalStepFunctions stepFunctions;
    private final LocalEventBridge eventBridge;
    /** Empty where the template has no queue. */
    private final Optional<LocalQueues> queues;

    private final Optional<TwilioSimulator> simulator;
    private final List<LocalSchedule> schedules = new ArrayList<>();
    private final Account account;
    private final Clock clock;
    private final HttpApiGateway tasksApi;
    private final HttpApiGateway callbackApi;

    /** Starts everything, or nothing if a part fails. */
    public static LocalStack start(LocalOptions options, Template template) {
        return start(options, template, part -> {});
    }

    /**
     * Starts everything, or nothing if a part fails.
     *
     * @param starting gets each part's name before the part is started
     */
    static LocalStack start(LocalOptions options, Template template, Consumer<String> starting) {
        Deque<AutoCloseable> parts = new ArrayDeque<>();
        try {
            return new LocalStack(options, template, parts, starting);
        } catch (RuntimeException | Error e) {
            close(parts);
            throw e;
        }
    }

    private LocalStack(LocalOptions options, Template template, Deque<AutoCloseable> parts, Consumer<String> starting) {
        this.parts = parts;
        account = options.account();
        clock = options.clock();
        starting.accept("the gateway");
        tasksApi = part(HttpApiGateway.start(options.port(0), routes(template, "TasksApi")));
        callbackApi = part(HttpApiGateway.start(options.port(1), routes(template, "CallbackApi")));
        simulator = options.twilioUrl().isPresent()
                ? Optional.empty()
                : Optional.of(part(TwilioSimulator.start(SimulatorOptions.of(accounts(options))
                        .withPort(options.port(2))
                        .withCallbackDelay(options.callbackDelay())
                        .withClock(options.clock()))));
        starting.accept("DynamoDB");
        dynamoDb = part(LocalDynamoDb.start(options.port(3), options.data()));
        starting.accept("AWS's other services");
        secretsManager = part(LocalSecretsManager.start());
        secretsManager.put(SECRET_ID, secret(options.account()));
        stepFunctions = part(LocalStepFunctions.start());
        eventBridge = part(LocalEventBridge.start());
        starting.accept("the queues");
        queues = template.queues().isEmpty()
                ? Optional.empty()
                : Optional.of(part(LocalQueues.start(template.queues())));
        starting.accept("the table");
        try (DynamoDbClient client = SdkClients.dynamoDb(Settings.from(awsEnvironment()), TABLE_LIMIT)) {
            LocalDynamoDb.create(client, TABLE, template.table(TABLE));
        }
        starting.accept("the functions");
        for (Template.Function function : template.functions(values(options))) {
            Map<String, String> environment = new HashMap<>(function.environment());
            environment.putAll(awsEnvironment());
            LocalFunction local = new LocalFunction(
                    function.logicalId(),
                    new Entry(handler(function.handlerClass()).apply(environment, options.clock())),
                    function.timeout(),
                    options.log());
            environments.put(function.logicalId(), environment);
            functions.put(function.logicalId(), local);
            tasksApi.put(function.logicalId(), local);
            callbackApi.put(function.logicalId(), local);
        }
        for (Template.Schedule schedule : template.schedules()) {
            schedules.add(part(LocalSchedule.start(functions.get(schedule.function()), schedule, options.log())));
        }
        for (Template.QueueSource source : template.queueSources()) {
            part(LocalQueueSource.start(
                    functions.get(source.function()), queue(source.queue()), source, options.log()));
        }
    }

    /** The tasks API's base URL. */
    public URI tasksUrl() {
        return tasksApi.baseUrl();
    }

    /** The callback API's base URL on this machine. */
    public URI callbackUrl() {
        return callbackApi.baseUrl();
    }

    /** The tasks API, whose function can be replaced. */
    public HttpApiGateway tasksApi() {
        return tasksApi;
    }

    /** The callback API, whose function can be replaced. */
    public HttpApiGateway callbackApi() {
        return callbackApi;
    }

    /** The database. */
    public LocalDynamoDb dynamoDb() {
        return dynamoDb;
    }

    /** The simulator; empty if the stack uses the real Twilio. */
    public Optional<TwilioSimulator> simulator() {
        return simulator;
    }

    /** The secrets of the stack. */
    public LocalSecretsManager secretsManager() {
        return secretsManager;
    }

    /** Step Functions, for holders of task tokens. */
    LocalStepFunctions stepFunctions() {
        return stepFunctions;
    }

    /** The event buses. */
    LocalEventBridge eventBridge() {
        return eventBridge;
    }

    /** Executions that wait for tasks. */
    public WaitingCaller waitingCaller() {
        return new WaitingCaller(Settings.from(awsEnvironment()), TABLE, stepFunctions);
    }

    /**
     * Starts the console of this stack. It can skip time if the clock is an {@link AheadClock}.
     *
     * @param port on 127.0.0.1; 0 lets the system choose
     */
    public Console console(int port) {
        var aws = new AwsClients(Settings.from(awsEnvironment()), new Tls(), clock);
        return Console.start(
                port,
                new StackAccess(
                        tasksUrl(),
                        SdkClients.dynamoDb(Settings.from(awsEnvironment()), TABLE_LIMIT),
                        TABLE,
                        new DynamoTaskStore(aws.dynamoDb(), TABLE, Duration.ZERO, TABLE_LIMIT),
                        dynamoDb.calls(),
                        simulator,
                        account,
                        clock,
                        clock instanceof AheadClock ahead
                                ? Optional.of(by -> {
                                    ahead.jump(by);
                                    schedules.forEach(LocalSchedule::runNow);
                                })
                                : Optional.empty()));
    }

    /**
     * A queue of the template.
     *
     * @throws IllegalArgumentException if the template has none of that name
     */
    public LocalQueue queue(String logicalId) {
        return queues.orElseThrow(() -> new IllegalArgumentException("template.yaml has no queue " + logicalId))
                .get(logicalId);
    }

    /** A function, for direct invocation. */
    public LocalFunction function(String logicalId) {
        return functions.get(logicalId);
    }

    /** The environment that a function was started with. */
    public Map<String, String> environment(String logicalId) {
        return environments.get(logicalId);
    }

    private static Account[] accounts(LocalOptions options) {
        List<Account> accounts = new ArrayList<>(options.callers());
        accounts.add(0, options.account());
        return accounts.toArray(Account[]::new);
    }

    private static List<Template.Route> routes(Template template, String api) {
        return template.routes().stream()
                .filter(route -> route.api().equals(api))
                .toList();
    }

    private static BiFunction<Map<String, String>, Clock, Handler> handler(String className) {
        return Optional.ofNullable(HANDLERS.get(className))
                .orElseThrow(() -> new IllegalStateException("template.yaml names an unknown handler " + className));
    }

    /** The values that the template's environments refer to. */
    private Map<String, String> values(LocalOptions options) {
        Map<String, String> values = new HashMap<>(options.parameters());
        values.putAll(Map.of(
                TABLE,
                TABLE,
                "CallbackApi.ApiEndpoint",
                callbackApi.baseUrl().toString(),
                "CallbackBaseUrl",
                options.callbackBaseUrl().orElse(""),
                "TwilioSecretId",
                SECRET_ID,
                "EventBusName",
                options.eventBus().orElse(""),
                "TwilioApiUrl",
                simulator
                        .map(twilio -> twilio.baseUrl().toString())
                        .or(options::twilioUrl)
                        .orElseThrow()));
        queues.ifPresent(engine -> values.putAll(engine.references()));
        return values;
    }

    Map<String, String> awsEnvironment() {
        Map<String, String> environment = new HashMap<>(Map.of(
                "AWS_REGION", "us-east-1",
                "AWS_ACCESS_KEY_ID", "local",
                "AWS_SECRET_ACCESS_KEY", "local",
                "AWS_ENDPOINT_URL_DYNAMODB", dynamoDb.endpoint().toString(),
                "AWS_ENDPOINT_URL_SECRETS_MANAGER", secretsManager.endpoint().toString(),
                "AWS_ENDPOINT_URL_SFN", stepFunctions.endpoint().toString(),
                "AWS_ENDPOINT_URL_EVENTBRIDGE", eventBridge.endpoint().toString()));
        queues.ifPresent(engine ->
                environment.put("AWS_ENDPOINT_URL_SQS", engine.endpoint().toString()));
        return environment;
    }

    /** An account's secret, as stored in Secrets Manager. */
    public static String secret(Account account) {
        return Json.writeText(Map.of("AccountSid", account.sid(), "AuthToken", account.authToken()));
    }

    private <T extends AutoCloseable> T part(T part) {
        parts.push(part);
        return part;
    }

    /** Stops everything, the last part first. */
    @Override
    public void close() {
        close(parts);
    }

    private static void close(Deque<AutoCloseable> parts) {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) { // AutoCloseable declares no less
                throw new IllegalStateException("a part of the local stack could not be stopped", e);
            }
        }
    }
}
