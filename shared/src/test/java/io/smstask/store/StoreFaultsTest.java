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
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.smstask.aws.AwsError;
import io.smstask.aws.AwsFailure;
import io.smstask.store.FaultyLink.LinkFault;
import io.smstask.task.CallFailure;
import io.smstask.task.Escalation;
import io.smstask.task.Match;
import io.smstask.task.Misconfigured;
import io.smstask.task.Node;
import io.smstask.task.PollKind;
import io.smstask.task.Retryable;
import io.smstask.task.StoreUnavailable;
import io.smstask.task.Task;
import io.smstask.task.TaskId;
import io.smstask.task.TaskIndex;
import io.smstask.task.TaskStore;
import io.smstask.task.TaskStore.ClaimResult;
import io.smstask.task.TaskStore.WriteResult;
import io.smstask.task.UnreadableTask;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The store when the network or DynamoDB fails, over real HTTP. */
@Timeout(300)
final class StoreFaultsTest {

    private static final Duration PATIENT = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(500);
    private static final List<String> CALLS =
            List.of("claim", "claimAgain", "write", "find", "bySid", "due", "neighbours");
    private static EmbeddedDynamoDb dynamoDb;

    private String table;
    private TaskStore direct;
    private TaskIndex index;
    private FaultyLink link;

    @BeforeAll
    static void start() throws Exception {
        dynamoDb = EmbeddedDynamoDb.start();
    }

    @AfterAll
    static void stop() throws Exception {
        dynamoDb.stop();
    }

    @BeforeEach
    void open() throws IOException {
        table = dynamoDb.createTable();
        direct = EmbeddedDynamoDb.store(dynamoDb.url(), table, PATIENT);
        link = FaultyLink.to(dynamoDb.url());
    }

    @AfterEach
    void close() {
        link.close();
    }

    // outages

    @ParameterizedTest
    @ValueSource(strings = {"claim", "claimAgain", "write", "find", "bySid", "due", "neighbours"})
    void a_call_ends_while_dynamodb_still_hangs(String call) {
        TaskStore store = storeThrough(link.always(LinkFault.HANG).url(), SHORT);

        assertUnavailable(store, call);

        assertThat(link.hanging()).isPositive();
    }

    @ParameterizedTest
    @EnumSource(
            value = LinkFault.class,
            names = {"SERVER_ERROR", "THROTTLED", "HTTP_429", "EXPIRED", "REQUEST_LOST", "RUBBISH", "PROXY_REFUSAL"})
    void every_call_tells_that_the_store_is_unavailable(LinkFault fault) {
        TaskStore store = storeThrough(link.url(), SHORT);
        for (String call : CALLS) {
            link.always(fault);

            assertUnavailable(store, call);
        }
        assertThat(direct.find(TASK_ID)).isEmpty();
    }

    @Test
    @Timeout(9)
    void a_claim_that_hangs_ends_with_its_step_read_and_release_included() {
        TaskStore store =
                storeThrough(link.always(LinkFault.HANG).url(), PATIENT).within(Duration.ofSeconds(4));

        assertThatThrownBy(() -> store.claim(task())).isInstanceOf(StoreUnavailable.class);

        assertThat(link.requests()).contains("PutItem", "GetItem", "UpdateItem");
    }

    @Test
    void a_step_that_is_over_makes_no_request() {
        TaskStore over = storeThrough(link.url(), PATIENT).within(Duration.ZERO);

        assertThatThrownBy(() -> over.find(TASK_ID)).isInstanceOf(StoreUnavailable.class);
        assertThatThrownBy(() -> over.claim(task())).isInstanceOf(StoreUnavailable.class);

        assertThat(link.requests()).isEmpty();
    }

    // faults of the configuration

    @ParameterizedTest
    @EnumSource(
            value = LinkFault.class,
            names = {"DENIED", "OTHER_SCHEMA", "KEY_DISABLED"})
    void incident_36_every_call_tells_a_refusal_that_stays_so_as_a_fault_of_the_configuration(LinkFault fault) {
        TaskStore store = storeThrough(link.url(), PATIENT);
        for (String call : CALLS) {
            link.always(fault);

            assertMisconfigured(store, call);
        }
        assertThat(direct.find(TASK_ID)).isEmpty();
    }

