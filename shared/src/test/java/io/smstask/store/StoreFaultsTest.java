package io.smstask.store;

import static io.smstask.task.Samples.NOW;
import static io.smstask.task.Samples.SID;
import static io.smstask.task.Samples.TASK_ID;
import static io.smstask.task.Samples.callError;
import static io.smstask.task.Samples.claim;
import static io.smstask.task.Samples.claimedBy;
import static io.smstask.task.Samples.reported;
import static io.smstask.task.Samples.task;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smstask.store.FaultyLink.Fault;
import io.smstask.task.CallFailure;
import io.smstask.task.Change;
import io.smstask.task.Escalation;
import io.smstask.task.Node;
import io.smstask.task.Retryable;
import io.smstask.task.StoreUnavailable;
import io.smstask.task.Task;
import io.smstask.task.TaskStore;
import io.smstask.task.TaskStore.ClaimResult;
import io.smstask.task.TaskStore.WriteResult;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** What the store does when the network or DynamoDB fails it, over real HTTP. */
@Timeout(300)
final class StoreFaultsTest {

    private static final Duration PATIENT = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(500);
    private static final List<String> CALLS = List.of("claim", "claimAgain", "write", "find", "findBySid");
    private static LocalDynamoDb dynamoDb;

    private String table;
    private TaskStore direct;
    private FaultyLink link;
    private DynamoDbClient client;

    @BeforeAll
    static void start() throws Exception {
        dynamoDb = LocalDynamoDb.start();
    }

    @AfterAll
    static void stop() throws Exception {
        dynamoDb.stop();
    }

    @BeforeEach
    void open() throws IOException {
        table = dynamoDb.createTable();
        direct = new DynamoTaskStore(dynamoDb.client(), table, Duration.ofDays(30));
        link = FaultyLink.to(dynamoDb.url());
        client = dynamoDb.client();
    }

    @AfterEach
    void close() {
        link.close();
        if (client != dynamoDb.client()) {
            client.close();
        }
    }

    // outages

