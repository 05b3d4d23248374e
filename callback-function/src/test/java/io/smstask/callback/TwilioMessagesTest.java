package io.smstask.callback;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.smstask.callback.MessageReader.Look;
import io.smstask.credentials.TwilioCredentials;
import io.smstask.task.AccountSid;
import io.smstask.task.AuthToken;
import io.smstask.task.MessageSid;
import io.smstask.task.MessageStatus;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One look at one message, over HTTP. */
class TwilioMessagesTest {

    private static final AccountSid ACCOUNT = new AccountSid(CallbackStage.ACCOUNT);
    private static final MessageSid SID = new MessageSid(CallbackStage.SID);

    private final List<String> asked = new ArrayList<>();
    private HttpServer server;
    private int status = 200;
    private String body = "";

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                    + exchange.getRequestHeaders().getFirst("Authorization"));
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void a_message_is_read_with_its_error() {
        body = "{\"status\":\"undelivered\",\"error_code\":30005,\"num_segments\":\"2\"}";

        assertThat(look())
                .isEqualTo(new Look.Seen(new MessageStatus("undelivered"), Optional.of("30005"), Optional.of(2)));
        // "AC…01:token" in base64, as RFC 7617 has it.
        assertThat(asked)
                .containsExactly("GET /2010-04-01/Accounts/" + ACCOUNT + "/Messages/" + SID
                        + ".json Basic QUMwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMTp0b2tlbg==");
    }

    @Test
    void a_message_without_an_error_has_no_code() {
        body = "{\"status\":\"sent\",\"error_code\":null,\"num_segments\":\"1\"}";

        assertThat(look()).isEqualTo(new Look.Seen(new MessageStatus("sent"), Optional.empty(), Optional.of(1)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<h1>Hi</h1>", "[]", "{}", "{\"status\":7}", "{\"status\":\"\"}"})
    void what_is_no_message_cannot_be_read(String answer) {
        body = answer;

        assertThat(look()).isEqualTo(new Look.Unreadable());
    }

    @ParameterizedTest
    @CsvSource({"404, NotThere", "429, RateLimited", "401, Unreadable", "500, Unreadable", "302, Unreadable"})
    void what_another_status_means(int answered, String look) {
        status = answered;

        assertThat(look().getClass().getSimpleName()).isEqualTo(look);
    }

    @Test
    void a_server_that_is_not_there_cannot_be_read() {
        TwilioMessages messages =
                new TwilioMessages("http://127.0.0.1:" + server.getAddress().getPort());
        server.stop(0);

        assertThat(messages.look(ACCOUNT, SID, credentials())).isEqualTo(new Look.Unreadable());
    }

    @Test
    void a_look_that_is_interrupted_cannot_be_read_and_stays_interrupted() {
        Thread.currentThread().interrupt();

        assertThat(look()).isEqualTo(new Look.Unreadable());

        assertThat(Thread.interrupted()).isTrue();
    }

    private Look look() {
        return new TwilioMessages("http://127.0.0.1:" + server.getAddress().getPort())
                .look(ACCOUNT, SID, credentials());
    }

    private static TwilioCredentials credentials() {
        return TwilioCredentials.of(ACCOUNT, new AuthToken("token"));
    }
}
