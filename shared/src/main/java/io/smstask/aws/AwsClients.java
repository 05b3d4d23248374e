package io.smstask.aws;

import io.smstask.http.Host;
import io.smstask.http.Tls;
import io.smstask.settings.Settings;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * AWS's services, with everything set explicitly: region, credentials and endpoint. Nothing is discovered, which would cost
 * time at start. The native library is loaded by the first call, in parallel with other work.
 */
public final class AwsClients {

    /** How long a connection may have been idle; the SDK's own limit. A call on one that has died is made again. */
    private static final Duration MAX_IDLE = Duration.ofSeconds(60);

    private static final int MOST_KEPT = 50;

    /** AWS is near, and the shortest limit of a call leaves 400 ms to its first attempt. */
    private static final Duration NEXT_ATTEMPT = Duration.ofMillis(200);

    /** Of the isolated and sovereign clouds, by the beginnings of their regions' names; all others have the usual one. */
    private static final Map<String, String> DNS_SUFFIXES = Map.of(
            "cn-", "amazonaws.com.cn",
            "eu-isoe-", "cloud.adc-e.uk",
            "eusc-", "amazonaws.eu",
            "us-iso-", "c2s.ic.gov",
            "us-isob-", "sc2s.sgov.gov",
            "us-isof-", "csp.hci.ic.gov");

    private final Settings settings;
    private final Tls tls;
    private final Clock clock;

    /**
     * @param tls shared with all other hosts
     * @param clock tells how old a connection is
     */
    public AwsClients(Settings settings, Tls tls, Clock clock) {
        this.settings = settings;
        this.tls = tls;
        this.clock = clock;
    }

    /** DynamoDB, for single items: {@code PutItem}, {@code UpdateItem}, {@code GetItem}. */
    public AwsJson dynamoDb() {
        return json("dynamodb", "DYNAMODB");
    }

    /** DynamoDB without a network: its table is one item in memory, the last that was put. */
    public static AwsJson rehearsalDynamoDb() {
        return new AwsJson(
                new OneItemTable(),
                URI.create("https://rehearsal.invalid"),
                "dynamodb",
                "us-east-1",
                new Settings.AwsAccessKey("rehearsal", "rehearsal", Optional.empty()));
    }

    /** Secrets Manager, for one call: {@code GetSecretValue}. */
    public AwsJson secretsManager() {
        return json("secretsmanager", "SECRETS_MANAGER");
    }

    /** Step Functions, for one call: {@code SendTaskSuccess}. */
    public AwsJson stepFunctions() {
        return json("states", "SFN");
    }

    /** SQS, for three calls: {@code SendMessage}, {@code SendMessageBatch}, {@code GetQueueAttributes}. */
    public AwsJson sqs() {
        return json("sqs", "SQS");
    }

    /** EventBridge, for one call: {@code PutEvents}. */
    public AwsJson eventBridge() {
        return json("events", "EVENTBRIDGE");
    }

    /**
     * @param name in the service's host name and in signatures
     * @param service as in the names of settings
     */
    private AwsJson json(String name, String service) {
        String region = settings.awsRegion();
        String usual = "https://" + name + "." + region + "." + dnsSuffix(region);
        URI endpoint = URI.create(settings.awsEndpoint(service).orElse(usual));
        Host host = new Host(endpoint, tls, clock, MAX_IDLE, MOST_KEPT, NEXT_ATTEMPT);
        return new AwsJson(host, endpoint, name, region, settings.awsAccessKey());
    }

    static String dnsSuffix(String region) {
        for (Map.Entry<String, String> suffix : DNS_SUFFIXES.entrySet()) {
            if (region.startsWith(suffix.getKey())) {
                return suffix.getValue();
            }
        }
        return "amazonaws.com";
    }
}