    @ParameterizedTest
    @ValueSource(strings = {"claim", "claimAgain", "write", "find", "findBySid"})
    void a_call_ends_while_dynamodb_still_hangs(String call) {
        TaskStore store = storeThrough(link.always(Fault.HANG).url(), SHORT);

        assertUnavailable(store, call);

        assertThat(link.hanging()).isPositive();
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"SERVER_ERROR", "THROTTLED", "REQUEST_LOST", "RUBBISH"})
    void every_call_tells_that_the_store_is_unavailable(Fault fault) {
        TaskStore store = storeThrough(link.url(), SHORT);
        for (String call : CALLS) {
            link.always(fault);

            assertUnavailable(store, call);
        }
        assertThat(direct.find(TASK_ID)).isEmpty();
    }

    @Test
    void a_table_that_is_gone_is_an_outage() {
        TaskStore store = new DynamoTaskStore(dynamoDb.client(), "no-such-table", Duration.ofDays(30));
        for (String call : CALLS) {
            assertUnavailable(store, call);
        }
    }

    @Test
    void a_refused_connection_is_an_outage() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        TaskStore store = storeThrough(URI.create("http://127.0.0.1:" + port), PATIENT);
        for (String call : CALLS) {
            assertUnavailable(store, call);
        }
    }

    @Test
    void a_short_outage_is_bridged() {
        TaskStore store = storeThrough(link.on("PutItem", Fault.SERVER_ERROR).url(), PATIENT);

        assertThat(store.claim(task())).isEqualTo(new ClaimResult.Claimed(task()));
        assertThat(link.requests()).containsExactly("PutItem", "PutItem");
    }

    // lost answers of a claim

    @Test
    void a_claim_whose_first_answer_was_lost_recognises_itself_when_the_sdk_repeats_it() {
        TaskStore store = storeThrough(link.on("PutItem", Fault.ANSWER_LOST).url(), PATIENT);

        assertThat(store.claim(task())).isEqualTo(new ClaimResult.Claimed(task()));
        assertThat(link.requests()).containsExactly("PutItem", "PutItem");
    }

    @Test
    void a_claim_whose_answers_were_all_lost_recognises_itself_by_a_read() {
        TaskStore store = storeThrough(
                link.on("PutItem", Fault.ANSWER_LOST, Fault.ANSWER_LOST, Fault.ANSWER_LOST)
                        .url(),
                PATIENT);

        assertThat(store.claim(task())).isEqualTo(new ClaimResult.Claimed(task()));
        assertThat(link.requests()).containsExactly("PutItem", "PutItem", "PutItem", "GetItem");
    }

    @Test
    void a_claim_whose_answer_was_lost_does_not_take_over_somebody_elses() {
        Task theirs = claimedBy("claim-2");
        direct.claim(theirs);
        TaskStore store = storeThrough(
                link.on("PutItem", Fault.ANSWER_LOST, Fault.ANSWER_LOST, Fault.ANSWER_LOST)
                        .url(),
                PATIENT);

        assertThat(store.claim(task())).isEqualTo(new ClaimResult.Taken(theirs));
        assertThat(direct.find(TASK_ID)).contains(theirs);
    }

    @Test
    void a_further_claim_whose_answers_were_lost_recognises_itself() {
        Task again = connectFailed().claimedAgain(claim("claim-2", 2), NOW, NOW);
        TaskStore store = storeThrough(
                link.on("UpdateItem", Fault.ANSWER_LOST, Fault.ANSWER_LOST, Fault.ANSWER_LOST)
                        .url(),
                PATIENT);

        assertThat(store.claimAgain(again)).isEqualTo(new ClaimResult.Claimed(again));
        assertThat(direct.find(TASK_ID)).contains(again);
    }

    @Test
    void a_further_claim_whose_first_answer_was_lost_recognises_itself_when_the_sdk_repeats_it() {
        Task again = connectFailed().claimedAgain(claim("claim-2", 2), NOW, NOW);
        TaskStore store = storeThrough(link.on("UpdateItem", Fault.ANSWER_LOST).url(), PATIENT);

        assertThat(store.claimAgain(again)).isEqualTo(new ClaimResult.Claimed(again));
        assertThat(link.requests()).containsExactly("UpdateItem", "UpdateItem");
    }

    @Test
    void a_further_claim_that_never_arrived_leaves_the_task_to_be_run_again() {
        Task failed = connectFailed();
        Task again = failed.claimedAgain(claim("claim-2", 2), NOW, NOW);
        TaskStore store = storeThrough(
                link.on("UpdateItem", Fault.REQUEST_LOST, Fault.REQUEST_LOST, Fault.REQUEST_LOST)
                        .url(),
                PATIENT);

        assertThatThrownBy(() -> store.claimAgain(again)).isInstanceOf(StoreUnavailable.class);
        assertThat(direct.find(TASK_ID)).contains(failed);
        assertThat(direct.claimAgain(again)).isEqualTo(new ClaimResult.Claimed(again));
    }

    @Test
    void a_claim_that_can_not_be_read_back_is_released_and_may_run_again() {
        TaskStore store = storeThrough(
                link.on("PutItem", Fault.ANSWER_LOST, Fault.ANSWER_LOST, Fault.ANSWER_LOST)
                        .on("GetItem", Fault.SERVER_ERROR, Fault.SERVER_ERROR, Fault.SERVER_ERROR)
                        .url(),
                PATIENT);

        assertThatThrownBy(() -> store.claim(task())).isInstanceOf(StoreUnavailable.class);

        Task released = direct.find(TASK_ID).orElseThrow();
        assertThat(released.node()).isEqualTo(Node.ESCALATION);
        assertThat(released.escalation().map(Escalation::code)).contains("store_unavailable");
        assertThat(released.escalation().map(Escalation::retryable)).contains(Retryable.YES);
        Task again = released.claimedAgain(claim("claim-2", 2), NOW, NOW);
        assertThat(direct.claimAgain(again)).isEqualTo(new ClaimResult.Claimed(again));
    }

    @Test
    void a_further_claim_that_can_not_be_read_back_is_released_too() {
        Task again = connectFailed().claimedAgain(claim("claim-2", 2), NOW, NOW);
        TaskStore store = storeThrough(
                link.on("UpdateItem", Fault.ANSWER_LOST, Fault.ANSWER_LOST, Fault.ANSWER_LOST)
                        .on("GetItem", Fault.SERVER_ERROR, Fault.SERVER_ERROR, Fault.SERVER_ERROR)
                        .url(),
                PATIENT);

        assertThatThrownBy(() -> store.claimAgain(again)).isInstanceOf(StoreUnavailable.class);

        Task released = direct.find(TASK_ID).orElseThrow();
        assertThat(released.claim()).isEqualTo(claim("claim-2", 2));
        assertThat(released.escalation().map(Escalation::code)).contains("store_unavailable");
        assertThat(released.mayRunAgain()).isTrue();
    }

    @Test
    void a_claim_that_was_not_written_and_can_not_be_read_leaves_nothing() {
        TaskStore store = storeThrough(
                link.on("PutItem", Fault.REQUEST_LOST, Fault.REQUEST_LOST, Fault.REQUEST_LOST)
                        .on("GetItem", Fault.SERVER_ERROR, Fault.SERVER_ERROR, Fault.SERVER_ERROR)
                        .url(),
                PATIENT);

        assertThatThrownBy(() -> store.claim(task())).isInstanceOf(StoreUnavailable.class);
        assertThat(direct.find(TASK_ID)).isEmpty();
    }

    @Test
    void the_release_of_a_claim_leaves_somebody_elses_task_alone() {
        Task theirs = claimedBy("claim-2");
        direct.claim(theirs);
        TaskStore store = storeThrough(
                link.on("PutItem", Fault.REQUEST_LOST, Fault.REQUEST_LOST, Fault.REQUEST_LOST)
                        .on("GetItem", Fault.SERVER_ERROR, Fault.SERVER_ERROR, Fault.SERVER_ERROR)
                        .url(),
                PATIENT);

        assertThatThrownBy(() -> store.claim(task())).isInstanceOf(StoreUnavailable.class);
        assertThat(direct.find(TASK_ID)).contains(theirs);
    }

    // lost answers of a write

    @ParameterizedTest
    @ValueSource(strings = {"queued", "delivered", "failed", "partially_delivered"})
    void a_status_whose_first_answer_was_lost_recognises_itself(String status) {
        direct.claim(task());
        Change change = reported(status).changeOf(task());
        TaskStore store = storeThrough(link.on("UpdateItem", Fault.ANSWER_LOST).url(), PATIENT);

        WriteResult result = store.write(task(), change);

        assertThat(result).isEqualTo(new WriteResult.Written(change.on(task())));
        assertThat(direct.find(TASK_ID)).contains(change.on(task()));
        assertThat(link.requests()).containsExactly("UpdateItem", "UpdateItem");
    }

    @ParameterizedTest
    @EnumSource(
            value = CallFailure.class,
            names = {"TIMEOUT", "OUTCOME_UNKNOWN"})
    void an_escalation_whose_first_answer_was_lost_recognises_itself(CallFailure failure) {
        direct.claim(task());
        Change change = Change.Escalate.of(task(), Optional.empty(), callError(failure), NOW);
        TaskStore store = storeThrough(link.on("UpdateItem", Fault.ANSWER_LOST).url(), PATIENT);

        assertThat(store.write(task(), change)).isEqualTo(new WriteResult.Written(change.on(task())));
        assertThat(direct.find(TASK_ID)).contains(change.on(task()));
    }

    @Test
    void a_status_whose_answers_were_all_lost_is_a_duplicate_when_twilio_repeats_it() {
        direct.claim(task());
        Change delivered = reported("delivered").changeOf(task());
        TaskStore store = storeThrough(
                link.on("UpdateItem", Fault.ANSWER_LOST, Fault.ANSWER_LOST, Fault.ANSWER_LOST)
                        .url(),
                PATIENT);

        assertThatThrownBy(() -> store.write(task(), delivered)).isInstanceOf(StoreUnavailable.class);

        Task stored = store.find(TASK_ID).orElseThrow();
        assertThat(stored).isEqualTo(delivered.on(task()));
        Task repeated =
                ((WriteResult.Written) store.write(stored, reported("delivered").changeOf(stored))).task();
        assertThat(repeated.node()).isEqualTo(Node.FINAL);
        assertThat(repeated.history()).hasSize(2);
    }

    private TaskStore storeThrough(URI endpoint, Duration limit) {
        client = LocalDynamoDb.client(endpoint, limit);
        return new DynamoTaskStore(client, table, Duration.ofDays(30));
    }

    private Task connectFailed() {
        direct.claim(task());
        Change failed = Change.Escalate.of(task(), Optional.empty(), callError(CallFailure.CONNECT_FAILED), NOW);
        return ((WriteResult.Written) direct.write(task(), failed)).task();
    }

    private static void assertUnavailable(TaskStore store, String call) {
        Task again = task().claimedAgain(claim("claim-2", 2), NOW, NOW);
        Map<String, Runnable> calls = Map.of(
                "claim", () -> store.claim(task()),
                "claimAgain", () -> store.claimAgain(again),
                "write", () -> store.write(task(), reported("sent").changeOf(task())),
                "find", () -> store.find(TASK_ID),
                "findBySid", () -> store.findBySid(SID));
        assertThatThrownBy(calls.get(call)::run).as(call).isInstanceOf(StoreUnavailable.class);
    }
}
