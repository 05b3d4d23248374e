package io.smstask.local.aws;

import io.smstask.local.template.Template;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.Projection;
import software.amazon.awssdk.services.dynamodb.model.ResourceInUseException;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveSpecification;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveStatus;
import software.amazon.dynamodb.services.exceptions.DynamoDBLocalServiceException;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBRequestHandler;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBServerHandler;

/** DynamoDB Local behind our own server: its stock server listens on every interface. */
public final class LocalDynamoDb implements AutoCloseable {

    private final LocalDynamoDBRequestHandler database;
    private final Server server;
    private final DynamoDbCalls calls;
    private final int port;
    /** Holds the folder's lock, if there is a folder. */
    private final Closeable lock;

    private LocalDynamoDb(
            LocalDynamoDBRequestHandler database, Server server, DynamoDbCalls calls, int port, Closeable lock) {
        this.database = database;
        this.server = server;
        this.calls = calls;
        this.port = port;
        this.lock = lock;
    }

    /**
     * Starts a database.
     *
     * @param port on 127.0.0.1; 0 lets the system choose
     * @param data the folder for its data, created if missing; empty keeps it in memory
     * @throws UncheckedIOException if the port is taken or the folder cannot be created
     * @throws IllegalStateException if another run uses the folder
     */
    public static LocalDynamoDb start(int port, Optional<Path> data) {
        Closeable lock = data.isPresent() ? lock(data.get()) : () -> {};
        try {
            return start(port, data.map(Path::toString).orElse(null), lock);
        } catch (RuntimeException e) {
            release(lock);
            throw e;
        }
    }

    /** Two databases on one folder would wait for each other, each for good. */
    private static Closeable lock(Path folder) {
        try {
            // The database would try forever to open a missing folder.
            Files.createDirectories(folder);
            FileChannel channel =
                    FileChannel.open(folder.resolve("in-use"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (isLocked(channel)) {
                return channel;
            }
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException("the folder " + folder + " cannot be used: " + e.getMessage(), e);
        }
        throw new IllegalStateException("The folder " + folder
                + " is in use by another run: end that one, or choose another folder with --data.");
    }

    private static boolean isLocked(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) { // in this JVM
            return false;
        }
    }

    private static void release(Closeable lock) {
        try {
            lock.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static LocalDynamoDb start(int port, @Nullable String folder, Closeable lock) {
        try {
            // One database for all access keys and regions.
            var database = new LocalDynamoDBRequestHandler(0, folder == null, folder, true, false);
            var server = new Server();
            var connector = new ServerConnector(server);
            connector.setHost("127.0.0.1");
            connector.setPort(port);
            server.addConnector(connector);
            var calls = new DynamoDbCalls(new LocalDynamoDBServerHandler(database, null));
            server.setHandler(calls);
            server.start();
            return new LocalDynamoDb(database, server, calls, connector.getLocalPort(), lock);
        } catch (IOException | DynamoDBLocalServiceException e) {
            throw new UncheckedIOException("DynamoDB Local could not be started", asIo(e));
        } catch (Exception e) { // declared by Jetty's start()
            throw new IllegalStateException("DynamoDB Local could not be started", e);
        }
    }

    /** The URL to use instead of DynamoDB's own. */
    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** The operations so far, and faults for the next ones. */
    public DynamoDbCalls calls() {
        return calls;
    }

    /**
     * Creates a table as the template describes it, unless it exists: in kept data, or because an earlier request was
     * answered too late.
     *
     * @throws IllegalStateException if the database does not answer
     */
    public static void create(DynamoDbClient client, String name, Template.Table table) {
        try {
            try {
                client.createTable(request(name, table));
            } catch (ResourceInUseException e) {
                // It exists.
            }
            table.ttl().ifPresent(attribute -> enableTimeToLive(client, name, attribute));
        } catch (SdkClientException e) {
            throw new IllegalStateException("DynamoDB did not create the table " + name + ": " + e.getMessage(), e);
        }
    }

    /** Only if it is off: DynamoDB refuses to enable it twice. */
    private static void enableTimeToLive(DynamoDbClient client, String name, String attribute) {
        TimeToLiveStatus status = client.describeTimeToLive(describe -> describe.tableName(name))
                .timeToLiveDescription()
                .timeToLiveStatus();
        if (status == TimeToLiveStatus.DISABLED) {
            client.updateTimeToLive(update -> update.tableName(name)
                    .timeToLiveSpecification(TimeToLiveSpecification.builder()
                            .attributeName(attribute)
                            .enabled(true)
                            .build()));
        }
    }

    private static CreateTableRequest request(String name, Template.Table table) {
        List<AttributeDefinition> attributes = new ArrayList<>();
        for (Map.Entry<String, String> attribute : table.attributes().entrySet()) {
            attributes.add(AttributeDefinition.builder()
                    .attributeName(attribute.getKey())
                    .attributeType(attribute.getValue())
                    .build());
        }
        List<GlobalSecondaryIndex> indexes = new ArrayList<>();
        for (Template.Index index : table.indexes()) {
            Projection.Builder projection = Projection.builder().projectionType(index.projection());
            if (!index.included().isEmpty()) {
                projection.nonKeyAttributes(index.included());
            }
            indexes.add(GlobalSecondaryIndex.builder()
                    .indexName(index.name())
                    .keySchema(keys(index.key()))
                    .projection(projection.build())
                    .build());
        }
        return CreateTableRequest.builder()
                .tableName(name)
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .attributeDefinitions(attributes)
                .keySchema(keys(table.key()))
                .globalSecondaryIndexes(indexes)
                .build();
    }

    private static List<KeySchemaElement> keys(Template.Key key) {
        List<KeySchemaElement> keys = new ArrayList<>();
        keys.add(key(key.partition(), KeyType.HASH));
        key.sort().ifPresent(sort -> keys.add(key(sort, KeyType.RANGE)));
        return keys;
    }

    private static KeySchemaElement key(String attribute, KeyType type) {
        return KeySchemaElement.builder().attributeName(attribute).keyType(type).build();
    }

    private static IOException asIo(Exception e) {
        return e instanceof IOException io ? io : new IOException(e);
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) { // declared by Jetty's stop()
            throw new IllegalStateException("DynamoDB Local could not be stopped", e);
        } finally {
            database.shutdown();
            release(lock);
        }
    }
}
