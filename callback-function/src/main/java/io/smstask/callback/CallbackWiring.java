package io.smstask.callback;

import io.smstask.aws.AwsClients;
import io.smstask.credentials.SecretsManagerSource;
import io.smstask.credentials.StackCredentials;
import io.smstask.settings.Settings;
import io.smstask.store.DynamoTaskStore;
import io.smstask.task.TaskStore;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;

/** callback-function's parts, put together. */
final class CallbackWiring {

    /** One read, at most two writes, and a secret once in a while: within the 5 s that Twilio is asked to wait. */
    private static final Duration STORE_LIMIT = Duration.ofMillis(1200);

    private static final Duration SECRET_LIMIT = Duration.ofMillis(1200);

    private CallbackWiring() {}

    static StatusCallbacks from(Map<String, String> env) {
        Settings settings = Settings.from(env, Settings.TASKS_TABLE);
        Clock clock = Clock.systemUTC();
        AwsClients aws = new AwsClients(settings);
        TaskStore store = new DynamoTaskStore(aws.dynamoDb(STORE_LIMIT), settings.tasksTable(), settings.taskTtl());
        StackCredentials stack = new StackCredentials(
                settings.twilioSecretId(), new SecretsManagerSource(aws.secretsManager(SECRET_LIMIT)), clock);
        return new StatusCallbacks(store, new RecordStatus(store), stack, clock);
    }
}
