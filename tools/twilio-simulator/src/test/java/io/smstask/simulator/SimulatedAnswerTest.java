package io.smstask.simulator;

import static io.smstask.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.twilio.exception.ApiException;
import io.smstask.testing.Patience;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Scripted answers, as a client sees them. */
final class SimulatedAnswerTest extends SimulatorTest {
    private static final String FORM = "To=%2B15558675310&From=%2B15005550006&Body=Hello";
    private static final String PATH = "/2010-04-01/Accounts/" + ACCOUNT + "/Messages.json";

    @Test
    void the_connection_is_closed_without_a_byte() throws IOException {
        twilio.nextAnswer(SimulatedAnswer.closeWithoutAnswer());
        assertThat(rawPost()).isEmpty();
        assertThat(twilio.requests()).hasSize(1);
        assertThat(twilio.messages()).isEmpty();
    }

    /** All bytes of the answer until the server closes. */
    private byte[] rawPost() throws IOException {
        var authorization =
                Base64.getEncoder().encodeToString((ACCOUNT + ":" + TOKEN).getBytes(StandardCharsets.UTF_8));
        try (var socket = new Socket("127.0.0.1", twilio.port())) {
            socket.setSoTimeout((int) Patience.PATIENCE.toMillis());
            var head = "POST " + PATH + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic " + authorization
                    + "\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: " + FORM.length()
                    + "\r\n\r\n";
            socket.getOutputStream().write((head + FORM).getBytes(StandardCharsets.US_ASCII));
            InputStream answer = socket.getInputStream();
            return answer.readAllBytes();
        }
    }

    @Test
    void a_client_sees_an_io_exception_and_the_message_may_have_been_taken() {
        twilio.nextAnswer(SimulatedAnswer.acceptThen(SimulatedAnswer.closeWithoutAnswer()));

        assertThatThrownBy(() -> post(FORM + "&StatusCallback=" + receiver.url("/a")))
                .isInstanceOf(IOException.class);

        await("the callback delivered").until(() -> receiver.statuses().contains("delivered"));
        assertThat(twilio.messages()).hasSize(1);
        assertThat(twilio.requests()).hasSize(1);
    }

    @Test
    void a_caller_may_wait_in_vain_while_the_message_is_delivered() {
        twilio.nextAnswer(SimulatedAnswer.acceptThen(SimulatedAnswer.hang(Duration.ofMinutes(1))));

        assertThatThrownBy(() -> send(request(PATH, ACCOUNT, TOKEN)
                        .timeout(Duration.ofMillis(500))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(FORM + "&StatusCallback=" + receiver.url("/a")))))
                .isInstanceOf(HttpTimeoutException.class);
        await("the callback delivered").until(() -> receiver.statuses().contains("delivered"));
    }

    @Test
    void callers_that_give_up_leave_nothing_running_behind() throws IOException, InterruptedException {
        for (SimulatedAnswer late : List.of(
                SimulatedAnswer.slow(Duration.ofMillis(300), SimulatedAnswer.created()),
                SimulatedAnswer.acceptThen(SimulatedAnswer.hang(Duration.ofMillis(300))),
                SimulatedAnswer.slow(Duration.ofMillis(300), SimulatedAnswer.error(ApiError.INTERNAL)),
                SimulatedAnswer.slow(Duration.ofMillis(300), SimulatedAnswer.created()))) {
            twilio.nextAnswer(late);
            assertThatThrownBy(() -> send(request(PATH, ACCOUNT, TOKEN)
                            .timeout(Duration.ofMillis(100))
                            .header("Content-Type", "application/x-www-form-urlencoded")
                            .POST(HttpRequest.BodyPublishers.ofString(FORM))))
                    .isInstanceOf(HttpTimeoutException.class);
        }

        // No other request is under way, and all callbacks of this one are posted.
        await("the end of every other request")
                .until(() -> post(FORM)
                        .headers()
                        .firstValue("twilio-concurrent-requests")
                        .orElseThrow()
                        .equals("1"));
        post(FORM + "&StatusCallback=" + receiver.url("/a"));
        await("the callback delivered").until(() -> receiver.statuses().contains("delivered"));
    }

    @Test
    void a_connection_that_hung_is_closed_in_the_end() throws IOException {
        twilio.nextAnswer(SimulatedAnswer.hang(Duration.ofMillis(100)));
        assertThat(rawPost()).isEmpty();
        assertThat(twilio.messages()).isEmpty();
    }

    @Test
    void a_proxys_error_page_is_passed_on_as_it_is() throws IOException, InterruptedException {
        twilio.nextAnswer(SimulatedAnswer.httpError(502, "text/html", "<h1>Bad gateway</h1>"));
        twilio.nextAnswer(SimulatedAnswer.httpError(404, "text/plain", "nothing here"));

        var answer = post(FORM);
        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(answer.headers().firstValue("content-type").orElseThrow()).startsWith("text/html");
        assertThat(answer.body()).isEqualTo("<h1>Bad gateway</h1>");
        assertThat(post(FORM).body()).isEqualTo("nothing here");
        assertThat(post(FORM).statusCode()).isEqualTo(201);
        assertThat(twilio.messages()).hasSize(1);
    }

    @Test
    void a_message_may_be_taken_though_the_caller_gets_an_error() {
        twilio.nextAnswer(SimulatedAnswer.acceptThen(SimulatedAnswer.error(ApiError.INTERNAL)));

        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(() -> messageCallingBack(TO, "/").create(client))
                .satisfies(thrown -> assertThat(thrown.getCode()).isEqualTo(20500));
        await("the callback delivered").until(() -> receiver.statuses().contains("delivered"));
        assertThat(twilio.requests()).hasSize(1);
    }

    @Test
    void a_rate_limit_may_say_when_to_come_back() throws IOException, InterruptedException {
        twilio.nextAnswer(SimulatedAnswer.rateLimited());
        twilio.nextAnswer(SimulatedAnswer.rateLimited(Duration.ofSeconds(2)));

        var plain = post(FORM);
        assertThat(plain.statusCode()).isEqualTo(429);
        assertThat(plain.body()).contains("20429");
        assertThat(plain.headers().firstValue("retry-after")).isEmpty();
        assertThat(post(FORM).headers().firstValue("retry-after")).contains("2");
    }

    @Test
    void sid_and_status_may_be_missing_or_unknown() throws IOException, InterruptedException {
        twilio.nextAnswer(SimulatedAnswer.withoutSid());
        twilio.nextAnswer(SimulatedAnswer.withoutStatus());
        twilio.nextAnswer(SimulatedAnswer.withStatus("brand_new_status"));

        assertThat(post(FORM).body()).doesNotContain("\"sid\"").contains("\"status\"");
        assertThat(post(FORM).body()).contains("\"sid\"").doesNotContain("\"status\"");
        assertThat(post(FORM).body()).contains("\"status\":\"brand_new_status\"");
        assertThat(twilio.messages()).hasSize(3);
    }

    @Test
    void a_request_that_twilio_refuses_leaves_the_answer_waiting() throws IOException, InterruptedException {
        twilio.nextAnswer(SimulatedAnswer.rateLimited());

        assertThat(post("To=1").statusCode()).isEqualTo(400);
        assertThat(post(FORM).statusCode()).isEqualTo(429);
    }
}
