package io.smstask.poll;

import static org.assertj.core.api.Assertions.assertThat;

import io.smstask.store.EmbeddedDynamoDb;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The real states: the contract, and what only their items show. */
final class DynamoPollStatesTest extends PollStatesContract {

    private static final Map<String, AttributeValue> KEY =
            Map.of("task_id", AttributeValue.fromS("account#" + ACCOUNT));

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
    PollStates noStates(Clock byClock) {
        table = dynamoDb.createTable();
        return new DynamoPollStates(EmbeddedDynamoDb.client(dynamoDb.url()), table, Duration.ofSeconds(20), byClock);
    }

    @Test
    void an_answer_leaves_no_item_where_no_account_rested() {
        states.resume(ACCOUNT);

        assertThat(item()).isEmpty();
    }

    @Test
    void a_state_expires_two_days_after_it_was_written() {
        states.rest(ACCOUNT, in(Duration.ofMinutes(1)));

        assertThat(item().get("expires_at").n())
                .isEqualTo(Long.toString(in(Duration.ofDays(2)).getEpochSecond()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rubbish", "9999999999999", "99999999999999999999"})
    void incident_37_a_rest_that_no_run_can_have_written_is_none_and_is_written_over(String value) {
        dynamoDb.client()
                .putItem(put -> put.tableName(table)
                        .item(Map.of("task_id", KEY.get("task_id"), "poll_state", AttributeValue.fromS(value))));
        assertThat(states.restsUntil(ACCOUNT)).isEmpty();

        Instant until = in(Duration.ofMinutes(1));
        states.rest(ACCOUNT, until);

        assertThat(states.restsUntil(ACCOUNT)).contains(until);
    }

    private Map<String, AttributeValue> item() {
        return dynamoDb.client()
                .getItem(get -> get.tableName(table).key(KEY).consistentRead(true))
                .item();
    }
}
