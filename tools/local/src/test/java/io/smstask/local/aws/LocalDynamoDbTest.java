package io.smstask.local.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smstask.aws.SdkClients;
import io.smstask.local.template.Template;
import io.smstask.settings.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveStatus;

/** A database that is slow to create its table. */
final class LocalDynamoDbTest {

    private static final String NAME = "TasksTable";
    private static final Template.Table TABLE = Template.read(Template.find()).table(NAME);

    @Test
    void a_table_that_does_not_come_is_named() throws IOException {
        try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                DynamoDbClient client =
                        client(URI.create("http://127.0.0.1:" + silent.getLocalPort()), Duration.ofMillis(200))) {
            assertThatThrownBy(() -> LocalDynamoDb.create(client, NAME, TABLE))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith("DynamoDB did not create the table TasksTable: ");
        }
    }

    @Test
    void a_table_that_was_made_though_the_answer_was_lost_expires_its_items_all_the_same() {
        try (var database = LocalDynamoDb.start(0, Optional.empty());
                DynamoDbClient client = client(database.endpoint(), Duration.ofMinutes(2))) {
            client.createTable(table -> table.tableName(NAME)
                    .billingMode(BillingMode.PAY_PER_REQUEST)
                    .attributeDefinitions(AttributeDefinition.builder()
                            .attributeName("task_id")
                            .attributeType(ScalarAttributeType.S)
                            .build())
                    .keySchema(KeySchemaElement.builder()
                            .attributeName("task_id")
                            .keyType(KeyType.HASH)
                            .build()));

            LocalDynamoDb.create(client, NAME, TABLE);
            LocalDynamoDb.create(client, NAME, TABLE);

            assertThat(client.describeTimeToLive(describe -> describe.tableName(NAME))
                            .timeToLiveDescription()
                            .timeToLiveStatus())
                    .isEqualTo(TimeToLiveStatus.ENABLED);
        }
    }

    private static DynamoDbClient client(URI endpoint, Duration limit) {
        return SdkClients.dynamoDb(
                Settings.from(Map.of(
                        "AWS_REGION", "us-east-1",
                        "AWS_ACCESS_KEY_ID", "local",
                        "AWS_SECRET_ACCESS_KEY", "local",
                        "AWS_ENDPOINT_URL_DYNAMODB", endpoint.toString())),
                limit);
    }
}
