package io.smstask.poll;

import static io.smstask.testing.TaskFixture.TOKEN;
import static io.smstask.testing.TaskFixture.secret;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.smstask.json.Json;
import io.smstask.lambda.FailureCounts;
import io.smstask.lambda.Log;
import io.smstask.settings.Settings;
import io.smstask.store.DynamoTaskIndex;
import io.smstask.task.AccountSid;
import io.smstask.task.RecordStatus;
import io.smstask.task.Task;
import io.smstask.task.TaskId;
import io.smstask.task.TaskStore;
import io.smstask.tell.TellSubscribers;
import io.smstask.testing.HandClock;
import io.smstask.testing.TestContext;
import io.smstask.twilio.StackCredentials;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/**
 * A store and a queue that answer every call, and slowly, while one thing is done at a time: a run ends before its function
 * times out, with its figures in the log. 70 and 350 ms are what calls at their limits cost where 16 are made at once, as in
 * Lambda.
 */
final class SlowStoreTest {

    private static final String AS_EVER = "5, 20";
    private static final String AT_THEIR_LIMITS = "70, 350";
    private static final String ONE_AFTER_THE_OTHER = "1150, 2900";

    private static final Duration RUN = PollFixture.RUN;

    private final HandClock clock = new HandClock();
    private final TestContext context = new TestContext(RUN);
    private final SlowQueue queue = new SlowQueue();
    private final List<PollMessage> sent = new ArrayList<>();
    private Duration storeTakes = Duration.ZERO;
    private Duration queueTakes = Duration.ZERO;
    private String endless = "none";

    @ParameterizedTest
    @CsvSource({AS_EVER, AT_THEIR_LIMITS, ONE_AFTER_THE_OTHER})
    void a_dispatch_ends_in_its_time(long storeMillis, long queueMillis) throws IOException {
        slow(storeMillis, queueMillis);
        Instant end = clock.instant().plus(RUN);

        handle(new Parallel(1), "{\"poll\": true}");

        assertThat(clock.instant()).isBefore(end);
        assertThat(context.lines()).startsWith("{\"message\":\"dispatched\",\"due_tell\":");
        assertThat(sent).isNotEmpty();
    }

    @Test
    void pages_without_end_that_hold_no_task_leave_time_for_all_others() throws IOException {
        slow(100, 0);
        endless = "tell-0";

        handle(new Parallel(2), "{\"poll\": true}");

        assertThat(sent).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({AS_EVER, AT_THEIR_LIMITS, ONE_AFTER_THE_OTHER})
    void a_worker_ends_in_its_time(long storeMillis, long queueMillis) throws IOException {
        slow(storeMillis, queueMillis);
        Instant end = clock.instant().plus(RUN);
        List<Object> records = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            PollMessage message =
                    new PollMessage(new TaskId("task-" + i), Optional.of(new AccountSid(PollFixture.ACCOUNT)), end);
            records.add(Map.of(
                    "messageId",
                    "m-" + i,
                    "body",
                    message.json(),
                    "attributes",
                    Map.of("ApproximateReceiveCount", "1"),
                    "eventSource",
                    "aws:sqs"));
        }

        handle(new Parallel(1), Json.writeText(Map.of("Records", records)));

        assertThat(clock.instant()).isBefore(end);
        assertThat(context.lines()).contains("{\"message\":\"worked\",").doesNotContain("\"failed\":100");
    }

    private synchronized void pass(Duration time) {
        clock.move(time);
    }

    private void slow(long storeMillis, long queueMillis) {
        storeTakes = Duration.ofMillis(storeMillis);
        queueTakes = Duration.ofMillis(queueMillis);
    }

