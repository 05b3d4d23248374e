package io.smstask.callback;

import io.smstask.aws.AwsClients;
import io.smstask.credentials.SecretsManagerSource;
import io.smstask.credentials.StackCredentials;
import io.smstask.lambda.Priming;
import io.smstask.settings.Settings;
import io.smstask.store.DynamoTaskStore;
import io.smstask.task.TaskId;
import io.smstask.task.TaskStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.crac.Core;

/** callback-function's parts, put together. */
final class CallbackWiring {

    /** One read, at most two writes, and a secret once in a while: within the 5 s that Twilio is asked to wait. */
    private static final Duration STORE_LIMIT = Duration.ofMillis(1200);

    private static final Duration SECRET_LIMIT = Duration.ofMillis(1200);

    /** Asked for to open a connection to the table; nobody's task. */
    private static final TaskId NO_TASK = new TaskId("priming");

    private final StatusCallbacks statusCallbacks;
    private final Poll poll;
    private final FailureCounts failures;
    private final Clock clock;
    private final Priming priming;

    CallbackWiring(StatusCallbacks statusCallbacks, Poll poll, FailureCounts failures, Clock clock, Priming priming) {
        this.statusCallbacks = statusCallbacks;
        this.poll = poll;
        this.failures = failures;
        this.clock = clock;
        this.priming = priming;
    }

    static CallbackWiring from(Map<String, String> env) {
        return from(env, Clock.systemUTC());
    }

    static CallbackWiring from(Map<String, String> env, Clock clock) {
        Settings settings = Settings.from(env, Settings.TASKS_TABLE, Settings.AWS_REGION);
        AwsClients aws = new AwsClients(settings);
        TaskStore store =
                new DynamoTaskStore(aws.lightDynamoDb(STORE_LIMIT), settings.tasksTable(), settings.taskTtl());
        StackCredentials stack = new StackCredentials(
                settings.twilioSecretId(), new SecretsManagerSource(aws.secretsManager(), SECRET_LIMIT), clock);
        List<Runnable> ahead = new ArrayList<>();
        ahead.add(() -> store.find(NO_TASK));
        if (!settings.isSnapStart()) {
            // A snapshot would hold the token.
            ahead.add(stack::onlyAccount);
        }
        Priming priming = new Priming(
                () -> CallbackRehearsal.run(
                        new DynamoTaskStore(aws.rehearsalDynamoDb(), settings.tasksTable(), settings.taskTtl()),
                        settings,
                        clock),
                ahead);
        if (settings.isSnapStart()) {
            // After a restore they are called in this order: the connections have gone before new ones are opened.
            Core.getGlobalContext().register(aws);
            Core.getGlobalContext().register(priming);
        }
        RecordStatus recordStatus = new RecordStatus(store);
        FailureCounts failures = new FailureCounts();
        TellSubscribers tellSubscribers = new TellSubscribers(
                store, new StepFunctions(aws.stepFunctions(), failures), eventBus(settings, aws, failures), clock);
        return new CallbackWiring(
                new StatusCallbacks(store, recordStatus, tellSubscribers, stack, clock),
                new Poll(
                        store,
                        recordStatus,
                        tellSubscribers,
                        stack,
                        new TwilioMessages(settings.twilioApiUrl()),
                        failures,
                        clock),
                failures,
                clock,
                priming);
    }

    private static Optional<EventBus> eventBus(Settings settings, AwsClients aws, FailureCounts failures) {
        return settings.eventBus()
                .map(bus -> new EventBridge(aws.eventBridge(), bus, settings.hasEventsWithPersonalData(), failures));
    }

    void prime() {
        priming.run();
    }

    StatusCallbacks statusCallbacks() {
        return statusCallbacks;
    }

    Poll poll() {
        return poll;
    }

    FailureCounts failures() {
        return failures;
    }

    Instant end(int remainingMillis) {
        return clock.instant().plusMillis(remainingMillis);
    }
}
