package io.smstask.local.template;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What {@code template.yaml} says about functions, routes, queues and tables: the part of
 * <a href="https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification.html">AWS
 * SAM</a> that this project uses. Immutable.
 */
public final class Template {
    /** What {@code AWS::StackName} stands for, unless a value is given. */
    public static final String STACK_NAME = "smstask";

    private static final String FILE = "template.yaml";

    /** What a queue's properties and SQS's attributes have in common. */
    private static final List<String> QUEUE_ATTRIBUTES = List.of(
            "VisibilityTimeout",
            "MessageRetentionPeriod",
            "DelaySeconds",
            "ReceiveMessageWaitTimeSeconds",
            "MaximumMessageSize");

    private static final int USUAL_BATCH = 10;
    /** Lambda begins with five batches at once. */
    private static final int USUAL_CONCURRENCY = 5;

    private final YamlTree root;
    private final Map<String, String> chosen;

    private Template(YamlTree root, Map<String, String> chosen) {
        this.root = root;
        this.chosen = chosen;
    }

    /**
     * This template with parameters that differ from their default, as a deploy chooses them.
     *
     * @throws TemplateException if there is no parameter of that name
     */
    public Template with(Map<String, String> parameters) {
        for (String name : parameters.keySet()) {
            if (!section("Parameters").containsKey(name)) {
                throw new TemplateException(FILE + " has no parameter " + name);
            }
        }
        var all = new LinkedHashMap<>(chosen);
        all.putAll(parameters);
        return new Template(root, all);
    }

    /**
     * The template in the working directory or the nearest folder above it.
     *
     * @throws TemplateException if there is none
     */
    public static Path find() {
        return find(Path.of("").toAbsolutePath());
    }

    static Path find(Path from) {
        for (var folder = from; folder != null; folder = folder.getParent()) {
            if (Files.isRegularFile(folder.resolve(FILE))) {
                return folder.resolve(FILE);
            }
        }
        throw new TemplateException("there is no " + FILE + " in " + from + " or above; start in the project's folder");
    }

