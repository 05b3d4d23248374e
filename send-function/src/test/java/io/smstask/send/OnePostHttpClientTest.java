package io.smstask.send;

import static io.smstask.send.RawServer.answer;
import static io.smstask.send.RawServer.rawThenHangUp;
import static io.smstask.send.RawServer.silence;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.twilio.http.HttpMethod;
import com.twilio.http.Request;
import com.twilio.http.Response;
import io.smstask.http.ConnectFailed;
import io.smstask.http.Host;
import io.smstask.http.Tls;
import io.smstask.task.CallFailure;
import io.smstask.testing.HandClock;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How connections are opened, kept and dropped, and what a failure says about the request. */
final class OnePostHttpClientTest {

    private static final Duration LONG = Duration.ofMinutes(1);

    private final RawServer server = RawServer.http();
    private final HandClock clock = new HandClock();
    private final OnePostHttpClient http = new OnePostHttpClient(server.uri(), new Tls(), clock, LONG);

    @AfterEach
    void close() throws IOException {
        http.close();
        server.close();
    }

    @Test
    void a_post_is_never_repeated() {
        server.script(answer(503, ""), answer(503, ""));

        assertThat(post().getStatusCode()).isEqualTo(503);

        assertThat(server.received()).hasSize(1);
    }

    @Test
    void an_answer_has_its_status_headers_and_text() {
        server.script(answer(418, "ünï🎉", "X-One: 1", "X-Two: 2"));

        Response response = post();

        assertThat(response.getStatusCode()).isEqualTo(418);
        assertThat(response.getContent()).isEqualTo("ünï🎉");
        assertThat(response.getHeaders())
                .extracting(header -> header.getName() + "=" + header.getValue())
                .contains("X-One=1", "X-Two=2");
    }

    @Test
    void a_body_of_the_greatest_length_is_whole() {
        server.script(answer(200, "x".repeat(Host.MAX_BODY_BYTES)));

        assertThat(post().getContent()).hasSize(Host.MAX_BODY_BYTES);
    }

    @Test
    void a_body_that_is_one_byte_longer_is_not_usable() {
        server.script(answer(200, "x".repeat(Host.MAX_BODY_BYTES + 1)));

        assertThatExceptionOfType(OutcomeUnknown.class)
                .isThrownBy(this::post)
                .satisfies(e -> assertThat(e.failure()).isEqualTo(CallFailure.BAD_ANSWER));
    }

    @Test
    void an_answer_that_comes_before_the_body_was_read_is_an_answer() {
        server.script(RawServer.early(answer(413, "too long")));
        Request request = request();
        request.addPostParam("Long", "x".repeat(4_000_000));

        assertThat(http.makeRequest(request, LONG).getStatusCode()).isEqualTo(413);
    }

    @Test
    void a_connection_is_used_again_within_five_seconds() {
        server.script(answer(201, "1"), answer(201, "2"));

        post();
        clock.move(OnePostHttpClient.MAX_IDLE);
        post();

        assertThat(server.received()).extracting(RawServer.Received::connection).containsExactly(1, 1);
    }

    @Test
    void a_connection_idle_for_longer_is_replaced_although_it_is_open() throws Exception {
        server.script(answer(201, "1"), answer(201, "2"));

        post();
        clock.move(Duration.ofSeconds(6));
        post();

        assertThat(server.received()).extracting(RawServer.Received::connection).containsExactly(1, 2);
        assertThat(server.openConnectionsFallTo(1)).isTrue();
    }

    @Test
    void a_connection_that_was_opened_ahead_carries_the_first_request() {
        server.script(answer(201, "1"));

        http.connectAhead(LONG);
        assertThat(server.received()).isEmpty();
        post();

        assertThat(server.received()).extracting(RawServer.Received::connection).containsExactly(1);
    }

    @Test
    void a_connection_that_was_opened_too_long_ahead_is_replaced() {
        server.script(answer(201, "1"), answer(201, "2"));

        http.connectAhead(LONG);
        clock.move(OnePostHttpClient.MAX_IDLE.plusMillis(1));
        post();

        assertThat(server.received()).extracting(RawServer.Received::connection).containsExactly(2);
    }

