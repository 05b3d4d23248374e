package io.smstask.callback;

import io.smstask.aws.AwsClients;
import io.smstask.aws.AwsJson;
import io.smstask.http.Tls;
import io.smstask.lambda.FailureCounts;
import io.smstask.lambda.Log;
import io.smstask.settings.Settings;
import io.smstask.start.Priming;
import io.smstask.store.DynamoTaskStore;
import io.smstask.task.RecordStatus;
import io.smstask.task.TaskId;
import io.smstask.task.TaskStore;
import io.smstask.task.TextRemovingStore;
import io.smstask.tell.TellSubscribers;
import io.smstask.twilio.SecretsManagerSource;
import io.smstask.twilio.StackCredentials;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** callback-function's parts, put together. */
final class CallbackWiring {

    /**
     * How long reading the task may take. Twilio waits for 5 s, as the callback's URL asks it to. In them must fit, one
     * after the other: this read, one read of the secret, the writes of the status ({@link RecordStatus#LATEST_TRY} and one
     * write), and notifying the subscribers ({@link StatusCallbacks#TO_TELL}).
     */
    static final Duration READ_LIMIT = Duration.ofMillis(1200);

    /** Spent once per callback at most: a secret that was just read is not read again. */
    static final Duration SECRET_LIMIT = Duration.ofMillis(800);

    /** How long one write may take. */
    static final Duration WRITE_LIMIT = Duration.ofMillis(800);

    /** Read to open a connection to the table; there is no such task. */
    private static final TaskId NO_TASK = new TaskId("priming");

    private final StatusCallbacks statusCallbacks;
    private final Log.Function logs;
    private final FailureCounts failures;
    private final List<Runnable> connects;

    /**
     * @param connects each opens a connection that the first event needs
     */
    CallbackWiring(
            StatusCallbacks statusCallbacks, Log.Function logs, FailureCounts failures, List<Runnable> connects) {
        this.logs = logs;
        this.statusCallbacks = statusCallbacks;
        this.failures = failures;
        this.connects = connects;
    }

    static CallbackWiring from(Map<String, String> env) {
        return from(env, Clock.systemUTC());
    }

    static CallbackWiring from(Map<String, String> env, Clock clock) {
        Settings settings = Settings.from(env, Settings.TASKS_TABLE, Settings.AWS_REGION);
        AwsClients aws = new AwsClients(settings, new Tls(), clock);
        AwsJson dynamoDb = aws.dynamoDb();
        TaskStore reads = store(dynamoDb, settings, READ_LIMIT);
        TaskStore writes = store(dynamoDb, settings, WRITE_LIMIT);
        StackCredentials stack = new StackCredentials(
                settings.twilioSecretId(), new SecretsManagerSource(aws.secretsManager(), SECRET_LIMIT), clock);
        FailureCounts failures = new FailureCounts();
        TellSubscribers tellSubscribers = TellSubscribers.by(aws, settings, writes, failures, clock);
        StatusCallbacks statusCallbacks =
                new StatusCallbacks(reads, new RecordStatus(writes, clock), tellSubscribers, stack, clock);
        List<Runnable> connects = List.of(
                new Runnable() {
                    @Override
                    public void run() {
                        reads.find(NO_TASK);
                    }
                },
                new Runnable() {
                    @Override
                    public void run() {
                        stack.onlyAccount();
                    }
                });
        return new CallbackWiring(statusCallbacks, new Log.Function(settings, clock), failures, connects);
    }

    private static TaskStore store(AwsJson dynamoDb, Settings settings, Duration limit) {
        return TextRemovingStore.over(
                new DynamoTaskStore(dynamoDb, settings.tasksTable(), settings.taskTtl(), limit), settings.keepsTexts());
    }

    void prime(Consumer<String> log, Runnable rehearsal) {
        new Priming(log, rehearsal, connects).run();
    }

    StatusCallbacks statusCallbacks() {
        return statusCallbacks;
    }

    Log.Function logs() {
        return logs;
    }

    FailureCounts failures() {
        return failures;
    }
}
