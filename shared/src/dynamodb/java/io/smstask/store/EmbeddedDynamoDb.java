package io.smstask.store;

import io.smstask.aws.AwsClients;
import io.smstask.aws.AwsJson;
import io.smstask.aws.SdkClients;
import io.smstask.http.Tls;
import io.smstask.settings.Settings;
import io.smstask.task.TaskId;
import io.smstask.task.TaskIndex;
import io.smstask.task.TaskStore;
import io.smstask.task.TaskToken;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBRequestHandler;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBServerHandler;

/** DynamoDB Local in this process, on a free port of the loopback interface, in memory. */
public final class EmbeddedDynamoDb {

    private static final Duration PATIENT = Duration.ofSeconds(20);

    private final LocalDynamoDBRequestHandler database;
    private final Server server;
    private final DynamoDbClient client;
    private final AtomicInteger tables = new AtomicInteger();

    private EmbeddedDynamoDb(LocalDynamoDBRequestHandler database, Server server) {
        this.database = database;
        this.server = server;
        this.client = SdkClients.dynamoDb(settings(url()), PATIENT);
    }

    /** Starts it. */
    public static EmbeddedDynamoDb start() throws Exception {
        var database = new LocalDynamoDBRequestHandler(0, true, null, false, false);
        var server = new Server(new InetSocketAddress("127.0.0.1", 0));
        server.setHandler(new LocalDynamoDBServerHandler(database, null));
        server.start();
        return new EmbeddedDynamoDb(database, server);
    }

    /** Where it is reached. */
    public URI url() {
        return URI.create("http://127.0.0.1:" + ((ServerConnector) server.getConnectors()[0]).getLocalPort());
    }

    /** A store on DynamoDB at this address. */
    public static TaskStore store(URI endpoint, String table, Duration limit) {
        return new DynamoTaskStore(client(endpoint), table, Duration.ofDays(30), limit);
    }

    /** The functions' client of DynamoDB at this address. */
    public static AwsJson client(URI endpoint) {
        return new AwsClients(settings(endpoint), new Tls(), Clock.systemUTC()).dynamoDb();
    }

    /** The index of a table of DynamoDB at this address. */
    public static TaskIndex index(URI endpoint, String table, Duration limit) {
        return new DynamoTaskIndex(SdkClients.dynamoDb(settings(endpoint), limit), table);
    }

    private static Settings settings(URI endpoint) {
        return Settings.from(Map.of(
                "AWS_REGION", "eu-west-1",
                "AWS_ACCESS_KEY_ID", "local",
                "AWS_SECRET_ACCESS_KEY", "local",
                "AWS_ENDPOINT_URL_DYNAMODB", endpoint.toString()));
    }

    /** The SDK's client of the database itself, without faults in between. */
    public DynamoDbClient client() {
        return client;
    }

    /** Leaves a token with a task by the same update as the state machine's {@code Waiting for Callback}. */
    boolean register(String table, TaskId id, TaskToken token) {
        try {
            client.updateItem(request -> request.tableName(table)
                    .key(Map.of("task_id", AttributeValue.fromS(id.value())))
                    .updateExpression("SET task_tokens = list_append(if_not_exists(task_tokens, :none), :token)"
                            + " ADD revision :one")
                    .conditionExpression("attribute_exists(poll_at)"
                            + " AND (attribute_not_exists(task_tokens) OR size(task_tokens) < :most)")
                    .expressionAttributeValues(Map.of(
                            ":none",
                            AttributeValue.fromL(List.of()),
                            ":token",
                            AttributeValue.fromL(List.of(AttributeValue.fromS(token.reveal()))),
                            ":one",
                            AttributeValue.fromN("1"),
                            ":most",
                            AttributeValue.fromN("50"))));
            return true;
        } catch (ConditionalCheckFailedException e) {
            return false;
        }
    }

    /** Creates an empty table as template.yaml describes it, and returns its name. */
    public String createTable() {
        String name = "tasks-" + tables.incrementAndGet();
        client.createTable(CreateTableRequest.builder()
                .tableName(name)
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .attributeDefinitions(
                        text("task_id"),
                        text("sid"),
                        text("poll_shard"),
                        number("poll_at"),
                        text("match_key"),
                        number("call_deadline"))
                .keySchema(hash("task_id"))
                .globalSecondaryIndexes(
                        index(DynamoTaskIndex.SID_INDEX, hash("sid")),
                        index(PollIndex.NAME, hash("poll_shard"), range("poll_at")),
                        index(DynamoTaskIndex.MATCH_INDEX, hash("match_key"), range("call_deadline")))
                .build());
        return name;
    }

    /** Creates a table that only shares its key with the one in template.yaml, and returns its name. */
    public String createTableWithoutIndexes() {
        String name = "tasks-" + tables.incrementAndGet();
        client.createTable(CreateTableRequest.builder()
                .tableName(name)
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .attributeDefinitions(text("task_id"))
                .keySchema(hash("task_id"))
                .build());
        return name;
    }

    private static GlobalSecondaryIndex index(String name, KeySchemaElement... keys) {
        return GlobalSecondaryIndex.builder()
                .indexName(name)
                .keySchema(keys)
                .projection(projection -> projection.projectionType(ProjectionType.KEYS_ONLY))
                .build();
    }

    private static AttributeDefinition text(String name) {
        return attribute(name, ScalarAttributeType.S);
    }

    private static AttributeDefinition number(String name) {
        return attribute(name, ScalarAttributeType.N);
    }

    private static AttributeDefinition attribute(String name, ScalarAttributeType type) {
        return AttributeDefinition.builder()
                .attributeName(name)
                .attributeType(type)
                .build();
    }

    private static KeySchemaElement hash(String name) {
        return key(name, KeyType.HASH);
    }

    private static KeySchemaElement range(String name) {
        return key(name, KeyType.RANGE);
    }

    private static KeySchemaElement key(String name, KeyType type) {
        return KeySchemaElement.builder().attributeName(name).keyType(type).build();
    }

    /** Stops it. */
    public void stop() throws Exception {
        client.close();
        server.stop();
        database.shutdown();
    }
}