    /**
     * Reads a template.
     *
     * @throws TemplateException if it is not YAML or has a function that CloudFormation does not know
     * @throws UncheckedIOException if the file cannot be read
     */
    public static Template read(Path file) {
        try {
            return parse(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    static Template parse(String yaml) {
        return new Template(YamlReader.read(yaml), Map.of());
    }

    /** The parameters that have a value, chosen or by default, in the template's order. */
    public Map<String, String> parameters() {
        var values = new LinkedHashMap<String, String>();
        section("Parameters")
                .forEach((name, parameter) ->
                        parameter.find("Default").ifPresent(value -> values.put(name, value.text())));
        values.putAll(chosen);
        return Collections.unmodifiableMap(values);
    }

    /**
     * The functions in the template's order, with {@code Globals} and environment evaluated.
     *
     * @param values what the environments refer to: {@code TasksTable} for a {@code !Ref}, {@code
     *     CallbackApi.ApiEndpoint} for a {@code !GetAtt}; and parameters that differ from their default
     * @throws TemplateException if an environment refers to something without a value, or a value is given for
     *     something that is not in the template
     */
    public List<Function> functions(Map<String, String> values) {
        var intrinsics = intrinsics(values);
        return resources("AWS::Serverless::Function").entrySet().stream()
                .map(function -> function(function.getKey(), function.getValue(), intrinsics))
                .toList();
    }

    /**
     * One of the functions.
     *
     * @throws TemplateException as {@link #functions}, and if the template has no function of that name
     */
    public Function function(String logicalId, Map<String, String> values) {
        return functions(values).stream()
                .filter(function -> function.logicalId().equals(logicalId))
                .findFirst()
                .orElseThrow(() -> new TemplateException(FILE + " has no function " + logicalId));
    }

    /** The routes of the HTTP APIs, in the template's order. */
    public List<Route> routes() {
        return events("HttpApi", this::route);
    }

    /**
     * The schedules, in the template's order.
     *
     * @throws TemplateException if one is not {@code rate(…)} in minutes
     */
    public List<Schedule> schedules() {
        return events("ScheduleV2", Template::schedule);
    }

    /**
     * The queues, in the template's order.
     *
     * @throws TemplateException if one is a FIFO queue
     */
    public List<Queue> queues() {
        return resources("AWS::SQS::Queue").entrySet().stream()
                .map(queue -> queue(queue.getKey(), queue.getValue()))
                .toList();
    }

    /**
     * The queues that functions are fed from, by events of the functions or by event source mappings.
     *
     * @throws TemplateException if one reads from something else than a queue of this template
     */
    public List<QueueSource> queueSources() {
        var sources = new ArrayList<>(events("SQS", (function, event) -> queueSource(function, "Queue", event)));
        resources("AWS::Lambda::EventSourceMapping")
                .forEach((name, mapping) ->
                        sources.add(queueSource(owner(mapping.get("FunctionName")), "EventSourceArn", mapping)));
        return List.copyOf(sources);
    }

    /**
     * The alarms, in the template's order.
     *
     * @param values parameters that differ from their default
     * @throws TemplateException if one compares otherwise than by {@code GreaterThanOrEqualToThreshold}
     */
    public List<Alarm> alarms(Map<String, String> values) {
        var intrinsics = intrinsics(values);
        return resources("AWS::CloudWatch::Alarm").entrySet().stream()
                .map(alarm -> alarm(alarm.getKey(), alarm.getValue(), intrinsics))
                .toList();
    }

    /**
     * What the functions and state machines may do, in the template's order. What SAM adds is not in it: the right to log, and
     * that events may call a function.
     *
     * @throws TemplateException if a policy is none of its own, or denies something
     */
    public List<Right> rights() {
        var rights = new ArrayList<Right>();
        for (String type : List.of("AWS::Serverless::Function", "AWS::Serverless::StateMachine")) {
            resources(type)
                    .forEach((holder, properties) -> properties
                            .find("Policies")
                            .map(YamlTree::items)
                            .orElse(List.of())
                            .forEach(policy -> addRights(holder, policy, rights)));
        }
        resources("AWS::IAM::RolePolicy")
                .forEach((name, properties) -> addRights(
                        referred(properties.get("RoleName")).replaceFirst("Role$", ""),
                        properties.get("PolicyDocument"),
                        rights));
        return List.copyOf(rights);
    }

    private static void addRights(String holder, YamlTree policy, List<Right> rights) {
        for (YamlTree entry : policy.get("Statement").items()) {
            // A statement that depends on a parameter is !If [condition, statement, !Ref AWS::NoValue].
            var statement = entry instanceof YamlTree.FunctionCall condition
                    ? condition.argument().items().get(1)
                    : entry;
            if (!statement.get("Effect").text().equals("Allow")) {
                throw new TemplateException(statement.line(), "expected Allow");
            }
            for (YamlTree action : oneOrMore(statement.get("Action"))) {
                for (YamlTree resource : oneOrMore(statement.get("Resource"))) {
                    rights.add(new Right(holder, action.text(), plain(resource)));
                }
            }
        }
    }

    private static List<YamlTree> oneOrMore(YamlTree tree) {
        return tree instanceof YamlTree.Sequence sequence ? sequence.items() : List.of(tree);
    }

    private static String plain(YamlTree resource) {
        if (resource instanceof YamlTree.FunctionCall call && call.name().equals("Sub")) {
            return call.argument()
                    .text()
                    .replaceFirst("^arn:.*\\$\\{AWS::AccountId}:", "")
                    .replaceAll("\\$\\{(\\w+)\\.Arn}", "$1");
        }
        return resource instanceof YamlTree.FunctionCall ? owner(resource) : resource.text();
    }

    /**
     * A right of a part of the stack.
     *
     * @param holder logical id of a function or a state machine
     * @param action as IAM names it, {@code dynamodb:GetItem}
     * @param resource what the right is for: a logical id, with what follows it in the ARN, or else the end of the ARN
     */
    public record Right(String holder, String action, String resource) {}

    private static Alarm alarm(String logicalId, YamlTree properties, Intrinsics intrinsics) {
        var comparison = properties.get("ComparisonOperator");
        if (!comparison.text().equals("GreaterThanOrEqualToThreshold")) {
            throw new TemplateException(comparison.line(), "expected GreaterThanOrEqualToThreshold");
        }
        var measures = new ArrayList<Alarm.Measure>();
        Optional<String> expression = Optional.empty();
        if (properties.find("Metrics").isEmpty()) {
            measures.add(measure("", properties, properties, "Statistic"));
        }
        for (var metric : properties.find("Metrics").map(YamlTree::items).orElse(List.of())) {
            if (metric.find("Expression").isPresent()) {
                expression = metric.find("Expression").map(YamlTree::text);
            } else {
                var stat = metric.get("MetricStat");
                measures.add(measure(metric.get("Id").text(), stat.get("Metric"), stat, "Stat"));
            }
        }
        return new Alarm(
                logicalId,
                measures,
                expression,
                Double.parseDouble(intrinsics.text(properties.get("Threshold")).orElseThrow()),
                properties.get("TreatMissingData").text().equals("breaching"));
    }

    private static Alarm.Measure measure(String id, YamlTree metric, YamlTree stat, String statistic) {
        var dimensions = new LinkedHashMap<String, String>();
        for (var dimension : metric.get("Dimensions").items()) {
            var value = dimension.get("Value");
            dimensions.put(
                    dimension.get("Name").text(), value instanceof YamlTree.Text text ? text.text() : owner(value));
        }
        return new Alarm.Measure(
                id,
                metric.get("Namespace").text(),
                metric.get("MetricName").text(),
                dimensions,
                stat.get(statistic).text(),
                (int) number(stat.get("Period")));
    }

    private <T> List<T> events(String type, BiFunction<String, YamlTree, T> read) {
        var events = new ArrayList<T>();
        resources("AWS::Serverless::Function").forEach((function, properties) -> {
            for (var event : properties
                    .find("Events")
                    .map(YamlTree::fields)
                    .orElse(Map.of())
                    .values()) {
                if (event.get("Type").text().equals(type)) {
                    events.add(read.apply(function, event.get("Properties")));
                }
            }
        });
        return List.copyOf(events);
    }

    /**
     * A schedule that calls a function.
     *
     * @param function its logical id
     * @param input the event, as JSON
     */
    public record Schedule(String function, Duration every, String input) {}

    /**
     * An SQS queue.
     *
     * @param logicalId its name in the template
     * @param attributes times in seconds, and sizes, by SQS's own names
     * @param redrive where messages go that were received too often
     */
    public record Queue(String logicalId, Map<String, String> attributes, Optional<Redrive> redrive) {
        public Queue {
            attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
        }
    }

    /**
     * A queue's redrive policy.
     *
     * @param queue logical id of the dead-letter queue
     * @param receives how often a message is received before it goes there
     */
    public record Redrive(String queue, int receives) {}

    /**
     * A queue whose messages Lambda hands to a function.
     *
     * @param function logical id of the function
     * @param queue logical id of the queue
     * @param batchSize the most messages of one invocation
     * @param window how long messages are collected for one
     * @param concurrency the most invocations at once
     * @param partial whether the function's answer names the messages that failed; else all of a batch fail or none
     */
    public record QueueSource(
            String function, String queue, int batchSize, Duration window, int concurrency, boolean partial) {}

    /**
     * A table's keys and indexes.
     *
     * @throws TemplateException if the template has no table of that name
     */
    public Table table(String logicalId) {
        var table = resources("AWS::DynamoDB::Table").get(logicalId);
        if (table == null) {
            throw new TemplateException(FILE + " has no table " + logicalId);
        }
        var attributes = new LinkedHashMap<String, String>();
        for (var attribute : table.get("AttributeDefinitions").items()) {
            attributes.put(
                    attribute.get("AttributeName").text(),
                    attribute.get("AttributeType").text());
        }
        var indexes = table.find("GlobalSecondaryIndexes").map(YamlTree::items).orElse(List.of()).stream()
                .map(Template::index)
                .toList();
        var ttl = table.find("TimeToLiveSpecification")
                .filter(spec -> spec.get("Enabled").text().equals("true"))
                .map(spec -> spec.get("AttributeName").text());
        return new Table(logicalId, key(table), attributes, indexes, ttl);
    }

    /**
     * A Lambda function.
     *
     * @param logicalId its name in the template
     * @param handlerClass the class in its {@code Handler}, without the method
     * @param runtime its name at Lambda, for instance {@code java25}
     * @param timeout the limit of an invocation
     * @param environment without variables that are {@code AWS::NoValue}
     */
    public record Function(
            String logicalId, String handlerClass, String runtime, Duration timeout, Map<String, String> environment) {
        public Function {
            environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
        }
    }

    /**
     * A route of an HTTP API.
     *
     * @param api logical id of the API
     * @param method upper case, or {@code ANY}
     * @param path with its parameters in braces: {@code /tasks/{task_id}}
     * @param function logical id of the function behind it
     * @param iam whether callers must sign for IAM; otherwise the route is public
     */
    public record Route(String api, String method, String path, String function, boolean iam) {}

    /**
     * A DynamoDB table.
     *
     * @param logicalId its name in the template
     * @param key of the table
     * @param attributes types ({@code S}, {@code N}, {@code B}) of the key attributes, by name
     * @param indexes global secondary indexes
     * @param ttl the attribute with the time of expiry in epoch seconds
     */
    public record Table(
            String logicalId, Key key, Map<String, String> attributes, List<Index> indexes, Optional<String> ttl) {
        public Table {
            attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
            indexes = List.copyOf(indexes);
        }
    }

    /** Names of the partition key and the sort key, if there is one. */
    public record Key(String partition, Optional<String> sort) {}

    /**
     * A global secondary index.
     *
     * @param projection {@code KEYS_ONLY}, {@code ALL} or {@code INCLUDE}
     * @param included the attributes besides the keys; only with {@code INCLUDE}
     */
    public record Index(String name, Key key, String projection, List<String> included) {
        public Index {
            included = List.copyOf(included);
        }
    }

    private Function function(String logicalId, YamlTree properties, Intrinsics intrinsics) {
        var variables = new LinkedHashMap<String, YamlTree>();
        root.find("Globals", "Function").ifPresent(globals -> variables.putAll(variables(globals)));
        variables.putAll(variables(properties));
        var environment = new LinkedHashMap<String, String>();
        variables.forEach((name, value) -> intrinsics.text(value).ifPresent(text -> environment.put(name, text)));
        return new Function(
                logicalId,
                setting("Handler", properties).text().split("::", 2)[0],
                setting("Runtime", properties).text(),
                Duration.ofSeconds(number(setting("Timeout", properties))),
                environment);
    }

    private static Map<String, YamlTree> variables(YamlTree properties) {
        return properties.find("Environment", "Variables").map(YamlTree::fields).orElse(Map.of());
    }

    /** The function's own property or the one in {@code Globals}. */
    private YamlTree setting(String name, YamlTree properties) {
        return properties
                .find(name)
                .or(() -> root.find("Globals", "Function", name))
                .orElseThrow(() -> new TemplateException(properties.line(), "lacks " + name));
    }

    private static long number(YamlTree tree) {
        try {
            return Long.parseLong(tree.text());
        } catch (NumberFormatException e) {
            throw new TemplateException(tree.line(), "expected a number");
        }
    }

    private static Schedule schedule(String function, YamlTree event) {
        var expression = event.get("ScheduleExpression");
        var rate = Pattern.compile("rate\\((\\d+) minutes?\\)").matcher(expression.text());
        if (!rate.matches()) {
            throw new TemplateException(expression.line(), "expected rate(N minutes)");
        }
        return new Schedule(
                function,
                Duration.ofMinutes(Long.parseLong(rate.group(1))),
                event.find("Input").map(YamlTree::text).orElse("{}"));
    }

    private Route route(String function, YamlTree event) {
        var api = referred(event.get("ApiId"));
        var properties = resources("AWS::Serverless::HttpApi").get(api);
        if (properties == null) {
            throw new TemplateException(event.get("ApiId").line(), "there is no HTTP API " + api);
        }
        var authorizer = event.find("Auth", "Authorizer").or(() -> properties.find("Auth", "DefaultAuthorizer"));
        return new Route(
                api,
                event.get("Method").text(),
                event.get("Path").text(),
                function,
                authorizer.isPresent() && iam(authorizer.get()));
    }

    private static boolean iam(YamlTree authorizer) {
        return switch (authorizer.text()) {
            case "AWS_IAM" -> true;
            case "NONE" -> false;
            default -> throw new TemplateException(authorizer.line(), "expected the authorizer AWS_IAM or NONE");
        };
    }

    private Queue queue(String logicalId, YamlTree properties) {
        if (properties.find("FifoQueue").isPresent()) {
            throw new TemplateException(properties.line(), "expected a standard queue");
        }
        var attributes = new LinkedHashMap<String, String>();
        for (String name : QUEUE_ATTRIBUTES) {
            properties.find(name).ifPresent(value -> attributes.put(name, String.valueOf(evaluated(value))));
        }
        var redrive = properties
                .find("RedrivePolicy")
                .map(policy -> new Redrive(
                        owner(policy.get("deadLetterTargetArn")), (int) evaluated(policy.get("maxReceiveCount"))));
        return new Queue(logicalId, attributes, redrive);
    }

    private QueueSource queueSource(String function, String source, YamlTree properties) {
        var queue = owner(properties.get(source));
        if (!resources("AWS::SQS::Queue").containsKey(queue)) {
            throw new TemplateException(properties.get(source).line(), "there is no queue " + queue);
        }
        var types =
                properties.find("FunctionResponseTypes").map(YamlTree::items).orElse(List.of());
        return new QueueSource(
                function,
                queue,
                properties.find("BatchSize").map(size -> (int) evaluated(size)).orElse(USUAL_BATCH),
                Duration.ofSeconds(properties
                        .find("MaximumBatchingWindowInSeconds")
                        .map(this::evaluated)
                        .orElse(0L)),
                properties
                        .find("ScalingConfig", "MaximumConcurrency")
                        .map(most -> (int) evaluated(most))
                        .orElse(USUAL_CONCURRENCY),
                types.stream().anyMatch(type -> type.text().equals("ReportBatchItemFailures")));
    }

    /** A number that may be a parameter's default. */
    private long evaluated(YamlTree tree) {
        return intrinsics(Map.of())
                .text(tree)
                .map(text -> number(new YamlTree.Text(text, tree.line())))
                .orElseThrow(() -> new TemplateException(tree.line(), "expected a number"));
    }

    /** The logical id in {@code !Ref X} or {@code !GetAtt X.Arn}. */
    private static String owner(YamlTree tree) {
        if (tree instanceof YamlTree.FunctionCall call && call.name().equals("GetAtt")) {
            return call.argument().text().split("\\.", 2)[0];
        }
        return referred(tree);
    }

    private static String referred(YamlTree tree) {
        if (tree instanceof YamlTree.FunctionCall call && call.name().equals("Ref")) {
            return call.argument().text();
        }
        throw new TemplateException(tree.line(), "expected !Ref");
    }

    private static Index index(YamlTree index) {
        var included = index.find("Projection", "NonKeyAttributes")
                .map(YamlTree::items)
                .orElse(List.of());
        return new Index(
                index.get("IndexName").text(),
                key(index),
                index.get("Projection").get("ProjectionType").text(),
                included.stream().map(YamlTree::text).toList());
    }

    private static Key key(YamlTree holder) {
        var schema = holder.get("KeySchema");
        var names = schema.items().stream()
                .collect(Collectors.toMap(
                        part -> part.get("KeyType").text(),
                        part -> part.get("AttributeName").text()));
        return new Key(
                Optional.ofNullable(names.get("HASH"))
                        .orElseThrow(() -> new TemplateException(schema.line(), "lacks the HASH key")),
                Optional.ofNullable(names.get("RANGE")));
    }

    private Intrinsics intrinsics(Map<String, String> given) {
        var resources = section("Resources");
        for (String name : given.keySet()) {
            // CallbackApi.ApiEndpoint belongs to CallbackApi; pseudo parameters such as AWS::Region are not in the
            // template.
            var owner = name.split("\\.", 2)[0];
            if (!resources.containsKey(owner)
                    && !section("Parameters").containsKey(name)
                    && !name.startsWith("AWS::")) {
                throw new TemplateException(FILE + " has no " + name);
            }
        }
        var values = new LinkedHashMap<>(parameters());
        values.put("AWS::StackName", STACK_NAME);
        values.putAll(given);
        return new Intrinsics(root.find("Conditions").orElse(new YamlTree.Mapping(Map.of(), 1)), values);
    }

    /** Properties by logical id; without the resources whose condition does not hold. */
    private Map<String, YamlTree> resources(String type) {
        var intrinsics = intrinsics(Map.of());
        var found = new LinkedHashMap<String, YamlTree>();
        section("Resources").forEach((logicalId, resource) -> {
            boolean isMade = resource.find("Condition").map(intrinsics::holds).orElse(true);
            if (resource.get("Type").text().equals(type) && isMade) {
                found.put(
                        logicalId, resource.find("Properties").orElse(new YamlTree.Mapping(Map.of(), resource.line())));
            }
        });
        return found;
    }

    private Map<String, YamlTree> section(String name) {
        return root.find(name).map(YamlTree::fields).orElse(Map.of());
    }
}
