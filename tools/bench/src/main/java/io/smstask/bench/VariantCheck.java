package io.smstask.bench;

import io.smstask.aws.SdkClients;
import io.smstask.lambdaprocess.Launch;
import io.smstask.local.aws.LocalDynamoDb;
import io.smstask.local.aws.LocalSecretsManager;
import io.smstask.local.template.Template;
import io.smstask.settings.Settings;
import io.smstask.simulator.SimulatorOptions;
import io.smstask.simulator.TwilioSimulator;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Runs a variant on stand-ins for DynamoDB, Secrets Manager and Twilio, checks that it does the job, and keeps what was answered.
 */
final class VariantCheck implements AutoCloseable {

    static final String TABLE = "TasksTable";

    /** Set by the client, or about a connection that is another one. */
    private static final Set<String> OF_THE_CONNECTION =
            Set.of("host", "connection", "content-length", "expect", "upgrade", "transfer-encoding", "date");

    private static final int RUNS = 3;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final LocalDynamoDb database;
    private final DynamoDbClient items;
    private final LocalSecretsManager secrets = LocalSecretsManager.start();
    private final TwilioSimulator twilio;
    private final Downstream downstream;
    private final Events events;
    private final Path scratch;
    private int tasks;

    private VariantCheck(Downstream downstream, Events events, Template template, Path scratch) {
        this.downstream = downstream;
        this.events = events;
        this.scratch = scratch;
        secrets.put(Events.SECRET_ID, Events.SECRET);
        database = LocalDynamoDb.start(0, Optional.empty());
        // Nobody listens to the simulator's own callbacks here.
        twilio = TwilioSimulator.start(SimulatorOptions.of(Events.ACCOUNT).withStatuses());
        items = SdkClients.dynamoDb(
                Settings.from(Map.of(
                        "AWS_REGION", "eu-central-1",
                        "AWS_ACCESS_KEY_ID", "local",
                        "AWS_SECRET_ACCESS_KEY", "local",
                        "AWS_ENDPOINT_URL_DYNAMODB", database.endpoint().toString())),
                Duration.ofSeconds(10));
        LocalDynamoDb.create(items, TABLE, template.table(TABLE));
    }

    static VariantCheck start(Downstream downstream, Events events, Template template, Path scratch) {
        return new VariantCheck(downstream, events, template, scratch);
    }

    /**
     * Rehearses both jobs of a variant.
     *
     * @return what timing needs, by job
     * @throws RunFailed naming what the variant did wrong
     */
    Map<Job, Recording> rehearse(Map<Job, Launch> launches) {
        Map<Job, Recording> recordings = new HashMap<>();
        if (launches.containsKey(Job.TRIVIAL)) {
            recordings.put(Job.TRIVIAL, Recording.SILENT);
        }
        if (launches.containsKey(Job.SEND) && launches.containsKey(Job.CALLBACK)) {
            SentTask sent = undisturbed(() -> send(launches.get(Job.SEND)), SentTask::recording);
            recordings.put(Job.SEND, sent.recording());
            recordings.put(
                    Job.CALLBACK, undisturbed(() -> callback(launches.get(Job.CALLBACK), sent), Function.identity()));
        }
        return recordings;
    }

    /**
     * A client that has lost its patience calls again, as it may while the database here is still cold. That is no part of the
     * job, so such a run is not kept.
     */
    private static <T> T undisturbed(Supplier<T> run, Function<T, Recording> recording) {
        T result = run.get();
        for (int more = 1; more < RUNS && recording.apply(result).isRepeated(); more++) {
            result = run.get();
        }
        if (recording.apply(result).isRepeated()) {
            throw new RunFailed("it repeats calls: " + recording.apply(result).calls());
        }
        return result;
    }

    /** A message that went out. */
    private record SentTask(String task, String sid, String statusCallback, Recording recording) {}

