package io.smstask.local.aws;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.javalin.Javalin;
import io.javalin.http.Context;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The one call of Secrets Manager that the functions make, {@code GetSecretValue}, in AWS's JSON 1.1 protocol.
 *
 * @see <a href="https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html">AWS:
 *     GetSecretValue</a>
 */
public final class LocalSecretsManager implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, String> secrets = new ConcurrentHashMap<>();
    private final AtomicInteger reads = new AtomicInteger();
    private final Javalin server;

    private LocalSecretsManager() {
        server = Javalin.create(config -> {
            config.startup.showJavalinBanner = false;
            config.startup.showOldJavalinVersionWarning = false;
            config.routes.post("/", this::answer);
        });
    }

    /** Starts one without secrets, on a port that the system chooses. */
    public static LocalSecretsManager start() {
        var secretsManager = new LocalSecretsManager();
        secretsManager.server.start("127.0.0.1", 0);
        return secretsManager;
    }

    /** What takes the place of Secrets Manager's own endpoint. */
    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.port());
    }

    /** Sets a secret's text. */
    public void put(String id, String text) {
        secrets.put(id, text);
    }

    /** How often a secret was asked for. */
    public int reads() {
        return reads.get();
    }

    private void answer(Context http) throws JsonProcessingException {
        http.contentType("application/x-amz-json-1.1");
        if (!"secretsmanager.GetSecretValue".equals(http.header("X-Amz-Target"))) {
            http.status(400).result(error("UnknownOperationException"));
            return;
        }
        reads.incrementAndGet();
        String id = JSON.readTree(http.body()).path("SecretId").asText();
        String text = secrets.get(id);
        if (text == null) {
            http.status(400).result(error("ResourceNotFoundException"));
        } else {
            http.result(JSON.writeValueAsString(Map.of("Name", id, "SecretString", text)));
        }
    }

    private static String error(String type) throws JsonProcessingException {
        return JSON.writeValueAsString(Map.of("__type", type, "message", "see __type"));
    }

    @Override
    public void close() {
        server.stop();
    }
}