    @Test
    void a_table_that_is_not_there_is_a_fault_of_the_configuration() {
        table = "no-such-table";
        TaskStore store = storeThrough(link.url(), PATIENT);
        for (String call : CALLS) {
            assertMisconfigured(store, call);
        }
    }

    @Test
    void an_index_that_is_not_there_is_a_fault_of_the_configuration() {
        table = dynamoDb.createTableWithoutIndexes();
        TaskStore store = storeThrough(link.url(), PATIENT);

        for (String call : List.of("bySid", "due", "neighbours")) {
            assertMisconfigured(store, call);
        }
    }

    @Test
    void a_claim_that_was_refused_is_neither_repeated_nor_looked_for_nor_released() {
        TaskStore store = storeThrough(link.on("PutItem", LinkFault.DENIED).url(), PATIENT);

        assertMisconfigured(store, "claim");

        assertThat(link.requests()).containsExactly("PutItem");
        assertThat(direct.find(TASK_ID)).isEmpty();
    }

    @Test
    void a_claim_whose_answer_was_lost_before_its_repeat_was_refused_recognises_itself() {
        TaskStore store = storeThrough(
                link.on("PutItem", LinkFault.ANSWER_LOST, LinkFault.DENIED).url(), PATIENT);

        assertThat(store.claim(task())).isEqualTo(new ClaimResult.Claimed(task()));
        assertThat(link.requests()).containsExactly("PutItem", "PutItem", "GetItem");
    }

    @ParameterizedTest
    @CsvSource({
        "DENIED, AccessDeniedException, 400",
        "THROTTLED, ProvisionedThroughputExceededException, 400",
        "SERVER_ERROR, InternalServerError, 500",
        "RUBBISH, not_from_aws, 200",
        "PROXY_REFUSAL, not_from_aws, 403",
        "REQUEST_LOST, no_answer, 0"
    })
    void a_failure_holds_awss_name_for_it_and_the_http_status(LinkFault fault, String name, int httpStatus) {
        TaskStore store = storeThrough(link.always(fault).url(), PATIENT);

        StoreUnavailable thrown = catchThrowableOfType(StoreUnavailable.class, () -> store.find(TASK_ID));

        assertThat(AwsFailure.in(thrown)).contains(new AwsError(name, httpStatus));
        assertThat(thrown.getMessage()).isEqualTo("a task could not be read: " + name);
    }

    // what reads rely on

    @Test
    void every_read_of_a_task_is_consistent() {
        direct.claim(task());
        direct.replace(task(), reported("sent").appliedTo(task()));
        TaskStore store = storeThrough(
                link.on("PutItem", LinkFault.ANSWER_LOST, LinkFault.ANSWER_LOST, LinkFault.ANSWER_LOST)
                        .url(),
                PATIENT);

        store.find(TASK_ID);
        store.claim(task());

        assertThat(link.requests()).filteredOn("GetItem"::equals).hasSize(2);
        for (int i = 0; i < link.requests().size(); i++) {
            if (link.requests().get(i).equals("GetItem")) {
                assertThat(link.bodies().get(i)).contains("\"ConsistentRead\":true");
            }
        }
    }

    @Test
    void an_answer_that_was_changed_on_its_way_is_asked_for_again() {
        direct.claim(task());
        TaskStore store = storeThrough(link.on("GetItem", LinkFault.GARBLED).url(), PATIENT);

        assertThat(store.find(TASK_ID)).contains(task());

        assertThat(link.requests()).containsExactly("GetItem", "GetItem");
    }

    @Test
    void an_item_that_is_null_is_no_task() {
        direct.claim(task());
        TaskStore store = storeThrough(link.on("GetItem", LinkFault.NULL_ITEM).url(), PATIENT);

        assertThat(store.find(TASK_ID)).isEmpty();
    }

    @Test
    void an_item_that_is_null_in_a_refusal_is_a_task_that_is_gone() {
        direct.claim(task());
        TaskStore store = storeThrough(
                link.on("UpdateItem", LinkFault.REFUSED_WITHOUT_ITEM).url(), PATIENT);

        assertThat(store.replace(task(), reported("sent").appliedTo(task()))).isEqualTo(new WriteResult.Gone());
    }

