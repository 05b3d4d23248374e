package io.smstask.local;

import io.javalin.Javalin;
import io.javalin.http.Context;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Hands out the function's AWS credentials as Lambda does under SnapStart: at an address of this machine, to whoever has the
 * token.
 *
 * @see <a href="https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html">AWS: container
 *     credential provider</a>
 */
final class ContainerCredentials implements AutoCloseable {

    private static final String PATH = "/v2/credentials";
    private static final String TOKEN = "container-authorization-0001";
    private static final String SECRET_KEY = "container-secret-key-0001";
    private static final String SESSION_TOKEN = "container-session-token-0001";

    private final AtomicInteger handedOut = new AtomicInteger();
    private final Javalin server;

    /** Starts on a port that the system chooses. */
    ContainerCredentials() {
        server = Javalin.create(config -> {
            config.startup.showJavalinBanner = false;
            config.startup.showOldJavalinVersionWarning = false;
            config.routes.get(PATH, this::answer);
        });
        server.start("127.0.0.1", 0);
    }

    /** What the SDK finds in the environment. */
    Map<String, String> environment() {
        return Map.of(
                "AWS_CONTAINER_CREDENTIALS_FULL_URI",
                "http://127.0.0.1:" + server.port() + PATH,
                "AWS_CONTAINER_AUTHORIZATION_TOKEN",
                TOKEN);
    }

    /** What no log may hold. */
    List<String> secrets() {
        return List.of(TOKEN, SECRET_KEY, SESSION_TOKEN);
    }

    /** How often it gave credentials. */
    int handedOut() {
        return handedOut.get();
    }

    private void answer(Context http) {
        if (!TOKEN.equals(http.header("Authorization"))) {
            http.status(401);
            return;
        }
        handedOut.incrementAndGet();
        http.json(Map.of(
                "AccessKeyId",
                "ASIALOCAL",
                "SecretAccessKey",
                SECRET_KEY,
                "Token",
                SESSION_TOKEN,
                "Expiration",
                "2099-01-01T00:00:00Z"));
    }

    @Override
    public void close() {
        server.stop();
    }
}
