package io.smstask.send;

import io.smstask.aws.AwsClients;
import io.smstask.aws.AwsJson;
import io.smstask.aws.Once;
import io.smstask.aws.SdkClients;
import io.smstask.http.Tls;
import io.smstask.lambda.Log;
import io.smstask.settings.Settings;
import io.smstask.start.Priming;
import io.smstask.store.DynamoRecipientCounter;
import io.smstask.store.DynamoTaskIndex;
import io.smstask.store.DynamoTaskStore;
import io.smstask.task.Subscribers;
import io.smstask.task.Subscribers.Event;
import io.smstask.task.TaskId;
import io.smstask.task.TaskIndex;
import io.smstask.task.TaskStore;
import io.smstask.task.TextRemovingStore;
import io.smstask.twilio.SecretsManagerSource;
import io.smstask.twilio.StackCredentials;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** send-function's parts, put together. */
final class SendWiring {

    /** A read, or one write of what came of a task. */
    private static final Duration STORE_LIMIT = Duration.ofSeconds(2);

    /** How long counting the messages to a recipient may take. */
    private static final Duration COUNT_LIMIT = Duration.ofSeconds(1);

    /** How long reading the stack's secret may take. */
    private static final Duration SECRET_LIMIT = Duration.ofSeconds(3);

    private static final int TASK_ID_BYTES = 16;

    /** Read to open a connection to the table; there is no such task. */
    private static final TaskId NO_TASK = new TaskId("priming");

    private final SendSms sendSms;
    private final ReadTask readTask;
    private final @Nullable Supplier<CancelTask> cancelTask;
    private final @Nullable Supplier<QueueDoor> queueDoor;
    private final Log.Function logs;
    private final TaskStore store;
    private final Clock clock;
    private final SecureRandom random;
    private final List<Runnable> connects;

    /**
     * @param cancelTask asked for when a task is cancelled, which is seldom; null in a rehearsal
     * @param queueDoor asked for when there is a message; null without a queue
     * @param connects each opens a connection that the first event needs
     */
    SendWiring(
            SendSms sendSms,
            ReadTask readTask,
            @Nullable Supplier<CancelTask> cancelTask,
            @Nullable Supplier<QueueDoor> queueDoor,
            TaskStore store,
            Log.Function logs,
            Clock clock,
            SecureRandom random,
            List<Runnable> connects) {
        this.sendSms = sendSms;
        this.readTask = readTask;
        this.cancelTask = cancelTask;
        this.queueDoor = queueDoor;
        this.store = store;
        this.logs = logs;
        this.clock = clock;
        this.random = random;
        this.connects = connects;
    }

    static SendWiring from(Map<String, String> env) {
        return from(env, Clock.systemUTC());
    }