    private void handle(Parallel parallel, String event) {
        TaskStore store = new SlowStore();
        DynamoTaskIndex index = new DynamoTaskIndex(new SlowIndex(), "tasks");
        FailureCounts failures = new FailureCounts();
        StackCredentials stack = new StackCredentials("smstask/twilio", id -> Optional.of(secret(TOKEN)), clock);
        PollStates states = new SlowStates();
        PollFixture twilio = PollFixture.withTaskOfTheStack(secret(TOKEN));
        new PollHandler(new PollWiring(
                        new Dispatcher(store, index, queue, states, failures, parallel, () -> 0, clock),
                        new Worker(
                                store,
                                new RecordStatus(store, clock),
                                new TellSubscribers(store, (token, task, limit) -> true, clock),
                                new Looks(
                                        stack,
                                        twilio.messages,
                                        new FindMessage(store, index, twilio.messages, clock),
                                        states,
                                        failures,
                                        clock),
                                failures,
                                parallel,
                                () -> 0,
                                clock),
                        new Log.Function(
                                Settings.from(Map.of("AWS_ACCESS_KEY_ID", "k", "AWS_SECRET_ACCESS_KEY", "s")), clock),
                        failures,
                        clock))
                .answer(event.getBytes(UTF_8), context.invocation());
    }

    /** Every task that it is asked for is there, and is looked at in vain. */
    private final class SlowStore implements TaskStore {

        @Override
        public ClaimResult claim(Task task) {
            throw new UnsupportedOperationException("the poll claims nothing");
        }

        @Override
        public ClaimResult claimAgain(Task seen, Task again) {
            throw new UnsupportedOperationException("the poll claims nothing");
        }

        @Override
        public WriteResult replace(Task seen, Task next) {
            pass(storeTakes);
            return new WriteResult.Written(next.writtenOver(seen));
        }

        @Override
        public Optional<Task> find(TaskId id) {
            pass(storeTakes);
            PollFixture fixture = PollFixture.withTaskOfTheStack(secret(TOKEN));
            return Optional.of(fixture.recorded("queued").stored().polledAt(HandClock.START.plus(RUN)));
        }

        @Override
        public Rescheduled reschedule(TaskId id, BigDecimal seen, Instant to) {
            pass(storeTakes);
            return new Rescheduled.Moved(Optional.of(new AccountSid(PollFixture.ACCOUNT)), Optional.empty());
        }
    }

    /** DynamoDB's client. Each part of the index has full pages without end, and the endless one no task on them. */
    private final class SlowIndex implements DynamoDbClient {

        private final AtomicInteger listed = new AtomicInteger();

        @Override
        public QueryResponse query(QueryRequest query) {
            pass(storeTakes);
            String shard = query.expressionAttributeValues().get(":shard").s();
            List<Map<String, AttributeValue>> page = new ArrayList<>();
            for (int i = 0; i < query.limit(); i++) {
                page.add(Map.of(
                        "task_id",
                        AttributeValue.fromS((shard.equals(endless) ? "none#" : "task-") + listed.incrementAndGet()),
                        "poll_at",
                        AttributeValue.fromN("1")));
            }
            return QueryResponse.builder()
                    .items(page)
                    .lastEvaluatedKey(page.get(0))
                    .build();
        }

        @Override
        public String serviceName() {
            return SERVICE_NAME;
        }

        @Override
        public void close() {}
    }

    private final class SlowQueue implements PollQueue {

        @Override
        public long waiting() {
            pass(queueTakes);
            return 0;
        }

        @Override
        public List<PollMessage> send(List<PollMessage> messages) {
            pass(queueTakes);
            sent.addAll(messages);
            return List.of();
        }
    }

    private final class SlowStates implements PollStates {

        @Override
        public Optional<Instant> restsUntil(AccountSid account) {
            pass(storeTakes);
            return Optional.empty();
        }

        @Override
        public void rest(AccountSid account, Instant until) {
            pass(storeTakes);
        }

        @Override
        public void resume(AccountSid account) {
            pass(storeTakes);
        }

        @Override
        public List<Sent> sent() {
            pass(storeTakes);
            return List.of();
        }

        @Override
        public void sent(List<Sent> sent) {
            pass(storeTakes);
        }
    }
}