    @Test
    void an_item_that_is_none_is_an_outage() {
        TaskStore store = storeThrough(link.on("GetItem", LinkFault.NO_ITEM).url(), PATIENT);

        assertUnavailable(store, "find");
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
        TaskStore store =
                storeThrough(link.on("PutItem", LinkFault.SERVER_ERROR).url(), PATIENT);

        assertThat(store.claim(task())).isEqualTo(new ClaimResult.Claimed(task()));
        assertThat(link.requests()).containsExactly("PutItem", "PutItem");
    }

    @Test
    void incident_43_a_part_of_the_polls_index_without_an_answer_hides_no_other_part() {
        direct.claim(task());
        // The SDK asks three times.
        storeThrough(
                link.on("Query", LinkFault.SERVER_ERROR, LinkFault.SERVER_ERROR, LinkFault.SERVER_ERROR)
                        .url(),
                PATIENT);

        List<TaskId> due = new ArrayList<>();
        int failures = 0;
        for (Iterator<TaskIndex.Due> part :
                index.due(PollKind.LOOK, task().pollAt().orElseThrow(), () -> true)) {
            try {
                part.forEachRemaining(task -> due.add(task.id()));
            } catch (StoreUnavailable e) {
                failures++;
            }
        }

        assertThat(due).containsExactly(TASK_ID);
        assertThat(failures).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"find", "claim"})
    void an_item_that_holds_half_a_character_is_no_task_and_no_outage(String call) {
        direct.claim(task());
        TaskStore store =
                storeThrough(link.replacing("Your order", "\\ud83d Your order").url(), PATIENT);

        assertThatThrownBy(calls(store).get(call)::run).isInstanceOf(UnreadableTask.class);
    }

    // lost answers of a claim

    @Test
    void a_claim_whose_first_answer_was_lost_recognises_itself_when_the_sdk_repeats_it() {
        TaskStore store = storeThrough(link.on("PutItem", LinkFault.ANSWER_LOST).url(), PATIENT);

        assertThat(store.claim(task())).isEqualTo(new ClaimResult.Claimed(task()));
        assertThat(link.requests()).containsExactly("PutItem", "PutItem");
    }

    @Test
    void a_claim_whose_answers_were_all_lost_recognises_itself_by_a_read() {
        TaskStore store = storeThrough(
                link.on("PutItem", LinkFault.ANSWER_LOST, LinkFault.ANSWER_LOST, LinkFault.ANSWER_LOST)
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
                link.on("PutItem", LinkFault.ANSWER_LOST, LinkFault.ANSWER_LOST, LinkFault.ANSWER_LOST)
                        .url(),
                PATIENT);

        assertThat(store.claim(task())).isEqualTo(new ClaimResult.Taken(theirs));
        assertThat(direct.find(TASK_ID)).contains(theirs);
    }

    @Test
    void a_further_claim_whose_answers_were_lost_recognises_itself() {
        Task failed = connectFailed();
        Task again = failed.claimedAgain(claim("claim-2", 2), NOW, NOW);
        TaskStore store = storeThrough(
                link.on("UpdateItem", LinkFault.ANSWER_LOST, LinkFault.ANSWER_LOST, LinkFault.ANSWER_LOST)
                        .url(),
                PATIENT);

        assertThat(store.claimAgain(failed, again)).isEqualTo(new ClaimResult.Claimed(again.writtenOver(failed)));
        assertThat(direct.find(TASK_ID)).contains(again.writtenOver(failed));
    }

    @Test
    void a_further_claim_whose_first_answer_was_lost_recognises_itself_when_the_sdk_repeats_it() {
        Task failed = connectFailed();
        Task again = failed.claimedAgain(claim("claim-2", 2), NOW, NOW);
        TaskStore store =
                storeThrough(link.on("UpdateItem", LinkFault.ANSWER_LOST).url(), PATIENT);

        assertThat(store.claimAgain(failed, again)).isEqualTo(new ClaimResult.Claimed(again.writtenOver(failed)));
        assertThat(link.requests()).containsExactly("UpdateItem", "UpdateItem");
    }

    @Test
    void a_further_claim_that_never_arrived_is_released_as_an_attempt_of_its_own() {
        Task failed = connectFailed();
        Task again = failed.claimedAgain(claim("claim-2", 2), NOW, NOW);
        TaskStore store = storeThrough(
                link.on("UpdateItem", LinkFault.REQUEST_LOST, LinkFault.REQUEST_LOST, LinkFault.REQUEST_LOST)
                        .url(),
                PATIENT);

        assertReleased(() -> store.claimAgain(failed, again));

        assertRunsAgain("claim-2", 2);
    }

    @Test
    void incident_31_a_claim_that_lands_after_its_release_does_not_undo_it() throws Exception {
        TaskStore store = storeThrough(
                link.on("PutItem", LinkFault.LATE, LinkFault.REQUEST_LOST, LinkFault.REQUEST_LOST)
                        .url(),
                PATIENT);
        assertReleased(() -> store.claim(task()));

        link.deliverLate();

        assertRunsAgain("claim-1", 1);
    }

    @Test
    void incident_31_a_further_claim_that_lands_after_its_release_does_not_undo_it() throws Exception {
        Task failed = connectFailed();
        Task again = failed.claimedAgain(claim("claim-2", 2), NOW, NOW);
        TaskStore store = storeThrough(
                link.on("UpdateItem", LinkFault.LATE, LinkFault.REQUEST_LOST, LinkFault.REQUEST_LOST)
                        .url(),
                PATIENT);
        assertReleased(() -> store.claimAgain(failed, again));

        link.deliverLate();

        assertRunsAgain("claim-2", 2);
    }

    @Test
    void a_claim_that_lands_after_the_task_was_run_again_does_not_undo_that() throws Exception {
        TaskStore store = storeThrough(
                link.on("PutItem", LinkFault.LATE, LinkFault.REQUEST_LOST, LinkFault.REQUEST_LOST)
                        .url(),
                PATIENT);
        assertReleased(() -> store.claim(task()));
        Task released = direct.find(TASK_ID).orElseThrow();
        Task again = released.claimedAgain(claim("claim-2", 2), NOW, NOW);
        direct.claimAgain(released, again);

        link.deliverLate();

        assertThat(direct.find(TASK_ID)).contains(again.writtenOver(released));
    }

    @Test
    void a_release_that_lands_a_second_time_leaves_the_next_attempt_alone() throws Exception {
        TaskStore store = storeThrough(
                link.on("PutItem", LinkFault.REQUEST_LOST, LinkFault.REQUEST_LOST, LinkFault.REQUEST_LOST)
                        .on("UpdateItem", LinkFault.LATE)
                        .url(),
                PATIENT);
        assertReleased(() -> store.claim(task()));
        Task released = direct.find(TASK_ID).orElseThrow();
        Task again = released.claimedAgain(claim("claim-2", 2), NOW, NOW);
        direct.claimAgain(released, again);

        link.deliverLate();

        assertThat(direct.find(TASK_ID)).contains(again.writtenOver(released));
    }

    @Test
    void a_release_keeps_what_others_have_added_to_the_task() {
        Task failed = connectFailed();
        dynamoDb.client()
                .updateItem(update -> update.tableName(table)
                        .key(Map.of("task_id", AttributeValue.fromS(TASK_ID.value())))
                        .updateExpression("SET note_of_a_human = :note")
                        .expressionAttributeValues(Map.of(":note", AttributeValue.fromS("keep me"))));
        TaskStore store = storeThrough(
                link.on("UpdateItem", LinkFault.REQUEST_LOST, LinkFault.REQUEST_LOST, LinkFault.REQUEST_LOST)
                        .url(),
                PATIENT);

        assertReleased(() -> store.claimAgain(failed, failed.claimedAgain(claim("claim-2", 2), NOW, NOW)));

        assertThat(dynamoDb.client()
                        .getItem(get ->
                                get.tableName(table).key(Map.of("task_id", AttributeValue.fromS(TASK_ID.value()))))
                        .item())
                .containsEntry("note_of_a_human", AttributeValue.fromS("keep me"));
    }

    @Test
    void a_claim_that_can_not_be_released_either_may_read_as_unknown_later() {
        TaskStore store = storeThrough(
                link.on("PutItem", LinkFault.ANSWER_LOST, LinkFault.ANSWER_LOST, LinkFault.ANSWER_LOST)
                        .on("GetItem", LinkFault.SERVER_ERROR, LinkFault.SERVER_ERROR, LinkFault.SERVER_ERROR)
                        .on("UpdateItem", LinkFault.REQUEST_LOST, LinkFault.REQUEST_LOST, LinkFault.REQUEST_LOST)
                        .url(),
                PATIENT);

        assertThatThrownBy(() -> store.claim(task()))
                .isInstanceOfSatisfying(
                        StoreUnavailable.class,
                        e -> assertThat(e.mayReadAsUnknown()).isTrue());
        assertThat(direct.find(TASK_ID)).contains(task());
    }

    @Test
    void a_claim_that_can_not_be_read_back_is_released_and_may_run_again() {
        TaskStore store = storeThrough(
                link.on("PutItem", LinkFault.ANSWER_LOST, LinkFault.ANSWER_LOST, LinkFault.ANSWER_LOST)
                        .on("GetItem", LinkFault.SERVER_ERROR, LinkFault.SERVER_ERROR, LinkFault.SERVER_ERROR)
                        .url(),
                PATIENT);

        assertReleased(() -> store.claim(task()));

        assertRunsAgain("claim-1", 1);
    }

    @Test
    void a_further_claim_that_can_not_be_read_back_is_released_too() {
        Task failed = connectFailed();
        Task again = failed.claimedAgain(claim("claim-2", 2), NOW, NOW);
        TaskStore store = storeThrough(
                link.on("UpdateItem", LinkFault.ANSWER_LOST, LinkFault.ANSWER_LOST, LinkFault.ANSWER_LOST)
                        .on("GetItem", LinkFault.SERVER_ERROR, LinkFault.SERVER_ERROR, LinkFault.SERVER_ERROR)
                        .url(),
                PATIENT);

        assertReleased(() -> store.claimAgain(failed, again));

        assertRunsAgain("claim-2", 2);
    }

    @Test
    void a_claim_that_was_not_written_and_can_not_be_read_is_released_all_the_same() {
        TaskStore store = storeThrough(
                link.on("PutItem", LinkFault.REQUEST_LOST, LinkFault.REQUEST_LOST, LinkFault.REQUEST_LOST)
                        .on("GetItem", LinkFault.SERVER_ERROR, LinkFault.SERVER_ERROR, LinkFault.SERVER_ERROR)
                        .url(),
                PATIENT);

        assertReleased(() -> store.claim(task()));

        assertRunsAgain("claim-1", 1);
    }

    @Test
    void the_release_of_a_claim_leaves_somebody_elses_task_alone() {
        Task theirs = claimedBy("claim-2");
        direct.claim(theirs);
        TaskStore store = storeThrough(
                link.on("PutItem", LinkFault.REQUEST_LOST, LinkFault.REQUEST_LOST, LinkFault.REQUEST_LOST)
                        .on("GetItem", LinkFault.SERVER_ERROR, LinkFault.SERVER_ERROR, LinkFault.SERVER_ERROR)
                        .url(),
                PATIENT);

        assertThat(store.claim(task())).isEqualTo(new ClaimResult.Taken(theirs));
        assertThat(direct.find(TASK_ID)).contains(theirs);
    }

    // lost answers of a write

    @ParameterizedTest
    @ValueSource(strings = {"queued", "delivered", "failed", "partially_delivered"})
    void a_status_whose_first_answer_was_lost_recognises_itself(String status) {
        direct.claim(task());
        Task change = reported(status).appliedTo(task());
        TaskStore store =
                storeThrough(link.on("UpdateItem", LinkFault.ANSWER_LOST).url(), PATIENT);

        WriteResult result = store.replace(task(), change);

        assertThat(result).isEqualTo(new WriteResult.Written(change.writtenOver(task())));
        assertThat(direct.find(TASK_ID)).contains(change.writtenOver(task()));
        assertThat(link.requests()).containsExactly("UpdateItem", "UpdateItem");
    }

    @ParameterizedTest
    @EnumSource(
            value = CallFailure.class,
            names = {"TIMEOUT", "OUTCOME_UNKNOWN"})
    void an_escalation_whose_first_answer_was_lost_recognises_itself(CallFailure failure) {
        direct.claim(task());
        Task change = task().escalated(callError(failure), NOW);
        TaskStore store =
                storeThrough(link.on("UpdateItem", LinkFault.ANSWER_LOST).url(), PATIENT);

        assertThat(store.replace(task(), change)).isEqualTo(new WriteResult.Written(change.writtenOver(task())));
        assertThat(direct.find(TASK_ID)).contains(change.writtenOver(task()));
    }

    @Test
    void a_status_whose_answers_were_all_lost_is_a_duplicate_when_twilio_repeats_it() {
        direct.claim(task());
        Task delivered = reported("delivered").appliedTo(task());
        TaskStore store = storeThrough(
                link.on("UpdateItem", LinkFault.ANSWER_LOST, LinkFault.ANSWER_LOST, LinkFault.ANSWER_LOST)
                        .url(),
                PATIENT);

        assertThatThrownBy(() -> store.replace(task(), delivered)).isInstanceOf(StoreUnavailable.class);

        Task stored = store.find(TASK_ID).orElseThrow();
        assertThat(stored).isEqualTo(delivered.writtenOver(task()));
        Task repeated = ((WriteResult.Written)
                        store.replace(stored, reported("delivered").appliedTo(stored)))
                .task();
        assertThat(repeated.node()).isEqualTo(Node.FINAL);
        assertThat(repeated.history()).hasSize(2);
    }

    private TaskStore storeThrough(URI endpoint, Duration limit) {
        index = EmbeddedDynamoDb.index(endpoint, table, limit);
        return EmbeddedDynamoDb.store(endpoint, table, limit);
    }

    private static void assertReleased(ThrowingCallable claim) {
        assertThatThrownBy(claim)
                .isInstanceOfSatisfying(
                        StoreUnavailable.class,
                        e -> assertThat(e.mayReadAsUnknown()).isFalse());
    }

    /** The stored item is complete, shows that this attempt was not sent, and can be run by the same call. */
    private void assertRunsAgain(String claimId, int attempt) {
        Task released = direct.find(TASK_ID).orElseThrow();
        assertThat(released.claim()).isEqualTo(claim(claimId, attempt));
        assertThat(released.node()).isEqualTo(Node.ESCALATION);
        assertThat(released.escalation().map(Escalation::code)).contains("store_unavailable");
        assertThat(released.escalation().map(Escalation::retryable)).contains(Retryable.YES);
        assertThat(released.pollAt()).isEmpty();
        assertThat(released.fingerprint()).isEqualTo(task().fingerprint());
        Task again = released.claimedAgain(claim("claim-next", attempt + 1), NOW, NOW);
        assertThat(direct.claimAgain(released, again)).isEqualTo(new ClaimResult.Claimed(again.writtenOver(released)));
        assertThat(direct.find(TASK_ID)).contains(again.writtenOver(released));
    }

    private Task connectFailed() {
        direct.claim(task());
        Task failed = task().escalated(callError(CallFailure.CONNECT_FAILED), NOW);
        return ((WriteResult.Written) direct.replace(task(), failed)).task();
    }

    private void assertUnavailable(TaskStore store, String call) {
        assertFails(StoreUnavailable.class, store, call);
    }

    private void assertMisconfigured(TaskStore store, String call) {
        assertFails(Misconfigured.class, store, call);
    }

    private void assertFails(Class<? extends StoreUnavailable> kind, TaskStore store, String call) {
        assertThatThrownBy(calls(store).get(call)::run).as(call).isExactlyInstanceOf(kind);
    }

    private Map<String, Runnable> calls(TaskStore store) {
        Task failed = task().escalated(callError(CallFailure.CONNECT_FAILED), NOW);
        Task again = failed.claimedAgain(claim("claim-2", 2), NOW, NOW);
        return Map.of(
                "claim", () -> store.claim(task()),
                "claimAgain", () -> store.claimAgain(failed, again),
                "write", () -> store.replace(task(), reported("sent").appliedTo(task())),
                "find", () -> store.find(TASK_ID),
                "bySid", () -> index.bySid(SID),
                "due", () -> index.due(PollKind.LOOK, NOW, () -> true).get(0).hasNext(),
                "neighbours", () -> index.neighbours(Match.key(task().sms()), NOW, NOW, 1));
    }
}