    @Test
    void a_connection_that_died_while_the_function_was_frozen_is_replaced() throws Exception {
        server.script(rawThenHangUp("HTTP/1.1 201 Created\r\nContent-Length: 1\r\n\r\n1"), answer(201, "2"));

        post();
        assertThat(server.openConnectionsFallTo(0)).isTrue();
        clock.move(Duration.ofSeconds(6));

        assertThat(post().getContent()).isEqualTo("2");
        assertThat(server.received()).extracting(RawServer.Received::connection).containsExactly(1, 2);
    }

    @Test
    void a_clock_that_was_set_back_proves_no_freshness() {
        server.script(answer(201, "1"), answer(201, "2"));

        post();
        clock.move(Duration.ofHours(-1));
        post();

        assertThat(server.received()).extracting(RawServer.Received::connection).containsExactly(1, 2);
    }

    @Test
    void a_connection_that_the_server_wants_closed_is_not_used_again() {
        server.script(answer(201, "1", "Connection: close"), answer(201, "2"));

        post();
        post();

        assertThat(server.received()).extracting(RawServer.Received::connection).containsExactly(1, 2);
    }

    @Test
    void a_connection_whose_answer_is_overdue_is_closed() throws Exception {
        server.script(silence(), answer(201, "2"));

        assertThatExceptionOfType(OutcomeUnknown.class)
                .isThrownBy(() -> http.makeRequest(request(), Duration.ofMillis(200)))
                .satisfies(e -> assertThat(e.failure()).isEqualTo(CallFailure.TIMEOUT));

        assertThat(server.openConnectionsFallTo(0)).isTrue();
        assertThat(post().getContent()).isEqualTo("2");
        assertThat(server.received()).hasSize(2);
    }

    @Test
    void an_interrupted_wait_for_the_answer_leaves_the_outcome_unknown() {
        Thread waiting = Thread.currentThread();
        server.script(connection -> waiting.interrupt());

        assertThatExceptionOfType(OutcomeUnknown.class).isThrownBy(this::post);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(server.received()).hasSize(1);
    }

    @Test
    void without_patience_nothing_is_written() throws Exception {
        server.script(answer(201, "1"));
        post();

        assertThatExceptionOfType(ConnectFailed.class).isThrownBy(() -> http.makeRequest(request(), Duration.ZERO));

        assertThat(server.openConnectionsFallTo(0)).isTrue();
        assertThat(server.received()).hasSize(1);
    }

    @Test
    void a_closed_port_is_a_failure_to_connect() {
        URI nowhere = RawServer.nowhere();

        try (var client = new OnePostHttpClient(nowhere, new Tls(), clock)) {
            assertThatExceptionOfType(ConnectFailed.class)
                    .isThrownBy(() -> client.makeRequest(new Request(HttpMethod.POST, nowhere + "/"), LONG))
                    .withMessageContaining("AWS_IO_SOCKET_CONNECTION_REFUSED");
        }
    }

    @Test
    void threads_share_no_connection_and_one_is_kept() throws Exception {
        int threads = 8;
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<String>> answers = new ArrayList<>();
            for (int i = 0; i < 4 * threads; i++) {
                server.script(answer(201, "taken"));
                answers.add(pool.submit(() -> post().getContent()));
            }

            for (Future<String> answer : answers) {
                assertThat(answer.get()).isEqualTo("taken");
            }
        } finally {
            pool.shutdown();
        }
        assertThat(server.received()).hasSize(4 * threads);
        assertThat(server.openConnectionsFallTo(1)).isTrue();
    }

    @Test
    void it_goes_to_its_own_host_only() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> http.makeRequest(new Request(HttpMethod.POST, "http://elsewhere.example.com/"), LONG));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> http.makeRequest(new Request(HttpMethod.PUT, server.uri() + "/"), LONG));
    }

    private Response post() {
        return http.makeRequest(request(), LONG);
    }

    private Request request() {
        Request request = new Request(HttpMethod.POST, server.uri() + "/messages");
        request.addPostParam("Body", "hello");
        return request;
    }
}
