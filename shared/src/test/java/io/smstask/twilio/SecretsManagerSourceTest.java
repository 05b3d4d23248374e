package io.smstask.twilio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.smstask.aws.AwsClients;
import io.smstask.aws.AwsError;
import io.smstask.aws.AwsFailure;
import io.smstask.aws.AwsJson;
import io.smstask.http.Tls;
import io.smstask.settings.Settings;
import io.smstask.task.Misconfigured;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The source against a server that answers as Secrets Manager does. */
final class SecretsManagerSourceTest {

    private HttpServer server;
    private SecretSource source;
    private volatile int status = 200;
    private volatile int failures;
    private volatile String answer = "";
    private volatile String asked = "";

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/", this::answer);
        server.start();
        AwsJson secretsManager = new AwsClients(
                        Settings.from(Map.of(
                                "AWS_REGION", "eu-west-1",
                                "AWS_ACCESS_KEY_ID", "local",
                                "AWS_SECRET_ACCESS_KEY", "local",
                                "AWS_ENDPOINT_URL_SECRETS_MANAGER",
                                        "http://127.0.0.1:"
                                                + server.getAddress().getPort())),
                        new Tls(),
                        Clock.systemUTC())
                .secretsManager();
        source = new SecretsManagerSource(secretsManager, Duration.ofSeconds(10));
    }

    @AfterEach
    void stop() {
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
    void a_secret_of_bytes_is_told_as_one() {
        answer = "{\"Name\":\"smstask/twilio\",\"SecretBinary\":\"YQ==\"}";

        assertThatThrownBy(() -> source.read("smstask/twilio"))
                .isInstanceOfSatisfying(CredentialsUnavailable.class, e -> {
                    assertThat(CredentialsUnavailable.faultIn(e)).contains(SecretFault.BINARY);
                    assertThat(e.forCallers()).isInstanceOf(Misconfigured.class);
                });
    }

    @ParameterizedTest
    @CsvSource({
        "AccessDeniedException, 400",
        "DecryptionFailure, 400",
        "InvalidRequestException, 400",
        "UnrecognizedClientException, 400",
        "InvalidSignatureException, 400"
    })
    void a_refusal_that_stays_so_is_a_fault_of_the_configuration(String error, int httpStatus) {
        status = httpStatus;
        answer = "{\"__type\":\"" + error + "\",\"Message\":\"not allowed\"}";

        assertUnavailable(new AwsError(error, httpStatus), true);
    }

    @Test
    void an_outage_is_none() {
        status = 500;
        answer = "{\"__type\":\"InternalServiceError\"}";
        assertUnavailable(new AwsError("InternalServiceError", 500), false);

        status = 403;
        answer = "<html>proxy</html>";
        assertUnavailable(new AwsError(AwsError.NOT_FROM_AWS, 403), false);

        status = 200;
        assertUnavailable(new AwsError(AwsError.NOT_FROM_AWS, 200), false);

        server.stop(0);
        assertUnavailable(new AwsError(AwsError.NO_ANSWER, 0), false);
    }

    @Test
    void a_reading_that_failed_is_repeated() {
        failures = 2;
        answer = "{\"SecretString\":\"text\"}";

        assertThat(source.read("smstask/twilio")).contains("text");
    }

    private void assertUnavailable(AwsError error, boolean isConfiguration) {
        assertThatThrownBy(() -> source.read("smstask/twilio"))
                .hasMessage("Secrets Manager did not give the secret with Twilio's credentials")
                .isInstanceOfSatisfying(CredentialsUnavailable.class, e -> {
                    assertThat(AwsFailure.in(e)).contains(error);
                    assertThat(e.forCallers() instanceof Misconfigured).isEqualTo(isConfiguration);
                });
    }

    private void answer(HttpExchange exchange) throws IOException {
        asked = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        byte[] body = answer.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(failures-- > 0 ? 503 : status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}
