package io.smstask.store;

import static io.smstask.task.Samples.NOW;
import static io.smstask.task.Samples.TASK_ID;
import static io.smstask.task.Samples.callError;
import static io.smstask.task.Samples.claim;
import static io.smstask.task.Samples.task;
import static org.assertj.core.api.Assertions.assertThat;

import io.smstask.task.CallFailure;
import io.smstask.task.CallbackProof;
import io.smstask.task.Change;
import io.smstask.task.Claim;
import io.smstask.task.TaskId;
import io.smstask.task.TaskStore;
import io.smstask.task.TaskToken;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/** The real store: the contract, and what only the items show. */
final class DynamoTaskStoreTest extends TaskStoreContract {

    private static LocalDynamoDb dynamoDb;

    private String table;

    @BeforeAll
    static void start() throws Exception {
        dynamoDb = LocalDynamoDb.start();
    }

    @AfterAll
    static void stop() throws Exception {
        dynamoDb.stop();
    }

    @Override
    TaskStore emptyStore() {
        table = dynamoDb.createTable();
        return new DynamoTaskStore(dynamoDb.client(), table, Duration.ofDays(30));
    }

    /** The same update as the state machine's {@code Waiting for Callback}. */
    @Override
    boolean register(TaskId id, TaskToken token) {
        try {
            dynamoDb.client()
                    .updateItem(request -> request.tableName(table)
                            .key(Map.of("task_id", AttributeValue.fromS(id.value())))
                            .updateExpression("ADD task_tokens :token")
                            .conditionExpression("attribute_exists(poll_at)")
                            .expressionAttributeValues(
                                    Map.of(":token", AttributeValue.fromSs(List.of(token.reveal())))));
            return true;
        } catch (ConditionalCheckFailedException e) {
            return false;
        }
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
        store.write(task(), Change.Escalate.of(task(), Optional.empty(), callError(CallFailure.CONNECT_FAILED), NOW));
        assertThat(item()).containsKey("key_hash");

        Claim sealed = new Claim(
                "claim-2",
                2,
                claim("claim-2", 2).callDeadline(),
                "https://callbacks.example.com",
                new CallbackProof.SealedToken("sealed"));
        store.claimAgain(store.find(TASK_ID).orElseThrow().claimedAgain(sealed, NOW, NOW));

        assertThat(item()).containsKey("sealed_token").doesNotContainKeys("key_hash", "code", "retryable");
    }

    private Map<String, AttributeValue> item() {
        return dynamoDb.client()
                .getItem(request -> request.tableName(table)
                        .key(Map.of("task_id", AttributeValue.fromS(TASK_ID.value())))
                        .consistentRead(true))
                .item();
    }
}
