package io.smstask.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.smstask.aws.AwsClients;
import io.smstask.settings.Settings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** The source against a server that answers as Secrets Manager does. */
final class SecretsManagerSourceTest {

    private HttpServer server;
    private SecretsManagerClient client;
    private SecretSource source;
    private volatile int status = 200;
    private volatile String answer = "";
    private volatile String asked = "";

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/", this::answer);
        server.start();
        client = new AwsClients(Settings.from(Map.of(
                        "AWS_REGION", "eu-west-1",
                        "AWS_ACCESS_KEY_ID", "local",
                        "AWS_SECRET_ACCESS_KEY", "local",
                        "AWS_ENDPOINT_URL_SECRETS_MANAGER",
                                "http://127.0.0.1:" + server.getAddress().getPort())))
                .secretsManager(Duration.ofSeconds(10));
        source = new SecretsManagerSource(() -> client);
    }

    @AfterEach
    void stop() {
        client.close();
        server.stop(0);
    }

    @Test
    void a_secret_is_read_by_its_name() {
        answer = "{\"Name\":\"smstask/twilio\",\"SecretString\":\"{\\\"AuthToken\\\":\\\"t\\\"}\"}";

        assertThat(source.read("smstask/twilio")).contains("{\"AuthToken\":\"t\"}");
        assertThat(asked).contains("\"SecretId\":\"smstask/twilio\"");
    }

    @Test
    void a_secret_that_does_not_exist_is_none() {
        status = 400;
        answer = "{\"__type\":\"ResourceNotFoundException\",\"Message\":\"no such secret\"}";

        assertThat(source.read("smstask/twilio")).isEmpty();
    }

    @Test
    void a_binary_secret_is_none() {
        answer = "{\"Name\":\"smstask/twilio\",\"SecretBinary\":\"YQ==\"}";

        assertThat(source.read("smstask/twilio")).isEmpty();
    }

    @Test
    void a_refusal_and_an_outage_make_credentials_unavailable() {
        status = 400;
        answer = "{\"__type\":\"AccessDeniedException\",\"Message\":\"not allowed\"}";
        assertUnavailable();

        status = 500;
        answer = "{\"__type\":\"InternalServiceError\"}";
        assertUnavailable();

        server.stop(0);
        assertUnavailable();
    }

    private void assertUnavailable() {
        assertThatThrownBy(() -> source.read("smstask/twilio"))
                .isInstanceOf(CredentialsUnavailable.class)
                .hasMessage("Secrets Manager did not give the secret with Twilio's credentials");
    }

    private void answer(HttpExchange exchange) throws IOException {
        asked = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        byte[] body = answer.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}
