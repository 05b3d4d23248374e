package io.smstask.store;

import static io.smstask.task.Samples.NOW;
import static io.smstask.task.Samples.SID;
import static io.smstask.task.Samples.TASK_ID;
import static io.smstask.task.Samples.callError;
import static io.smstask.task.Samples.claim;
import static io.smstask.task.Samples.reported;
import static io.smstask.task.Samples.reportedWithCode;
import static io.smstask.task.Samples.task;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smstask.task.CallFailure;
import io.smstask.task.CallbackProof;
import io.smstask.task.Claim;
import io.smstask.task.Match;
import io.smstask.task.PollKind;
import io.smstask.task.SendAt;
import io.smstask.task.Task;
import io.smstask.task.TaskId;
import io.smstask.task.TaskIndex;
import io.smstask.task.TaskStore;
import io.smstask.task.TaskStore.Rescheduled;
import io.smstask.task.TaskToken;
import io.smstask.task.UnreadableTask;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;

/** The real store: the contract, and what only its items show. */
final class DynamoTaskStoreTest extends TaskStoreContract {

    private static EmbeddedDynamoDb dynamoDb;

    private String table;

    @BeforeAll
    static void start() throws Exception {
        dynamoDb = EmbeddedDynamoDb.start();
    }

    @AfterAll
    static void stop() throws Exception {
        dynamoDb.stop();
    }

    @Override
    TaskStore emptyStore() {
        table = dynamoDb.createTable();
        return EmbeddedDynamoDb.store(dynamoDb.url(), table, Duration.ofSeconds(20));
    }

    @Override
    TaskIndex index() {
        return new DynamoTaskIndex(dynamoDb.client(), table);
    }

    @Override
    boolean register(TaskId id, TaskToken token) {
        return dynamoDb.register(table, id, token);
    }

    @Test
    void an_item_expires_its_time_to_live_after_the_task_is_due() {
        store.claim(task());

        assertThat(item().get("expires_at").n())
                .isEqualTo(Long.toString(
                        NOW.plus(Duration.ofHours(24)).plus(Duration.ofDays(30)).getEpochSecond()));
    }

    @Test
    void a_claimed_item_has_no_sid_and_so_stays_out_of_the_index() {
        store.claim(task());

        assertThat(item()).doesNotContainKeys("sid", "status", "rank", "code", "message", "retryable");
    }

    @Test
    void a_further_attempt_leaves_no_proof_of_the_one_before_in_the_item() {
        store.claim(task());
        store.replace(task(), task().escalated(callError(CallFailure.CONNECT_FAILED), NOW));
        assertThat(item()).containsKey("key_hash");

        Claim sealed = new Claim(
                "claim-2",
                2,
                claim("claim-2", 2).callDeadline(),
                "https://callbacks.example.com",
                new CallbackProof.SealedToken("sealed", new CallbackProof.KeyHash("hash")));
        Task failed = store.find(TASK_ID).orElseThrow();
        store.claimAgain(failed, failed.claimedAgain(sealed, NOW, NOW));

        assertThat(item()).containsKey("sealed_token").doesNotContainKeys("code", "retryable");
        assertThat(item().get("key_hash").s()).isEqualTo("hash");
    }

    @Test
    void a_tombstone_holds_the_end_what_recognises_a_repeat_and_a_callback_and_nothing_else() {
        store.claim(task());
        Task failed = reportedWithCode("failed", "30003").appliedTo(task());
        store.replace(task(), failed);
        Task stored = store.find(TASK_ID).orElseThrow();

        store.replace(stored, stored.erased(NOW));

        assertThat(item())
                .containsOnlyKeys(
                        "task_id",
                        "node",
                        "status",
                        "code",
                        "account_sid",
                        "salt",
                        "fingerprint",
                        "claim_id",
                        "key_hash",
                        "updated_at",
                        "due_at",
                        "erased",
                        "expires_at",
                        "revision");
        assertThat(item().toString()).doesNotContain("+1", SID.value(), "order is");
    }

