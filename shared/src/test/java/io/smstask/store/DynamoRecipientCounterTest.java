package io.smstask.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smstask.task.Misconfigured;
import io.smstask.task.RecipientCounter;
import io.smstask.task.StoreUnavailable;
import io.smstask.task.TaskId;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The real counter: the contract, and what only its items show. */
final class DynamoRecipientCounterTest extends RecipientCounterContract {

    private static final Duration PATIENT = Duration.ofMinutes(2);

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
    RecipientCounter counter() {
        table = dynamoDb.createTable();
        return counter(dynamoDb.url(), table, PATIENT);
    }

    private static RecipientCounter counter(URI endpoint, String table, Duration limit) {
        return new DynamoRecipientCounter(EmbeddedDynamoDb.client(endpoint), table, limit);
    }

    @Test
    void the_item_expires_with_its_window_and_no_task_can_have_its_key() {
        counter().takePlace(RECIPIENT, "one", 1, END);

        String key = DynamoRecipientCounter.PREFIX + RECIPIENT;
        Map<String, AttributeValue> item = dynamoDb.client()
                .getItem(request -> request.tableName(table).key(Map.of("task_id", AttributeValue.fromS(key))))
                .item();
        assertThat(item.get("expires_at").n()).isEqualTo(Long.toString(END.getEpochSecond()));
        assertThat(TaskId.isValid(key)).isFalse();
    }

    @Test
    void a_count_that_cannot_be_made_is_an_outage_and_not_a_free_place() {
        RecipientCounter unreachable = counter(URI.create("http://127.0.0.1:1"), "tasks", Duration.ofMillis(200));
        RecipientCounter withoutTable = counter(dynamoDb.url(), "no-such-table", PATIENT);

        assertThatThrownBy(() -> unreachable.takePlace(RECIPIENT, "one", 1, END))
                .isInstanceOf(StoreUnavailable.class);
        assertThatThrownBy(() -> withoutTable.takePlace(RECIPIENT, "one", 1, END))
                .isInstanceOf(Misconfigured.class);
    }
}
