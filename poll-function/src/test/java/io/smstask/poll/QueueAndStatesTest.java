package io.smstask.poll;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.MAP;

import io.smstask.aws.AwsClients;
import io.smstask.http.Tls;
import io.smstask.json.Json;
import io.smstask.poll.PollStates.Sent;
import io.smstask.task.AccountSid;
import io.smstask.task.StoreUnavailable;
import io.smstask.task.TaskId;
import io.smstask.testing.AwsStub;
import io.smstask.testing.HandClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What SQS and DynamoDB are asked for over HTTP. */
final class QueueAndStatesTest {

    private static final AccountSid ACCOUNT = new AccountSid(PollFixture.ACCOUNT);
    private static final PollMessage MESSAGE =
            new PollMessage(new TaskId("order-4711"), Optional.of(ACCOUNT), Instant.ofEpochMilli(1_795_521_660_000L));
    private static final PollMessage WITHOUT_ACCOUNT =
            new PollMessage(new TaskId("order-4712"), Optional.empty(), Instant.ofEpochMilli(1));

    private final HandClock clock = new HandClock();

    private AwsStub aws;
    private PollQueue queue;
    private PollStates states;

    @BeforeEach
    void start() throws IOException {
        aws = new AwsStub();
        AwsClients clients = new AwsClients(aws.settings(), new Tls(), clock);
        queue = new SqsPollQueue(clients.sqs(), "https://sqs.example/queue");
        states = new DynamoPollStates(clients.dynamoDb(), "tasks", Duration.ofSeconds(20), clock);
    }

    @AfterEach
    void stop() {
        aws.close();
    }

    @Test
    void messages_are_sent_under_their_accounts_and_hold_ids_only() {
        aws.answer("{\"Successful\":[{\"Id\":\"0\"}],\"Failed\":[{\"Id\":\"1\",\"Code\":\"InternalError\"}]}");

        assertThat(queue.send(List.of(MESSAGE, WITHOUT_ACCOUNT))).containsExactly(WITHOUT_ACCOUNT);

        assertThat(aws.targets()).containsExactly("AmazonSQS.SendMessageBatch");
        assertThat(aws.requests().get(0))
                .isEqualTo(Map.of(
                        "QueueUrl",
                        "https://sqs.example/queue",
                        "Entries",
                        List.of(
                                Map.of(
                                        "Id",
                                        "0",
                                        "MessageBody",
                                        "{\"task_id\":\"order-4711\",\"AccountSid\":\"" + ACCOUNT
                                                + "\",\"poll_at\":1795521660000}",
                                        "MessageGroupId",
                                        ACCOUNT.value()),
                                Map.of(
                                        "Id",
                                        "1",
                                        "MessageBody",
                                        "{\"task_id\":\"order-4712\",\"poll_at\":1}",
                                        "MessageGroupId",
                                        "unknown"))));
    }

    @Test
    void a_message_is_read_as_it_was_written() throws Exception {
        assertThat(PollMessage.parse(MESSAGE.json())).isEqualTo(MESSAGE);
        assertThat(PollMessage.parse(WITHOUT_ACCOUNT.json())).isEqualTo(WITHOUT_ACCOUNT);
    }

    @Test
    void the_queue_says_how_many_messages_wait() {
        aws.answer("{\"Attributes\":{\"ApproximateNumberOfMessages\":\"42\"}}");

        assertThat(queue.waiting()).isEqualTo(42);
        assertThat(aws.targets()).containsExactly("AmazonSQS.GetQueueAttributes");
    }

    @Test
    void a_queue_that_is_not_there_is_named_by_awss_error() {
        aws.answer(400, "{\"__type\":\"com.amazonaws.sqs#QueueDoesNotExist\"}");

        assertThatThrownBy(() -> queue.waiting())
                .isInstanceOf(QueueUnavailable.class)
                .hasMessageEndingWith("QueueDoesNotExist");
    }

    @Test
    void an_accounts_rest_lies_under_a_key_that_is_no_task_id_and_expires() {
        states.rest(ACCOUNT, Instant.ofEpochMilli(1_795_521_660_000L));

        assertThat(aws.targets()).containsExactly("DynamoDB_20120810.UpdateItem");
        assertThat(aws.requests().get(0)).containsEntry("Key", Map.of("task_id", Map.of("S", "account#" + ACCOUNT)));
        assertThat(aws.requests().get(0).get("ExpressionAttributeValues"))
                .asInstanceOf(MAP)
                .containsEntry(":value", Map.of("S", "1795521660000"))
                .containsEntry(
                        ":expiry",
                        Map.of(
                                "N",
                                Long.toString(
                                        clock.instant().plus(Duration.ofDays(2)).getEpochSecond())));
        assertThat(TaskId.isValid("account#" + ACCOUNT)).isFalse();
    }

    @Test
    void a_rest_shortens_none_and_overwrites_what_no_run_can_have_written() {
        states.rest(ACCOUNT, Instant.ofEpochMilli(1_795_521_660_000L));

        assertThat(aws.requests().get(0))
                .containsEntry(
                        "ConditionExpression", "attribute_not_exists(#value) OR #value < :value OR #value > :last");
        assertThat(aws.requests().get(0).get("ExpressionAttributeValues"))
                .asInstanceOf(MAP)
                .containsEntry(
                        ":last",
                        Map.of(
                                "S",
                                Long.toString(clock.instant()
                                        .plus(Looks.LONGEST_LIMIT)
                                        .toEpochMilli())));
    }