    @Test
    void an_item_without_its_texts_holds_their_length() {
        store.claim(task());
        store.replace(task(), reported("delivered").appliedTo(task()).withoutTextsIfDone());

        assertThat(item()).doesNotContainKeys("body", "context").containsKeys("number_to", "match_key");
        assertThat(item().get("further").m()).containsOnlyKeys("ValidityPeriod");
        assertThat(item().get("body_length").n()).isEqualTo("27");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            node          |
            node          | S:Somewhere
            node          | S:Escalation
            number_to     |
            number_to     | N:15558675310
            account_sid   | S:AC1
            body          | N:7
            further       |
            further       | S:+15558675310
            further       | SS:+15558675310
            claim_id      |
            attempt       | N:1.5
            task_tokens   | S:+15558675310
            task_tokens   | SS:+15558675310
            event         | S:+15558675310
            due_at        |
            created_at    | S:+15558675310
            status        | N:7
            num_segments  | S:two
            key_hash      |
            history       |
            history       | S:+15558675310
            history       | SS:+15558675310
            code          | S:30005
            revision      |
            revision      | S:two
            context       | S:+15558675310
            """)
    void an_item_that_is_no_task_is_named_and_never_quoted(String attribute, @Nullable String value) {
        store.claim(task());
        corrupt(attribute, Optional.ofNullable(value));
        Task overtaken = task().writtenOver(task());

        for (ThrowingCallable call : List.<ThrowingCallable>of(
                () -> store.find(TASK_ID),
                () -> store.claim(task()),
                () -> store.claimAgain(failed(), failed().claimedAgain(claim("claim-2", 2), NOW, NOW)),
                () -> store.replace(overtaken, overtaken.postponed(NOW)))) {
            assertThatThrownBy(call)
                    .isInstanceOf(UnreadableTask.class)
                    .hasMessage("the item of task order-4711 is not a task that can be read")
                    .hasNoCause();
        }
    }

    @Test
    void what_moves_the_end_of_the_wait_moves_the_expiry_by_as_much() {
        store.claim(task());
        long expiresAt = Long.parseLong(item().get("expires_at").n());

        store.replace(task(), reported("scheduled").appliedTo(task()));

        Task scheduled = store.find(TASK_ID).orElseThrow();
        assertThat(scheduled).isEqualTo(reported("scheduled").appliedTo(task()).writtenOver(task()));
        assertThat(scheduled.dueAt()).isEqualTo(task().dueAt().plus(SendAt.FURTHEST));
        assertThat(item())
                .containsEntry(
                        "expires_at", AttributeValue.fromN(Long.toString(expiresAt + SendAt.FURTHEST.toSeconds())));
    }

    @Test
    void the_poll_of_an_item_that_is_no_task_is_moved_without_reading_it() {
        store.claim(task());
        corrupt("node", Optional.empty());
        Instant due = task().pollAt().orElseThrow();

        assertThat(store.reschedule(TASK_ID, BigDecimal.valueOf(due.toEpochMilli()), due.plusSeconds(60)))
                .isEqualTo(new Rescheduled.Moved(Optional.of(task().sms().account()), Optional.of(task().dueAt())));

        assertThat(toPoll(due.plusSeconds(59), 10)).isEmpty();
        assertThat(toPoll(due.plusSeconds(60), 10)).containsExactly(TASK_ID);
    }

    @Test
    void the_poll_of_a_task_that_is_due_at_no_whole_number_is_moved_without_the_time() {
        store.claim(task());
        corrupt("due_at", Optional.of("N:1.5"));
        Instant due = task().pollAt().orElseThrow();

        assertThat(store.reschedule(TASK_ID, BigDecimal.valueOf(due.toEpochMilli()), due.plusSeconds(60)))
                .isEqualTo(new Rescheduled.Moved(Optional.of(task().sms().account()), Optional.empty()));
    }

    @Test
    void incident_37_a_poll_time_that_is_no_whole_number_is_moved_like_any_other() {
        store.claim(task());
        corrupt("poll_at", Optional.of("N:1.5"));
        Instant now = task().pollAt().orElseThrow();

        assertThat(due(PollKind.LOOK, now)).containsExactly(new TaskIndex.Due(TASK_ID, new BigDecimal("1.5")));
        store.reschedule(TASK_ID, new BigDecimal("1.5"), now.plusSeconds(60));

        assertThat(store.find(TASK_ID).orElseThrow().pollAt()).contains(now.plusSeconds(60));
    }

    @Test
    void incident_37_an_item_of_190_kb_of_control_characters_is_moved_and_read() {
        store.claim(task());
        corrupt("body", Optional.of("S:" + "\u0001".repeat(190_000)));
        Instant due = task().pollAt().orElseThrow();

        assertThat(store.reschedule(TASK_ID, BigDecimal.valueOf(due.toEpochMilli()), due.plusSeconds(60)))
                .isEqualTo(new Rescheduled.Moved(Optional.of(task().sms().account()), Optional.of(task().dueAt())));
        assertThat(store.find(TASK_ID)).isPresent();
    }

    @Test
    void incident_37_an_item_without_room_for_a_write_is_refused_and_nothing_else() {
        store.claim(task());
        corrupt("revision", Optional.of("S:none"));
        Instant due = task().pollAt().orElseThrow();

        assertThat(store.reschedule(TASK_ID, BigDecimal.valueOf(due.toEpochMilli()), due.plusSeconds(60)))
                .isEqualTo(new Rescheduled.Refused());
    }

    @Test
    void an_item_of_400_kb_takes_no_lease_once_that_would_make_it_larger() {
        store.claim(task());
        Instant due = task().pollAt().orElseThrow();
        // 101 takes a byte more.
        corrupt("revision", Optional.of("N:100"));
        int fits = 0;
        int isTooLong = 400 * 1024;
        while (isTooLong - fits > 1) {
            int length = (fits + isTooLong) / 2;
            try {
                corrupt("body", Optional.of("S:" + "x".repeat(length)));
                fits = length;
            } catch (DynamoDbException e) {
                isTooLong = length;
            }
        }

        assertThat(store.reschedule(TASK_ID, BigDecimal.valueOf(due.toEpochMilli()), due.plusSeconds(60)))
                .isEqualTo(new Rescheduled.Refused());

        corrupt("body", Optional.of("S:" + "x".repeat(fits - 1)));
        assertThat(store.reschedule(TASK_ID, BigDecimal.valueOf(due.toEpochMilli()), due.plusSeconds(60)))
                .isInstanceOf(Rescheduled.Moved.class);
    }

    @Test
    void incident_37_a_head_of_items_that_are_no_tasks_hides_no_task() {
        store.claim(task());
        for (int i = 0; i < 600; i++) {
            Map<String, AttributeValue> strange = new HashMap<>(item());
            strange.put("task_id", AttributeValue.fromS("#" + i));
            strange.put("poll_at", AttributeValue.fromN("0"));
            dynamoDb.client().putItem(request -> request.tableName(table).item(strange));
        }

        assertThat(due(PollKind.LOOK, task().pollAt().orElseThrow()))
                .extracting(TaskIndex.Due::id)
                .containsExactly(TASK_ID);
    }

    @Test
    void an_item_under_a_key_that_is_no_task_id_is_in_nobodys_way() {
        store.claim(task());
        Map<String, AttributeValue> strange = new HashMap<>(item());
        strange.put("task_id", AttributeValue.fromS("+15558675310"));
        strange.put("sid", AttributeValue.fromS(SID.value()));
        strange.put("poll_at", AttributeValue.fromN("0"));
        dynamoDb.client().putItem(request -> request.tableName(table).item(strange));

        assertThat(toPoll(task().pollAt().orElseThrow(), 2)).containsExactly(TASK_ID);
        assertThat(index.bySid(SID)).isEmpty();
    }

    @Test
    void a_neighbour_under_a_key_that_is_no_task_id_takes_no_task_s_place() {
        store.claim(task());
        Instant deadline = task().claim().callDeadline();
        for (int i = 1; i <= 3; i++) {
            Map<String, AttributeValue> strange = new HashMap<>(item());
            strange.put("task_id", AttributeValue.fromS("+1555867531" + i));
            strange.put("call_deadline", AttributeValue.fromN(Long.toString(deadline.toEpochMilli() - i)));
            dynamoDb.client().putItem(request -> request.tableName(table).item(strange));
        }

        assertThat(index.neighbours(Match.key(task().sms()), deadline.minusSeconds(1), deadline, 2))
                .containsExactly(TASK_ID);
    }

    /** Changes the item behind the store's back: no value removes the attribute, otherwise it is a type and a value. */
    private static Task failed() {
        return task().escalated(callError(CallFailure.CONNECT_FAILED), NOW).writtenOver(task());
    }

    private void corrupt(String attribute, Optional<String> value) {
        Map<String, AttributeValue> changed = new HashMap<>(item());
        changed.remove(attribute);
        value.ifPresent(typed -> changed.put(attribute, typed(typed)));
        dynamoDb.client().putItem(request -> request.tableName(table).item(changed));
    }

    private static AttributeValue typed(String value) {
        String content = value.substring(value.indexOf(':') + 1);
        return switch (value.substring(0, value.indexOf(':'))) {
            case "N" -> AttributeValue.fromN(content);
            case "S" -> AttributeValue.fromS(content);
            default -> AttributeValue.fromSs(List.of(content));
        };
    }

    private Map<String, AttributeValue> item() {
        return dynamoDb.client()
                .getItem(request -> request.tableName(table)
                        .key(Map.of("task_id", AttributeValue.fromS(TASK_ID.value())))
                        .consistentRead(true))
                .item();
    }
}
