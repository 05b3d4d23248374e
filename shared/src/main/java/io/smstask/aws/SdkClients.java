package io.smstask.aws;

import io.smstask.settings.Settings;
import java.net.URI;
import java.time.Duration;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.endpoints.AccountIdEndpointMode;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.crt.AwsCrtHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClientBuilder;

/**
 * Clients of the AWS SDK, for queries and for tools. Neither this class nor the SDK may be loaded before a function's first
 * answer: a client takes as long as all the rest of a start.
 */
public final class SdkClients {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);
    private static final int ATTEMPTS = 3;

    private SdkClients() {}

    /**
     * DynamoDB.
     *
     * @param limit how long one call may take, the SDK's retries included
     */
    public static DynamoDbClient dynamoDb(Settings settings, Duration limit) {
        DynamoDbClientBuilder builder = DynamoDbClient.builder()
                .region(Region.of(settings.awsRegion()))
                .credentialsProvider(StaticCredentialsProvider.create(credentials(settings.awsAccessKey())))
                .accountIdEndpointMode(AccountIdEndpointMode.DISABLED)
                .httpClientBuilder(AwsCrtHttpClient.builder().connectionTimeout(CONNECT_TIMEOUT))
                .overrideConfiguration(configuration -> configuration
                        .apiCallTimeout(limit)
                        .apiCallAttemptTimeout(limit.dividedBy(2))
                        .retryStrategy(AwsRetryStrategy.standardRetryStrategy().toBuilder()
                                .maxAttempts(ATTEMPTS)
                                .build()));
        settings.awsEndpoint("DYNAMODB").ifPresent(url -> builder.endpointOverride(URI.create(url)));
        return builder.build();
    }

    private static AwsCredentials credentials(Settings.AwsAccessKey key) {
        return key.sessionToken().isPresent()
                ? AwsSessionCredentials.create(
                        key.id(), key.secret(), key.sessionToken().get())
                : AwsBasicCredentials.create(key.id(), key.secret());
    }
}
