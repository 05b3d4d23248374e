package io.smstask.callback;

import io.smstask.aws.AwsClients;
import io.smstask.aws.AwsJson;
import io.smstask.http.Tls;
import io.smstask.lambda.FailureCounts;
import io.smstask.settings.Settings;
import io.smstask.start.Priming;
import io.smstask.store.DynamoTaskStore;
import io.smstask.task.RecordStatus;
import io.smstask.task.TaskId;
import io.smstask.task.TaskStore;
import io.smstask.tell.EventBridge;
import io.smstask.tell.EventBus;
import io.smstask.tell.StepFunctions;
import io.smstask.tell.TellSubscribers;
import io.smstask.twilio.SecretsManagerSource;
import io.smstask.twilio.StackCredentials;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** callback-function's parts, put together. */
final class CallbackWiring {

    /**
     * How long the task's read may take. Twilio is asked to wait for 5 s: within them must lie, one after the other, this, a
     * reading of the secret, the writes of the status ({@link RecordStatus#LATEST_TRY} and one write) and the telling ({@link
     * StatusCallbacks#TO_TELL}).
     */
    static final Duration READ_LIMIT = Duration.ofMillis(1200);

    /** Once a callback at most: a secret that was read just now is not read again. */
    static final Duration SECRET_LIMIT = Duration.ofMillis(800);

    /** How long one write may take. */
    static final Duration WRITE_LIMIT = Duration.ofMillis(800);

    /** Asked for to open a connection to the table; nobody's task. */
    private static final TaskId NO_TASK = new TaskId("priming");

    private final StatusCallbacks statusCallbacks;
    private final FailureCounts failures;
    private final Priming priming;

    CallbackWiring(StatusCallbacks statusCallbacks, FailureCounts failures, Priming priming) {
        this.statusCallbacks = statusCallbacks;
        this.failures = failures;
        this.priming = priming;
    }

    static CallbackWiring from(Map<String, String> env) {
        return from(env, Clock.systemUTC());
    }

    static CallbackWiring from(Map<String, String> env, Clock clock) {
        Settings settings = Settings.from(env, Settings.TASKS_TABLE, Settings.AWS_REGION);
        AwsClients aws = new AwsClients(settings, new Tls(), clock);
        AwsJson dynamoDb = aws.dynamoDb();
        TaskStore store = store(dynamoDb, settings, READ_LIMIT);
        TaskStore writes = store(dynamoDb, settings, WRITE_LIMIT);
        StackCredentials stack = new StackCredentials(
                settings.twilioSecretId(), new SecretsManagerSource(aws.secretsManager(), SECRET_LIMIT), clock);
        Priming priming = new Priming(
                new Runnable() {
                    @Override
                    public void run() {
                        CallbackRehearsal.run(store(aws.rehearsalDynamoDb(), settings, READ_LIMIT), clock);
                    }
                },
                List.of(
                        new Runnable() {
                            @Override
                            public void run() {
                                store.find(NO_TASK);
                            }
                        },
                        new Runnable() {
                            @Override
                            public void run() {
                                stack.onlyAccount();
                            }
                        }));
        RecordStatus recordStatus = new RecordStatus(writes, clock);
        FailureCounts failures = new FailureCounts();
        TellSubscribers tellSubscribers = new TellSubscribers(
                writes, new StepFunctions(aws.stepFunctions(), failures), eventBus(settings, aws, failures), clock);
        return new CallbackWiring(
                new StatusCallbacks(store, recordStatus, tellSubscribers, stack, clock), failures, priming);
    }

    private static TaskStore store(AwsJson dynamoDb, Settings settings, Duration limit) {
        return new DynamoTaskStore(dynamoDb, settings.tasksTable(), settings.taskTtl(), limit);
    }

    private static Optional<EventBus> eventBus(Settings settings, AwsClients aws, FailureCounts failures) {
        if (settings.eventBus().isEmpty()) {
            return Optional.empty();
        }
        String bus = settings.eventBus().get();
        return Optional.of(new EventBridge(aws.eventBridge(), bus, settings.hasEventsWithPersonalData(), failures));
    }

    void prime() {
        priming.run();
    }

    StatusCallbacks statusCallbacks() {
        return statusCallbacks;
    }

    FailureCounts failures() {
        return failures;
    }
}
