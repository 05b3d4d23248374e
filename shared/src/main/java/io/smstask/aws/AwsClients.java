package io.smstask.aws;

import io.smstask.settings.Settings;
import java.net.URI;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.endpoints.AccountIdEndpointMode;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.crt.AwsCrtHttpClient;
import software.amazon.awssdk.regions.PartitionMetadata;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * AWS clients with everything set explicitly: region, credentials, endpoint, time limits and retries. Nothing is left
 * to the SDK's discovery, which costs time at start, or to its defaults, which may wait for minutes.
 */
public final class AwsClients {

    private static final int ATTEMPTS = 3;
    /**
     * Regions of the partition {@code aws}; those of China and of the isolated and sovereign clouds have other names.
     */
    private static final Pattern USUAL_REGION = Pattern.compile("(af|ap|ca|eu|il|me|mx|sa|us)-[a-z]+-[0-9]+");

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);

    private final Settings settings;
    /** Created by the first call, so that its native library loads in parallel with other work. */
    private final Once<SdkHttpClient> http;

    private final AwsCredentials credentials;

    /** Clients that share one HTTP client. */
    public AwsClients(Settings settings) {
        this.settings = settings;
        this.http = new Once<>(() ->
                AwsCrtHttpClient.builder().connectionTimeout(CONNECT_TIMEOUT).build());
        this.credentials = credentials(settings.awsAccessKey());
    }

    /**
     * A DynamoDB client.
     *
     * @param limit how long one call may take, the SDK's retries included
     */
    public DynamoDbClient dynamoDb(Duration limit) {
        return configured(DynamoDbClient.builder(), "DYNAMODB", limit)
                .accountIdEndpointMode(AccountIdEndpointMode.DISABLED)
                .httpClient(http.get())
                .build();
    }

    /**
     * A DynamoDB client for a function's cold start. It reads and writes single items, and queries.
     *
     * @param limit how long one call may take, retries included
     */
    public DynamoDbClient lightDynamoDb(Duration limit) {
        return new LightDynamoDb(json("dynamodb", "DYNAMODB"), limit, () -> dynamoDb(limit));
    }

    /** As above, but without a network: its table is one item in memory, the last that was put. */
    public DynamoDbClient rehearsalDynamoDb() {
        AwsCredentials nobodys = AwsBasicCredentials.create("rehearsal", "rehearsal");
        OneItemTable table = new OneItemTable();
        return new LightDynamoDb(json(() -> table, "dynamodb", "DYNAMODB", nobodys), CONNECT_TIMEOUT, () -> {
            throw new UnsupportedOperationException("a rehearsal reads no index");
        });
    }

    /** Secrets Manager, for one call: {@code GetSecretValue}. */
    public AwsJson secretsManager() {
        return json("secretsmanager", "SECRETS_MANAGER");
    }

    /** Step Functions, for one call: {@code SendTaskSuccess}. */
    public AwsJson stepFunctions() {
        return json("states", "SFN");
    }

    /** EventBridge, for one call: {@code PutEvents}. */
    public AwsJson eventBridge() {
        return json("events", "EVENTBRIDGE");
    }

    private AwsJson json(String name, String service) {
        return json(http, name, service, credentials);
    }

    /**
     * @param name in the service's host name and in signatures
     * @param service as in the names of settings
     */
    private AwsJson json(Supplier<SdkHttpClient> transport, String name, String service, AwsCredentials keys) {
        String region = settings.awsRegion();
        Supplier<URI> endpoint = new Once<>(() -> URI.create(settings.awsEndpoint(service)
                .orElseGet(() -> "https://" + name + "." + region + "." + dnsSuffix(region))));
        return new AwsJson(transport, endpoint, name, region, keys);
    }

    /** The SDK's list of partitions loads some 350 classes, so it is used for unusual regions only. */
    private static String dnsSuffix(String region) {
        return USUAL_REGION.matcher(region).matches()
                ? "amazonaws.com"
                : PartitionMetadata.of(Region.of(region)).dnsSuffix();
    }

    private <B extends AwsClientBuilder<B, C>, C> B configured(B builder, String service, Duration limit) {
        builder.region(Region.of(settings.awsRegion()))
                .credentialsProvider(StaticCredentialsProvider.create(credentials))
                .overrideConfiguration(ClientOverrideConfiguration.builder()
                        .apiCallTimeout(limit)
                        .apiCallAttemptTimeout(limit.dividedBy(2))
                        .retryStrategy(AwsRetryStrategy.standardRetryStrategy().toBuilder()
                                .maxAttempts(ATTEMPTS)
                                .build())
                        .build());
        settings.awsEndpoint(service).ifPresent(url -> builder.endpointOverride(URI.create(url)));
        return builder;
    }

    private static AwsCredentials credentials(Settings.AwsAccessKey key) {
        return key.sessionToken().isPresent()
                ? AwsSessionCredentials.create(
                        key.id(), key.secret(), key.sessionToken().get())
                : AwsBasicCredentials.create(key.id(), key.secret());
    }
}
