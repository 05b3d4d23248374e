package io.smstask.send;

import static io.smstask.send.RawServer.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.twilio.http.HttpMethod;
import com.twilio.http.Request;
import io.smstask.http.ConnectFailed;
import io.smstask.http.Tls;
import io.smstask.testing.HandClock;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS is part of connecting: if it fails, nothing was written. */
final class OnePostHttpClientTlsTest {

    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration SHORT = Duration.ofMillis(500);
    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    private static Path folder;

    private static SSLContext localhost;
    private static String authority;

    private final HandClock clock = new HandClock();

    @BeforeAll
    static void make_a_certificate() throws Exception {
        KeyStore keys = selfSigned(folder.resolve("localhost.p12"));
        var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD);
        localhost = SSLContext.getInstance("TLS");
        localhost.init(managers.getKeyManagers(), null, null);
        authority = "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'})
                        .encodeToString(keys.getCertificate("localhost").getEncoded())
                + "\n-----END CERTIFICATE-----\n";
    }

    @Test
    void a_request_goes_through_tls_and_its_connection_is_kept() throws Exception {
        try (var server = RawServer.https(localhost);
                var http = trusting(server)) {
            server.script(answer(201, "1"), answer(201, "2"));

            assertThat(http.makeRequest(to(server), LONG).getContent()).isEqualTo("1");
            assertThat(http.makeRequest(to(server), LONG).getContent()).isEqualTo("2");

            assertThat(server.received())
                    .extracting(RawServer.Received::connection)
                    .containsExactly(1, 1);
        }
    }

    @Test
    void a_certificate_that_nobody_vouches_for_ends_the_connecting() throws Exception {
        try (var server = RawServer.https(localhost);
                var http = new OnePostHttpClient(server.uri(), new Tls(), clock)) {
            assertThatExceptionOfType(ConnectFailed.class).isThrownBy(() -> http.makeRequest(to(server), SHORT));

            assertThat(server.connectionsAccepted()).isEqualTo(1);
            assertThat(server.received()).isEmpty();
        }
    }

    @Test
    void a_server_without_tls_ends_the_connecting() throws Exception {
        try (var server = RawServer.httpGreeting("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
                var http = new OnePostHttpClient(server.uri(), new Tls(), clock)) {
            assertThatExceptionOfType(ConnectFailed.class).isThrownBy(() -> http.makeRequest(to(server), SHORT));

            assertThat(server.connectionsAccepted()).isEqualTo(1);
            assertThat(server.received()).isEmpty();
        }
    }

    @Test
    void an_interrupted_connecting_has_written_nothing() throws Exception {
        try (var server = RawServer.httpsBehindDoor(localhost);
                var http = trusting(server)) {
            Thread.currentThread().interrupt();

            assertThatExceptionOfType(ConnectFailed.class).isThrownBy(() -> http.makeRequest(to(server), LONG));

            assertThat(Thread.interrupted()).isTrue();
            server.openDoor();
            assertThat(server.openConnectionsFallTo(0)).isTrue();
            assertThat(server.received()).isEmpty();
        }
    }

    @Test
    void a_connection_that_comes_too_late_carries_no_request() throws Exception {
        try (var server = RawServer.httpsBehindDoor(localhost);
                var http = trusting(server)) {
            assertThatExceptionOfType(ConnectFailed.class).isThrownBy(() -> http.makeRequest(to(server), SHORT));
            assertThat(server.connectionsAccepted()).isEqualTo(1);

            server.openDoor();

            assertThat(server.openConnectionsFallTo(0)).isTrue();
            assertThat(server.received()).isEmpty();

            server.script(answer(201, "taken"));
            assertThat(http.makeRequest(to(server), LONG).getContent()).isEqualTo("taken");
            assertThat(server.received())
                    .extracting(RawServer.Received::connection)
                    .containsExactly(2);
        }
    }

    private OnePostHttpClient trusting(RawServer server) {
        return new OnePostHttpClient(server.uri(), new Tls(authority), clock, LONG);
    }

    private static Request to(RawServer server) {
        Request request = new Request(HttpMethod.POST, server.uri() + "/messages");
        request.addPostParam("Body", "hello");
        return request;
    }

    /** Only the JDK's keytool can make certificates. */
    private static KeyStore selfSigned(Path file) throws IOException, InterruptedException, GeneralSecurityException {
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keystore",
                        file.toString(),
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        new String(PASSWORD),
                        "-alias",
                        "localhost",
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=dns:localhost",
                        "-ext",
                        "bc=ca:true")
                .redirectErrorStream(true)
                .start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(keytool.waitFor()).as(said).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            keys.load(in, PASSWORD);
        }
        return keys;
    }
}
