package io.smstask.poll;

import io.smstask.aws.AwsClients;
import io.smstask.aws.AwsJson;
import io.smstask.aws.SdkClients;
import io.smstask.http.Tls;
import io.smstask.lambda.FailureCounts;
import io.smstask.lambda.Log;
import io.smstask.settings.Settings;
import io.smstask.store.DynamoTaskIndex;
import io.smstask.store.DynamoTaskStore;
import io.smstask.task.RecordStatus;
import io.smstask.task.TaskIndex;
import io.smstask.task.TaskStore;
import io.smstask.task.TextRemovingStore;
import io.smstask.tell.TellSubscribers;
import io.smstask.twilio.SecretsManagerSource;
import io.smstask.twilio.StackCredentials;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;

/** poll-function's parts, put together. */
final class PollWiring {

    /** How long one call of the store may take. All calls for one look must fit into {@link Worker#TO_LOOK}. */
    private static final Duration STORE_LIMIT = Duration.ofMillis(1200);

    /** How long one query may take. A process's first ones load the AWS SDK. */
    private static final Duration QUERY_LIMIT = Duration.ofSeconds(3);

    private static final Duration SECRET_LIMIT = Duration.ofMillis(800);

    /** How many leases are taken at once. */
    static final int LEASES_AT_ONCE = 16;

    /** How many tasks are worked on at once, and so how many looks one run has under way. */
    static final int TASKS_AT_ONCE = 10;

    private final Dispatcher dispatcher;
    private final Worker worker;
    private final Log.Function logs;
    private final FailureCounts failures;
    private final Clock clock;

    PollWiring(Dispatcher dispatcher, Worker worker, Log.Function logs, FailureCounts failures, Clock clock) {
        this.logs = logs;
        this.dispatcher = dispatcher;
        this.worker = worker;
        this.failures = failures;
        this.clock = clock;
    }

    static PollWiring from(Map<String, String> env) {
        return from(env, Clock.systemUTC());
    }

    static PollWiring from(Map<String, String> env, Clock clock) {
        Settings settings = Settings.from(env, Settings.TASKS_TABLE, Settings.POLL_QUEUE_URL, Settings.AWS_REGION);
        AwsClients aws = new AwsClients(settings, new Tls(), clock);
        AwsJson dynamoDb = aws.dynamoDb();
        TaskStore store = TextRemovingStore.over(
                new DynamoTaskStore(dynamoDb, settings.tasksTable(), settings.taskTtl(), STORE_LIMIT),
                settings.keepsTexts());
        TaskIndex index = new DynamoTaskIndex(SdkClients.dynamoDb(settings, QUERY_LIMIT), settings.tasksTable());
        PollStates states = new DynamoPollStates(dynamoDb, settings.tasksTable(), STORE_LIMIT, clock);
        StackCredentials stack = new StackCredentials(
                settings.twilioSecretId(), new SecretsManagerSource(aws.secretsManager(), SECRET_LIMIT), clock);
        FailureCounts failures = new FailureCounts();
        MessageReader messages = new TwilioMessages(settings.twilioApiUrl(), clock);
        FindMessage findMessage = new FindMessage(store, index, messages, clock);
        DoubleSupplier random = () -> ThreadLocalRandom.current().nextDouble();
        Dispatcher dispatcher = new Dispatcher(
                store,
                index,
                new SqsPollQueue(aws.sqs(), settings.pollQueueUrl()),
                states,
                failures,
                new Parallel(LEASES_AT_ONCE),
                random,
                clock);
        Worker worker = new Worker(
                store,
                new RecordStatus(store, clock),
                TellSubscribers.by(aws, settings, store, failures, clock),
                new Looks(stack, messages, findMessage, states, failures, clock),
                failures,
                new Parallel(TASKS_AT_ONCE),
                random,
                clock);
        return new PollWiring(dispatcher, worker, new Log.Function(settings, clock), failures, clock);
    }

    Dispatcher dispatcher() {
        return dispatcher;
    }

    Worker worker() {
        return worker;
    }

    Log.Function logs() {
        return logs;
    }

    FailureCounts failures() {
        return failures;
    }

    Instant end(int remainingMillis) {
        return clock.instant().plusMillis(remainingMillis);
    }
}
