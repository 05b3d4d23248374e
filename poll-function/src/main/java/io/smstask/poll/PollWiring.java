package io.smstask.poll;

import io.smstask.aws.AwsClients;
import io.smstask.aws.SdkClients;
import io.smstask.http.Tls;
import io.smstask.lambda.FailureCounts;
import io.smstask.settings.Settings;
import io.smstask.store.DynamoTaskIndex;
import io.smstask.store.DynamoTaskStore;
import io.smstask.task.RecordStatus;
import io.smstask.task.TaskIndex;
import io.smstask.task.TaskStore;
import io.smstask.tell.TellSubscribers;
import io.smstask.twilio.SecretsManagerSource;
import io.smstask.twilio.StackCredentials;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/** poll-function's parts, put together. */
final class PollWiring {

    /** How long one call of the store may take. All calls for one task must fit into {@link Poll#LEAST}. */
    private static final Duration STORE_LIMIT = Duration.ofMillis(1200);

    private static final Duration SECRET_LIMIT = Duration.ofMillis(800);

    private final Poll poll;
    private final FailureCounts failures;
    private final Clock clock;

    PollWiring(Poll poll, FailureCounts failures, Clock clock) {
        this.poll = poll;
        this.failures = failures;
        this.clock = clock;
    }

    static PollWiring from(Map<String, String> env) {
        return from(env, Clock.systemUTC());
    }

    static PollWiring from(Map<String, String> env, Clock clock) {
        Settings settings = Settings.from(env, Settings.TASKS_TABLE, Settings.AWS_REGION);
        AwsClients aws = new AwsClients(settings, new Tls(), clock);
        TaskStore store = new DynamoTaskStore(aws.dynamoDb(), settings.tasksTable(), settings.taskTtl(), STORE_LIMIT);
        TaskIndex index = new DynamoTaskIndex(SdkClients.dynamoDb(settings, STORE_LIMIT), settings.tasksTable());
        StackCredentials stack = new StackCredentials(
                settings.twilioSecretId(), new SecretsManagerSource(aws.secretsManager(), SECRET_LIMIT), clock);
        FailureCounts failures = new FailureCounts();
        Poll poll = new Poll(
                store,
                index,
                new RecordStatus(store, clock),
                TellSubscribers.by(aws, settings, store, failures, clock),
                stack,
                new TwilioMessages(settings.twilioApiUrl()),
                failures,
                clock);
        return new PollWiring(poll, failures, clock);
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
