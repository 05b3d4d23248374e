package io.smstask.local;

import static io.smstask.local.TasksClient.aTask;
import static io.smstask.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.smstask.aws.SdkClients;
import io.smstask.lambda.Log;
import io.smstask.local.template.Alarm;
import io.smstask.local.template.Template;
import io.smstask.settings.Settings;
import io.smstask.simulator.CallbackPlan;
import io.smstask.simulator.Fault;
import io.smstask.simulator.SimulatedAnswer;
import io.smstask.simulator.TwilioSimulator;
import io.smstask.testing.Patience;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The alarms of template.yaml that look at our own metrics: each fires once its fault happens, and none in a good hour. AWS's
 * own metrics (errors, throttles, the queues' ages) do not exist on one machine.
 */
class AlarmsTest {

    private static final Schema SCHEMA = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(AlarmsTest.class.getResourceAsStream("embedded-metric-format.json"));

    private static final String SECRET = "smstask/twilio";

    private static final Map<String, String> THRESHOLDS = Map.of("SegmentsAlarmThreshold", "30");

    /** What provokes each alarm. */
    private static final Map<String, Provoke> FAULTS = Map.ofEntries(
            Map.entry("TwilioDownAlarm", AlarmsTest::twilioIsDown),
            Map.entry("UnknownOutcomesAlarm", AlarmsTest::connectionsAreLost),
            Map.entry("CredentialsAlarm", AlarmsTest::theTokenWasRotated),
            Map.entry("NoCallbacksAlarm", AlarmsTest::callbacksAreBlocked),
            Map.entry("ForgedCallbacksAlarm", AlarmsTest::callbacksAreForged),
            Map.entry("CallbacksUnavailableAlarm", AlarmsTest::callbacksCannotBeRead),
            Map.entry("StoreUnavailableAlarm", AlarmsTest::theTableThrottles),
            Map.entry("MisconfiguredAlarm", AlarmsTest::theSecretIsRubbish),
            Map.entry("NotRecordedAlarm", AlarmsTest::answersAreNotRecorded),
            Map.entry("PollBehindAlarm", AlarmsTest::aTaskWasNotPolled),
            Map.entry("QueueBehindAlarm", AlarmsTest::nobodyReadsTheQueue),
            Map.entry("SetAsideAlarm", AlarmsTest::anItemTakesNoLease),
            Map.entry("SegmentsAlarm", AlarmsTest::longTextsAreSent),
            Map.entry("StoppedAlarm", AlarmsTest::theBrakesStopTasks),
            Map.entry("UndeliveredAlarm", AlarmsTest::messagesDoNotArrive));

    private interface Provoke {
        void in(Hour hour);
    }

    /** The stack in one hour, and its log. */
    private record Hour(LocalStack stack, TwilioSimulator twilio, TasksClient client, List<String> log) {

        /** Sends this many tasks. */
        void send(int count) {
            for (int i = 0; i < count; i++) {
                client.send(aTask("task-" + i));
            }
        }

        /** Sends tasks to which this happens. */
        void sendWith(int count, Runnable first) {
            for (int i = 0; i < count; i++) {
                first.run();
                client.send(aTask("task-" + i));
            }
        }

        void awaitLines(String event, int count) {
            await(event)
                    .until(() -> log.stream()
                                    .filter(line -> line.contains("\"" + event + "\""))
                                    .count()
                            >= count);
        }

        /** The first queries of a process take their time, on a busy machine more than the poll gives them. */
        void poll() {
            await("a poll that could list all that is due").until(() -> {
                long before = outages();
                PollRun.of(stack);
                return outages() == before;
            });
        }

        private long outages() {
            return log.stream()
                    .filter(line -> line.contains("\"store_unavailable\""))
                    .count();
        }
    }

    private final List<String> log = new CopyOnWriteArrayList<>();

    static Stream<Alarm> ownAlarms() {
        return Template.read(Template.find()).alarms(THRESHOLDS).stream()
                .filter(alarm -> alarm.measures().get(0).namespace().equals(Log.NAMESPACE));
    }

    @Test
    void there_is_a_fault_for_each_alarm() {
        assertThat(ownAlarms().map(Alarm::logicalId)).containsExactlyInAnyOrderElementsOf(FAULTS.keySet());
    }

    @Test
    void in_a_good_hour_no_alarm_fires() throws IOException {
        try (LocalStack stack = start()) {
            Hour hour = hour(stack);
            hour.poll();
            log.clear();
            hour.send(25);
            hour.awaitLines("delivered", 25);
            hour.poll();

            assertThat(ownAlarms().filter(alarm -> fires(hour, alarm)).map(Alarm::logicalId))
                    .isEmpty();
            List<String> withMetrics =
                    log.stream().filter(line -> line.contains("\"_aws\"")).toList();
            assertThat(withMetrics).hasSizeGreaterThan(50);
            for (String line : withMetrics) {
                assertThat(SCHEMA.validate(line, InputFormat.JSON)).as(line).isEmpty();
            }
            assertThat(SCHEMA.validate("{\"_aws\": {}}", InputFormat.JSON)).isNotEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("ownAlarms")
    void an_alarm_fires_once_its_fault_happens(Alarm alarm) throws IOException {
        try (LocalStack stack = start()) {
            Hour hour = hour(stack);

            FAULTS.get(alarm.logicalId()).in(hour);

            await(alarm.logicalId()).until(() -> fires(hour, alarm));
        }
    }

    @Test
    void without_any_run_of_the_poll_an_alarm_fires() {
        Alarm behind = ownAlarms()
                .filter(alarm -> alarm.logicalId().equals("PollBehindAlarm"))
                .findFirst()
                .orElseThrow();

        assertThat(EmbeddedMetrics.of(List.of()).fires(behind)).isTrue();
    }

    private static boolean fires(Hour hour, Alarm alarm) {
        return EmbeddedMetrics.of(hour.log()).fires(alarm);
    }

    private LocalStack start() {
        return LocalStack.start(
                LocalOptions.forTests(log::add).withParameters(Map.of("AllowedPrefixes", "+1")),
                Template.read(Template.find()));
    }

    private Hour hour(LocalStack stack) {
        return new Hour(stack, stack.simulator().orElseThrow(), new TasksClient(stack.tasksUrl()), log);
    }

    private static void twilioIsDown(Hour hour) {
        hour.sendWith(5, () -> hour.twilio().nextAnswer(SimulatedAnswer.httpError(503, "text/plain", "down")));
    }

    private static void connectionsAreLost(Hour hour) {
        hour.sendWith(3, () -> hour.twilio().nextAnswer(SimulatedAnswer.closeWithoutAnswer()));
    }

    private static void theTokenWasRotated(Hour hour) {
        hour.stack()
                .secretsManager()
                .put(
                        SECRET,
                        LocalStack.secret(LocalOptions.SIMULATED_ACCOUNT)
                                .replace(LocalOptions.SIMULATED_ACCOUNT.authToken(), "f".repeat(32)));
        hour.send(3);
    }

    private static void callbacksAreBlocked(Hour hour) {
        hour.sendWith(20, () -> hour.twilio().nextCallbacks(CallbackPlan.lost("sent")));
        for (int i = 0; i < 20; i++) {
            Overdue.make(hour.stack(), "task-" + i);
        }
        hour.poll();
    }

    private static void callbacksAreForged(Hour hour) {
        hour.sendWith(1, () -> hour.twilio().nextFault(Fault.CALLBACKS_SIGNED_WRONG));
    }

    private static void callbacksCannotBeRead(Hour hour) {
        hour.stack().dynamoDb().calls().fail("GetItem");
        hour.send(5);
    }

    private static void theTableThrottles(Hour hour) {
        hour.stack().dynamoDb().calls().fail("PutItem", "UpdateItem", "GetItem");
        hour.send(5);
    }

    private static void theSecretIsRubbish(Hour hour) {
        hour.stack().secretsManager().put(SECRET, "rubbish");
        hour.send(1);
    }

    private static void answersAreNotRecorded(Hour hour) {
        hour.stack().dynamoDb().calls().fail("UpdateItem");
        hour.sendWith(5, () -> hour.twilio().nextCallbacks(CallbackPlan.lost("sent")));
    }

    private static void aTaskWasNotPolled(Hour hour) {
        hour.sendWith(1, () -> hour.twilio().nextCallbacks(CallbackPlan.lost("sent")));
        Overdue.make(hour.stack(), "task-0");
        hour.poll();
    }

    private static void nobodyReadsTheQueue(Hour hour) {
        try (LocalStack withoutReader =
                LocalStack.start(LocalOptions.forTests(hour.log()::add), templateWithoutReader())) {
            withoutReader.queue(LocalStack.POLL_QUEUE).call("SendMessage", Map.of("MessageBody", "waits"));
            for (int i = 0; i < 3; i++) {
                withoutReader
                        .function(LocalStack.POLL_FUNCTION)
                        .invoke("{\"poll\": true}".getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Template templateWithoutReader() throws IOException {
        Path file = Files.createTempFile("template", ".yaml");
        try {
            String template = Files.readString(Template.find());
            return Template.read(Files.writeString(
                    file, template.replace("AWS::Lambda::EventSourceMapping", "Nobody::Reads::Queue")));
        } finally {
            Files.delete(file);
        }
    }

    private static void anItemTakesNoLease(Hour hour) {
        var settings = Settings.from(hour.stack().environment(LocalStack.POLL_FUNCTION));
        try (DynamoDbClient client = SdkClients.dynamoDb(settings, Patience.PATIENCE)) {
            client.putItem(put -> put.tableName(LocalStack.TABLE)
                    .item(Map.of(
                            "task_id", AttributeValue.fromS("poison"),
                            "poll_shard", AttributeValue.fromS("look-0"),
                            "poll_at", AttributeValue.fromN("1"),
                            "revision", AttributeValue.fromS("not a number"))));
        }
        hour.poll();
    }

    private static void longTextsAreSent(Hour hour) {
        for (int i = 0; i < 4; i++) {
            Map<String, Object> task = aTask("long-" + i);
            task.put("body", "0123456789".repeat(150));
            hour.client().send(task);
        }
    }

    private static void theBrakesStopTasks(Hour hour) {
        for (int i = 0; i < 20; i++) {
            Map<String, Object> task = aTask("abroad-" + i);
            task.put("number_to", "+441234567890");
            hour.client().send(task);
        }
    }

    private static void messagesDoNotArrive(Hour hour) {
        hour.sendWith(20, () -> hour.twilio().nextCallbacks(CallbackPlan.afterAnswer("sent", "undelivered")));
    }
}
