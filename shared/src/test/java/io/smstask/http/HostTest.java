package io.smstask.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpServer;
import io.smstask.testing.HandClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.crt.http.HttpClientConnection;
import software.amazon.awssdk.crt.http.HttpClientConnectionManagerOptions;
import software.amazon.awssdk.crt.http.HttpHeader;
import software.amazon.awssdk.crt.http.HttpRequest;
import software.amazon.awssdk.crt.http.HttpStream;

/** What only the inside of a host shows; send-function's OnePostHttpClientTest has the rest, over TLS too. */
final class HostTest {

    private static final Duration LONG = Duration.ofMinutes(1);

    private final HandClock clock = new HandClock();
    private final Set<Integer> ports = new HashSet<>();
    private HttpServer server;
    private Host host;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            ports.add(exchange.getRemoteAddress().getPort());
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.start();
        URI origin = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        host = new Host(origin, new Tls(), clock, Duration.ofSeconds(60), 2, LONG);
    }

    @AfterEach
    void stop() {
        host.close();
        server.stop(0);
    }

    @Test
    @Timeout(60)
    void a_request_that_could_not_be_handed_over_whole_may_have_been_written() {
        HttpClientConnection connection = host.connect(System.nanoTime() + LONG.toNanos());
        try (HttpStream stream = Host.stream(connection, request(), new Collector())) {
            connection.shutdown();
            while (connection.isOpen()) {
                Thread.onSpinWait();
            }

            assertThatExceptionOfType(NoAnswer.class)
                    .isThrownBy(() -> Host.activate(stream))
                    .satisfies(e -> assertThat(e.why()).isEqualTo(NoAnswer.Cause.CONNECTION_LOST));
        } finally {
            connection.close();
        }
    }

    @Test
    void no_more_connections_are_kept_than_asked_for_and_none_for_too_long() {
        for (int i = 0; i < 3; i++) {
            host.connectAhead(LONG);
        }
        for (int i = 0; i < 3; i++) {
            host.exchange(request(), LONG);
        }
        assertThat(ports).hasSize(1);

        clock.move(Duration.ofSeconds(61));
        host.exchange(request(), LONG);

        assertThat(ports).hasSize(2);
    }

    /** Of two threads that connect first, CRT would throw at one. */
    @Test
    void what_connections_share_is_made_before_two_threads_can_make_it() {
        try (var secure = new Host(URI.create("https://127.0.0.1"), new Tls(), clock, LONG, 2, LONG)) {
            HttpClientConnectionManagerOptions options = secure.options();

            assertThat(options.getSocketOptions().isNull()).isFalse();
            assertThat(options.getTlsConnectionOptions().isNull()).isFalse();
        }
    }

    private static HttpRequest request() {
        HttpHeader[] headers = {new HttpHeader("Host", "localhost"), new HttpHeader("Content-Length", "0")};
        return new HttpRequest("POST", "/", headers, null);
    }
}