    @Test
    void a_look_that_was_answered_ends_no_rest_that_has_begun_since() {
        states.resume(ACCOUNT);

        assertThat(aws.requests().get(0)).containsEntry("ConditionExpression", "#value <= :now");
        assertThat(aws.requests().get(0).get("ExpressionAttributeValues"))
                .asInstanceOf(MAP)
                .containsEntry(":now", Map.of("S", Long.toString(clock.instant().toEpochMilli())));
    }

    @Test
    void a_state_that_another_run_has_moved_on_is_no_outage() {
        aws.answer(400, "{\"__type\":\"com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException\"}");

        states.rest(ACCOUNT, Instant.ofEpochMilli(1_795_521_660_000L));
        states.resume(ACCOUNT);

        assertThat(aws.requests()).hasSize(2);
    }

    @Test
    void what_was_written_is_read_back() {
        aws.answer("{\"Item\":{\"task_id\":{\"S\":\"x\"},\"poll_state\":{\"S\":\"1795521660000\"}}}");
        assertThat(states.restsUntil(ACCOUNT)).contains(Instant.ofEpochMilli(1_795_521_660_000L));

        aws.answer("{\"Item\":{\"poll_state\":{\"S\":\"1:20 60001:7\"}}}");
        List<Sent> sent = List.of(new Sent(Instant.ofEpochMilli(1), 20), new Sent(Instant.ofEpochMilli(60_001), 7));
        assertThat(states.sent()).isEqualTo(sent);
        states.sent(sent);
        assertThat(aws.requests().get(2).get("ExpressionAttributeValues").toString())
                .contains("1:20 60001:7");

        aws.answer("{\"Item\":{\"poll_state\":{\"S\":\"\"}}}");
        assertThat(states.restsUntil(ACCOUNT)).isEmpty();
        aws.answer("{}");
        assertThat(states.sent()).isEmpty();
    }

    /** The items of each released version, in files that never change: docs/adr/0047. */
    @ParameterizedTest
    @ValueSource(strings = "v0.1")
    void states_of_each_version_are_read_for_good(String version) throws Exception {
        aws.answer("{\"Item\":" + stored(version, "poll-account-rests") + "}");
        assertThat(states.restsUntil(ACCOUNT)).contains(Instant.ofEpochMilli(1_795_521_660_000L));

        aws.answer("{\"Item\":" + stored(version, "poll-queue-sent") + "}");
        assertThat(states.sent())
                .containsExactly(
                        new Sent(Instant.ofEpochMilli(1_795_521_480_000L), 20),
                        new Sent(Instant.ofEpochMilli(1_795_521_540_000L), 7));
    }

    @Test
    void this_code_stores_all_that_the_files_of_its_version_have() throws Exception {
        states.rest(ACCOUNT, Instant.ofEpochMilli(1_795_521_660_000L));
        states.sent(List.of(
                new Sent(Instant.ofEpochMilli(1_795_521_480_000L), 20),
                new Sent(Instant.ofEpochMilli(1_795_521_540_000L), 7)));

        assertThat(written(aws.requests().get(0)))
                .containsAllEntriesOf(Json.parseObject(stored("v0.1", "poll-account-rests")));
        assertThat(written(aws.requests().get(1)))
                .containsAllEntriesOf(Json.parseObject(stored("v0.1", "poll-queue-sent")));
    }

    private static String stored(String version, String name) throws IOException {
        return Files.readString(Path.of("..", "shared", "src", "test", "resources", "items", version, name + ".json"));
    }

    /** The item that an update makes where there was none. */
    private static Map<Object, Object> written(Map<String, Object> update) {
        Map<?, ?> names = (Map<?, ?>) update.get("ExpressionAttributeNames");
        Map<?, ?> values = (Map<?, ?>) update.get("ExpressionAttributeValues");
        Map<Object, Object> item = new HashMap<>((Map<?, ?>) update.get("Key"));
        assertThat(update.get("UpdateExpression")).isEqualTo("SET #value = :value, #expiry = :expiry");
        item.put(names.get("#value"), values.get(":value"));
        item.put(names.get("#expiry"), values.get(":expiry"));
        return item;
    }

    @ParameterizedTest
    @ValueSource(strings = {"rubbish", "1", "1:", ":", "1:x", "99999999999999999999:1", "1:2:3"})
    void incident_37_a_state_that_somebody_else_has_written_counts_as_none(String value) {
        aws.answer("{\"Item\":{\"poll_state\":{\"S\":\"" + value + "\"}}}");

        assertThat(states.sent()).isEmpty();
        assertThat(states.restsUntil(ACCOUNT))
                .isEqualTo(value.equals("1") ? Optional.of(Instant.ofEpochMilli(1)) : Optional.empty());
    }

    @Test
    void a_table_that_does_not_answer_is_an_outage() {
        aws.answer(400, "{\"__type\":\"com.amazonaws.dynamodb.v20120810#ResourceNotFoundException\"}");

        assertThatThrownBy(() -> states.restsUntil(ACCOUNT)).isInstanceOf(StoreUnavailable.class);
    }
}