    static SendWiring from(Map<String, String> env, Clock clock) {
        Settings settings = Settings.from(env, Settings.TASKS_TABLE, Settings.CALLBACK_BASE_URL, Settings.AWS_REGION);
        SecureRandom random = new SecureRandom();
        Tls tls = new Tls();
        AwsClients aws = new AwsClients(settings, tls, clock);
        AwsJson dynamoDb = aws.dynamoDb();
        TaskStore store = store(dynamoDb, settings);
        StackCredentials stack = new StackCredentials(
                settings.twilioSecretId(), new SecretsManagerSource(aws.secretsManager(), SECRET_LIMIT), clock);
        URI twilio = URI.create(settings.twilioApiUrl());
        OnePostHttpClient http = new OnePostHttpClient(twilio, tls, clock);
        SmsGateway gateway = new TwilioSmsGateway(twilio, http, clock);
        SafeRetries retries = new SafeRetries(
                gateway,
                SECRET_LIMIT,
                clock,
                new SafeRetries.Pause() {
                    @Override
                    public void of(Duration duration) {
                        sleep(duration);
                    }
                },
                new DoubleSupplier() {
                    @Override
                    public double getAsDouble() {
                        return random.nextDouble();
                    }
                });
        SendSms sendSms = new SendSms(
                store,
                retries,
                brakes(settings, dynamoDb, clock),
                stack,
                settings.callbackBaseUrl(),
                settings.waitForStatus(),
                new Subscribers(List.of(), settings.eventBus().isPresent() ? Event.WANTED : Event.OFF),
                clock,
                random);
        Supplier<TaskIndex> index = new Once<>(new Supplier<>() {
            @Override
            public TaskIndex get() {
                return new DynamoTaskIndex(SdkClients.dynamoDb(settings, STORE_LIMIT), settings.tasksTable());
            }
        });
        Supplier<CancelTask> cancelTask = new Once<>(new Supplier<>() {
            @Override
            public CancelTask get() {
                return new CancelTask(store, new TwilioCancelGateway(twilio, http, clock), stack, clock);
            }
        });
        List<Runnable> connects = List.of(
                new Runnable() {
                    @Override
                    public void run() {
                        store.find(NO_TASK);
                    }
                },
                new Runnable() {
                    @Override
                    public void run() {
                        http.connectAhead(STORE_LIMIT);
                    }
                },
                new Runnable() {
                    @Override
                    public void run() {
                        stack.onlyAccount();
                    }
                });
        return new SendWiring(
                sendSms,
                new ReadTask(store, index, clock),
                cancelTask,
                settings.sendQueueUrl().isPresent() ? queueDoor(settings, aws) : null,
                store,
                new Log.Function(settings, clock),
                clock,
                random,
                connects);
    }

    private static Brakes brakes(Settings settings, AwsJson dynamoDb, Clock clock) {
        Brakes.Limit limit = settings.recipientLimit() == 0
                ? null
                : new Brakes.Limit(
                        settings.recipientLimit(),
                        settings.recipientWindow(),
                        new DynamoRecipientCounter(dynamoDb, settings.tasksTable(), COUNT_LIMIT));
        return new Brakes(settings.allowedPrefixes(), limit, clock);
    }

    private static Supplier<QueueDoor> queueDoor(Settings settings, AwsClients aws) {
        return new Once<>(new Supplier<>() {
            @Override
            public QueueDoor get() {
                SendQueue queue = new SqsSendQueue(
                        aws.sqs(), settings.sendQueueUrl().orElseThrow(), settings.sendDeadLettersUrl());
                return new QueueDoor(queue, settings.sendQueueRetries(), settings.retryDelay());
            }
        });
    }

    private static TaskStore store(AwsJson dynamoDb, Settings settings) {
        return TextRemovingStore.over(
                new DynamoTaskStore(dynamoDb, settings.tasksTable(), settings.taskTtl(), STORE_LIMIT),
                settings.keepsTexts());
    }

    void prime(Consumer<String> log, Runnable rehearsal) {
        new Priming(log, rehearsal, connects).run();
    }

    SendSms sendSms() {
        return sendSms;
    }

    ReadTask readTask() {
        return readTask;
    }

    Log.Function logs() {
        return logs;
    }

    /** Made when it is asked for: hardly any call erases. */
    EraseTask eraseTask() {
        return new EraseTask(store, clock);
    }

    CancelTask cancelTask() {
        return Objects.requireNonNull(cancelTask, "a rehearsal cancels nothing").get();
    }

    boolean hasQueue() {
        return queueDoor != null;
    }

    QueueDoor queueDoor() {
        return Objects.requireNonNull(queueDoor, "without a queue there are no messages")
                .get();
    }

    Instant now() {
        return clock.instant();
    }

    Deadline deadline(int remainingMillis) {
        return new Deadline(clock, clock.instant().plusMillis(remainingMillis));
    }

    /** An id for a task whose caller gave none: such a call cannot be repeated safely. */
    TaskId newTaskId() {
        byte[] id = new byte[TASK_ID_BYTES];
        random.nextBytes(id);
        return new TaskId(HexFormat.of().formatHex(id));
    }

    private static void sleep(Duration duration) {
        try {
            Thread.sleep(duration.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
