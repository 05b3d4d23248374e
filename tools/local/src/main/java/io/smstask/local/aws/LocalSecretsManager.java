package io.smstask.local.aws;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The one Secrets Manager operation that the functions call, {@code GetSecretValue}.
 *
 * @see <a href="https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html">AWS:
 *     GetSecretValue</a>
 */
public final class LocalSecretsManager implements AutoCloseable {

    private final Map<String, String> secrets = new ConcurrentHashMap<>();
    private final AtomicInteger reads = new AtomicInteger();
    private final AwsJsonEndpoint endpoint;

    private LocalSecretsManager() {
        endpoint = AwsJsonEndpoint.start(Map.of("secretsmanager.GetSecretValue", this::secretValue));
    }

    /** Starts an endpoint without secrets, on a port that the system chooses. */
    public static LocalSecretsManager start() {
        return new LocalSecretsManager();
    }

    /** The URL to use instead of Secrets Manager's own. */
    public URI endpoint() {
        return endpoint.uri();
    }

    /** Sets a secret's text. */
    public void put(String id, String text) {
        secrets.put(id, text);
    }

    /** The number of requests for secrets. */
    public int reads() {
        return reads.get();
    }

    private AwsJsonEndpoint.JsonAnswer secretValue(JsonNode input) {
        reads.incrementAndGet();
        String id = input.path("SecretId").asText();
        String text = secrets.get(id);
        return text == null
                ? AwsJsonEndpoint.JsonAnswer.error(400, "ResourceNotFoundException")
                : AwsJsonEndpoint.JsonAnswer.ok(Map.of("Name", id, "SecretString", text));
    }

    @Override
    public void close() {
        endpoint.close();
    }
}