    private SentTask send(Launch launch) {
        twilio.forget();
        String task = Events.task(tasks++);
        passThrough();
        try (var run = Execution.start(launch, scratch, Processors.here().all())) {
            run.awaitNext();
            require(
                    run,
                    "a good task is answered by 201",
                    run.invoke(events.send(task)).body(),
                    201);
            List<Recording.Exchange> exchanges = exchanges();
            requireSecret(run, exchanges);
            requireThat(run, twilio.messages().size() == 1, "one message is sent");
            String sid = twilio.messages().get(0).sid();
            requireThat(run, sid.equals(attribute(task, "sid")), "the item has the message's sid");

            var again = run.invoke(events.send(task));
            requireThat(run, Events.status(again.body()) < 500, "the same task again is answered: " + again.body());
            requireThat(run, twilio.messages().size() == 1, "the same task again sends nothing");
            require(
                    run,
                    "a task without recipient is answered by 400",
                    run.invoke(events.badSend(Events.task(tasks++))).body(),
                    400);
            requireThat(run, twilio.messages().size() == 1, "a task without recipient sends nothing");

            String statusCallback = twilio.requests().stream()
                    .filter(request -> request.form().containsKey("StatusCallback"))
                    .map(request -> request.form().get("StatusCallback").get(0))
                    .findFirst()
                    .orElseThrow(() -> run.failed("the message has no StatusCallback"));
            return new SentTask(
                    task,
                    sid,
                    statusCallback,
                    Recording.of(task, n -> events.send(Events.task(n)), Events::task, exchanges));
        } finally {
            downstream.rest();
        }
    }

    private Recording callback(Launch launch, SentTask sent) {
        String delivered = events.callback(sent.statusCallback(), sent.sid(), "delivered", true);
        passThrough();
        try (var run = Execution.start(launch, scratch, Processors.here().all())) {
            run.awaitNext();
            var answer = run.invoke(delivered);
            requireThat(
                    run,
                    Job.CALLBACK.isAnsweredBy(Events.status(answer.body())),
                    "a callback is answered by 2xx: " + answer.body());
            List<Recording.Exchange> exchanges = exchanges();
            requireSecret(run, exchanges);
            requireThat(run, "delivered".equals(attribute(sent.task(), "status")), "the item is delivered");

            var forged = run.invoke(events.callback(sent.statusCallback(), sent.sid(), "failed", false));
            require(run, "a forged callback is answered by 403", forged.body(), 403);
            var late = run.invoke(events.callback(sent.statusCallback(), sent.sid(), "sent", true));
            requireThat(
                    run,
                    Job.CALLBACK.isAnsweredBy(Events.status(late.body())),
                    "a late callback is answered by 2xx: " + late.body());
            requireThat(
                    run,
                    "delivered".equals(attribute(sent.task(), "status")),
                    "neither a forged nor a late callback changes the item");
            return Recording.of(sent.task(), n -> delivered, n -> sent.task(), exchanges);
        } finally {
            downstream.rest();
        }
    }

    /** All are measured in the recommended set-up: the account's token comes from the secret. */
    private static void requireSecret(Execution run, List<Recording.Exchange> exchanges) {
        requireThat(
                run,
                exchanges.stream().anyMatch(exchange -> exchange.call().isSecretsManager()),
                "the secret is read from Secrets Manager");
    }

    private List<Recording.Exchange> exchanges() {
        return downstream.served().stream()
                .map(served -> new Recording.Exchange(served.call(), served.reply()))
                .toList();
    }

    private String attribute(String task, String name) {
        var item = items.getItem(get -> get.tableName(TABLE)
                        .key(Map.of("task_id", AttributeValue.fromS(task)))
                        .consistentRead(true))
                .item();
        return Optional.ofNullable(item.get(name)).map(AttributeValue::s).orElse("");
    }

    private static void require(Execution run, String what, String answer, int status) {
        requireThat(run, Events.status(answer) == status, what + ", not: " + answer);
    }

    private static void requireThat(Execution run, boolean holds, String what) {
        if (!holds) {
            throw run.failed("not so: " + what);
        }
    }

    private void passThrough() {
        downstream.answer(this::forward);
    }

    private URI standIn(DownstreamCall call) {
        if (call.isTwilio()) {
            return twilio.baseUrl();
        }
        return call.isSecretsManager() ? secrets.endpoint() : database.endpoint();
    }

    /** Asks what stands in for the real one. */
    private DownstreamReply forward(DownstreamCall call) {
        URI base = standIn(call);
        var request = HttpRequest.newBuilder(URI.create(base + call.path()))
                .method(call.method(), HttpRequest.BodyPublishers.ofByteArray(call.body()));
        call.headers().forEach((name, values) -> {
            if (!OF_THE_CONNECTION.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> request.header(name, value));
            }
        });
        try {
            var response = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            Map<String, String> headers = new HashMap<>();
            response.headers().map().forEach((name, values) -> {
                if (!OF_THE_CONNECTION.contains(name)) {
                    headers.put(name, values.get(0));
                }
            });
            return new DownstreamReply(response.statusCode(), headers, response.body());
        } catch (IOException e) {
            throw new RunFailed("cannot ask " + base, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RunFailed("interrupted", e);
        }
    }

    @Override
    public void close() {
        items.close();
        twilio.close();
        secrets.close();
        database.close();
    }
}
