package io.smstask.simulator;

import com.twilio.http.TwilioRestClient;
import com.twilio.rest.api.v2010.account.Message;
import com.twilio.rest.api.v2010.account.MessageCreator;
import com.twilio.type.PhoneNumber;
import io.smstask.testing.Patience;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;

/** A fast simulator, a receiver of callbacks, and two ways to send. */
abstract class SimulatorTest {
    static final String ACCOUNT = "AC00000000000000000000000000000001";
    static final String TOKEN = "0123456789abcdef0123456789abcdef";
    static final String KEY = "SK00000000000000000000000000000001";
    static final String KEY_SECRET = "fedcba9876543210fedcba9876543210";
    static final String OTHER_ACCOUNT = "AC00000000000000000000000000000002";
    static final String SERVICE = "MG00000000000000000000000000000001";
    static final String FROM = "+15005550006";
    static final String TO = "+15558675310";

    private static final Duration LIMIT = Patience.PATIENCE.dividedBy(3);

    final TwilioSimulator twilio = TwilioSimulator.start(SimulatorOptions.of(
                    new Account(ACCOUNT, TOKEN).withApiKey(KEY, KEY_SECRET), new Account(OTHER_ACCOUNT, "other"))
            .withCallbackDelay(Duration.ZERO));
    final CallbackReceiver receiver = new CallbackReceiver(TOKEN);
    final TwilioRestClient client = RedirectedClient.to(twilio.baseUrl(), ACCOUNT, TOKEN, ACCOUNT);

    private final HttpClient http = HttpClient.newHttpClient();

    @AfterEach
    void stop() {
        twilio.close();
        receiver.close();
    }

    MessageCreator message(String to) {
        return Message.creator(new PhoneNumber(to), new PhoneNumber(FROM), "Hello");
    }

    MessageCreator messageCallingBack(String to, String path) {
        return message(to).setStatusCallback(URI.create(receiver.url(path)));
    }

    HttpResponse<String> post(String form) throws IOException, InterruptedException {
        return post(form, "application/x-www-form-urlencoded");
    }

    HttpResponse<String> post(String form, String contentType) throws IOException, InterruptedException {
        return send(request("/2010-04-01/Accounts/" + ACCOUNT + "/Messages.json", ACCOUNT, TOKEN)
                .header("Content-Type", contentType)
                .POST(HttpRequest.BodyPublishers.ofString(form)));
    }

    HttpResponse<String> get(String path, String user, String password) throws IOException, InterruptedException {
        return send(request(path, user, password));
    }

    HttpRequest.Builder request(String path, String user, String password) {
        var pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
        // A connection that is accepted while the port closes may hang for good.
        return HttpRequest.newBuilder(URI.create(twilio.baseUrl() + path))
                .timeout(LIMIT)
                .header("Authorization", "Basic " + Base64.getEncoder().encodeToString(pair));
    }

    /** Whether the port is closed. */
    boolean isRefused() throws IOException {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), twilio.port()));
            return false;
        } catch (ConnectException e) {
            return true;
        }
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
