package io.smstask.simulator;

import static io.smstask.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smstask.testing.Patience;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The simulator controlled over HTTP, and who is refused. */
final class ControlApiTest extends SimulatorTest {

    private HttpResponse<String> control(String method, String path, String body)
            throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(URI.create(twilio.baseUrl() + "/_control" + path))
                .method(method, HttpRequest.BodyPublishers.ofString(body)));
    }

    private JsonNode list(String name) throws IOException, InterruptedException {
        var answer = control("GET", "/" + name, "");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("content-type")).contains("application/json");
        return new ObjectMapper().readTree(answer.body()).get(name);
    }

    @Test
    void requests_are_shown_and_those_to_itself_are_not() throws IOException, InterruptedException {
        messageCallingBack(TO, "/a").create(client);

        assertThat(list("requests")).hasSize(1);
        var request = list("requests").get(0);
        assertThat(request.get("method").textValue()).isEqualTo("POST");
        assertThat(request.get("path").textValue()).endsWith("/Messages.json");
        assertThat(request.at("/form/To/0").textValue()).isEqualTo(TO);
        assertThat(twilio.requests()).hasSize(1);
    }

    @Test
    void messages_and_callbacks_are_shown() throws IOException, InterruptedException {
        twilio.nextFault(Fault.CALLBACKS_BEFORE_ANSWER);
        var sent = messageCallingBack(TO, "/a").create(client);
        message(TO).create(client);

        var messages = list("messages");
        assertThat(messages).hasSize(2);
        assertThat(messages.get(0).get("sid").textValue()).isEqualTo(sent.getSid());
        assertThat(messages.get(0).get("status").textValue()).isEqualTo("delivered");
        assertThat(messages.get(0).get("fault").textValue()).isEqualTo("CALLBACKS_BEFORE_ANSWER");
        assertThat(messages.get(1).get("fault").isNull()).isTrue();

        var callbacks = list("callbacks");
        assertThat(callbacks).hasSize(3);
        assertThat(callbacks.get(2).get("sid").textValue()).isEqualTo(sent.getSid());
        assertThat(callbacks.get(2).get("status").textValue()).isEqualTo("delivered");
        assertThat(callbacks.get(2).get("url").textValue()).isEqualTo(receiver.url("/a"));
        assertThat(callbacks.get(2).get("attempt").intValue()).isEqualTo(1);
        assertThat(callbacks.get(2).get("response_code").intValue()).isEqualTo(204);
    }

    @Test
    void no_answer_holds_a_token() throws IOException, InterruptedException {
        String form = "To=%2B15558675310&From=%2B15005550006&Body=" + TOKEN + "&AuthToken=" + TOKEN + "&StatusCallback="
                + receiver.url("/" + KEY_SECRET);
        twilio.nextFault(Fault.CALLBACKS_BEFORE_ANSWER);
        assertThat(post(form).statusCode()).isEqualTo(201);
        get("/" + TOKEN + "?x=" + TOKEN, ACCOUNT, TOKEN);

        for (String name : List.of("requests", "messages", "callbacks")) {
            assertThat(list(name).toString()).contains("***").doesNotContain(TOKEN, KEY_SECRET);
        }
        assertThat(list("requests").at("/0/form/AuthToken/0").textValue()).isEqualTo("***");
    }

    @Test
    void a_fault_is_asked_for() throws IOException, InterruptedException {
        var asked = control("POST", "/next", "{\"fault\":\"RATE_LIMITED_WITH_RETRY_AFTER\",\"millis\":3000}");
        assertThat(asked.statusCode()).isEqualTo(200);
        assertThat(asked.body()).isEqualTo("{\"fault\":\"RATE_LIMITED_WITH_RETRY_AFTER\",\"millis\":3000}");
        assertThat(control("POST", "/next", "{\"fault\":\"ACCEPTED_THEN_502\"}").statusCode())
                .isEqualTo(200);

        String form = "To=%2B15558675310&From=%2B15005550006&Body=Hello";
        assertThat(post(form).headers().firstValue("retry-after")).contains("3");
        assertThat(post(form).statusCode()).isEqualTo(502);
        assertThat(post(form).statusCode()).isEqualTo(201);
    }

    @Test
    void the_port_closes_once_the_answer_is_out() throws IOException, InterruptedException {
        assertThat(control("POST", "/next", "{\"fault\":\"CONNECTION_REFUSED\",\"millis\":60000}")
                        .statusCode())
                .isEqualTo(200);
        await("a closed port").until(this::isRefused);
    }

    @Test
    void rates_are_set_and_are_forgotten_with_all_the_rest() throws IOException, InterruptedException {
        var set = control("POST", "/misbehaviour", "{\"seed\":42,\"rates\":{\"ACCEPTED_THEN_503\":1}}");
        assertThat(set.statusCode()).isEqualTo(200);
        assertThat(set.body()).isEqualTo("{\"seed\":42,\"rates\":{\"ACCEPTED_THEN_503\":1.0}}");
        String form = "To=%2B15558675310&From=%2B15005550006&Body=Hello&StatusCallback=" + receiver.url("/a");
        assertThat(post(form).statusCode()).isEqualTo(503);
        await("three attempts of callbacks").until(() -> twilio.callbacks().size() == 3);
        control("POST", "/next", "{\"fault\":\"RATE_LIMITED\"}");
        twilio.nextAnswer(SimulatedAnswer.rateLimited());
        twilio.nextCallbacks(CallbackPlan.lost());

        assertThat(control("DELETE", "", "").statusCode()).isEqualTo(204);
        for (String name : List.of("requests", "messages", "callbacks")) {
            assertThat(list(name)).isEmpty();
        }
        assertThat(post(form).statusCode()).isEqualTo(201);
        await("three attempts of callbacks").until(() -> twilio.callbacks().size() == 3);
    }

    @Test
    void a_forgotten_message_stops_where_it_stands() throws IOException, InterruptedException {
        twilio.nextFault(Fault.CALLBACKS_DELAYED, Duration.ofSeconds(1));
        messageCallingBack(TO, "/a").create(client);
        assertThat(control("DELETE", "", "").statusCode()).isEqualTo(204);

        await("no callback").during(Duration.ofMillis(1500)).until(receiver::received, received -> received.isEmpty());
        assertThat(twilio.callbacks()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "/next;{\"fault\":\"NONE\"};the fault must be one of [CALLBACKS_BEFORE_ANSWER, ",
                "/next;{};the fault must be one of ",
                "/next;{\"fault\":\"HANG\",\"seconds\":1};'seconds' must be one of [fault, millis]",
                "/next;{\"fault\":\"HANG\",\"millis\":-1};'millis' must be a whole number from 0 to 3600000",
                "/next;{\"fault\":\"HANG\",\"millis\":3600001};'millis' must be",
                "/next;{\"fault\":\"HANG\",\"millis\":9223372036854775808};'millis' must be",
                "/next;{\"fault\":\"HANG\",\"millis\":\"1\"};'millis' must be",
                "/next;[];the body must be a JSON object",
                "/next;``;the body must be a JSON object",
                "/next;{;the body must be JSON",
                "/misbehaviour;{\"rates\":{}};'seed' must be a whole number and 'rates' an object",
                "/misbehaviour;{\"seed\":1};'seed' must be a whole number and 'rates' an object",
                "/misbehaviour;{\"seed\":1.5,\"rates\":{}};'seed' must be a whole number",
                "/misbehaviour;{\"seed\":1,\"rates\":{\"HANG\":\"0.1\"}};the rate of HANG must be a number",
                "/misbehaviour;{\"seed\":1,\"rates\":{\"HANG\":2}};the rate of HANG must be from 0 to 1",
                "/misbehaviour;{\"seed\":1,\"rates\":{\"hang\":1}};the fault must be one of "
            })
    void what_it_does_not_understand_is_not_done(String path, String body, String message)
            throws IOException, InterruptedException {
        var answer = control("POST", path, body);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(new ObjectMapper().readTree(answer.body()).get("message").textValue())
                .startsWith(message);
        assertThat(post("To=%2B15558675310&From=%2B15005550006&Body=Hello").statusCode())
                .isEqualTo(201);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Host: example.com", "Host: localhost.example.com", "Host: 127.0.0.1.example.com:80"})
    void another_host_is_refused(String host) throws IOException {
        for (String request : List.of("GET /_control/messages", "GET /%5Fcontrol/messages", "DELETE /_control")) {
            assertThat(raw(request, host)).matches("(?s)HTTP/1.1 40[34] .*").doesNotContain("messages\":[");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://example.com", "null", "http://localhost:8080"})
    void a_web_page_is_refused(String origin) throws IOException {
        message(TO).create(client);
        for (String request : List.of("GET /_control/messages", "POST /_control/next", "DELETE /_control")) {
            assertThat(raw(request, "Host: localhost\r\nOrigin: " + origin))
                    .startsWith("HTTP/1.1 403 ")
                    .contains("requests from web pages are refused");
        }
        assertThat(twilio.messages()).hasSize(1);
    }

    @Test
    void its_own_names_are_taken() throws IOException {
        for (String host : List.of("127.0.0.1", "localhost", "localhost:" + twilio.port())) {
            assertThat(raw("GET /_control/messages", "Host: " + host)).startsWith("HTTP/1.1 200 ");
        }
    }

    /** java.net.http does not let a client choose the host. */
    private String raw(String request, String headers) throws IOException {
        try (var socket = new Socket("127.0.0.1", twilio.port())) {
            socket.setSoTimeout((int) Patience.PATIENCE.toMillis());
            String head = request + " HTTP/1.1\r\n" + headers + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
