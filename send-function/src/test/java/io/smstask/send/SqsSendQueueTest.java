package io.smstask.send;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.sun.net.httpserver.HttpServer;
import io.smstask.aws.AwsClients;
import io.smstask.aws.AwsFailure;
import io.smstask.http.Tls;
import io.smstask.json.BadJson;
import io.smstask.json.Json;
import io.smstask.settings.Settings;
import io.smstask.testing.HandClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What SQS is asked for over HTTP. */
final class SqsSendQueueTest {

    private static final String URL = "https://sqs.example/queue";
    private static final String DEAD_LETTERS_URL = "https://sqs.example/dead";
    private static final String BODY = "{\"task_id\":\"order-4711\"}";

    private final List<String> targets = new CopyOnWriteArrayList<>();
    private final List<Map<String, Object>> requests = new CopyOnWriteArrayList<>();
    private HttpServer aws;
    private int status = 200;
    private String answer = "{\"MessageId\":\"1\"}";
    private SendQueue queue;

    @BeforeEach
    void start() throws IOException {
        aws = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        aws.createContext("/", exchange -> {
            targets.add(exchange.getRequestHeaders().getFirst("X-Amz-Target"));
            try {
                requests.add(Json.parseObject(exchange.getRequestBody().readAllBytes()));
            } catch (BadJson e) {
                throw new IOException(e);
            }
            byte[] bytes = answer.getBytes(UTF_8);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        aws.start();
        Settings settings = Settings.from(Map.of(
                "AWS_ACCESS_KEY_ID",
                "key",
                "AWS_SECRET_ACCESS_KEY",
                "secret",
                "AWS_ENDPOINT_URL",
                "http://127.0.0.1:" + aws.getAddress().getPort()));
        queue = new SqsSendQueue(new AwsClients(settings, new Tls(), new HandClock()).sqs(), URL, DEAD_LETTERS_URL);
    }

    @AfterEach
    void stop() {
        aws.stop(0);
    }

    /** SQS delays a message by 15 minutes at most; what is left is waited for when it comes again. */
    @ParameterizedTest
    @CsvSource({"60, 60, 0", "900, 900, 0", "901, 900, 1", "3600, 900, 2700"})
    void a_long_delay_is_several_delays_of_15_minutes(int seconds, int delay, String left) {
        queue.putBack(new QueuedCall(BODY, 3, seconds));

        assertThat(targets).containsExactly("AmazonSQS.SendMessage");
        assertThat(requests)
                .containsExactly(Map.of(
                        "QueueUrl",
                        URL,
                        "MessageBody",
                        BODY,
                        "DelaySeconds",
                        delay,
                        "MessageAttributes",
                        Map.of(
                                "retries",
                                Map.of("DataType", "Number", "StringValue", "3"),
                                "delay_seconds",
                                Map.of("DataType", "Number", "StringValue", left))));
    }

    @Test
    void a_dead_letter_has_its_reason_and_no_count_so_that_a_redrive_begins_anew() {
        queue.deadLetter(BODY, "21211", "");
        queue.deadLetter(BODY, "invalid_task", "number_to is required");

        assertThat(requests)
                .extracting(request -> request.get("QueueUrl"), request -> request.get("MessageAttributes"))
                .containsExactly(
                        tuple(DEAD_LETTERS_URL, Map.of("code", text("21211"))),
                        tuple(
                                DEAD_LETTERS_URL,
                                Map.of("code", text("invalid_task"), "problems", text("number_to is required"))));
    }

    @Test
    void what_sqs_refuses_is_named_without_the_message() {
        status = 400;
        answer = "{\"__type\":\"com.amazonaws.sqs#InvalidMessageContents\",\"message\":\"order-4711\"}";

        assertThatThrownBy(() -> queue.deadLetter(BODY, "21211", ""))
                .isInstanceOf(AwsFailure.class)
                .hasMessage("SQS SendMessage: 400 InvalidMessageContents");
    }

    private static Map<String, Object> text(String value) {
        return Map.of("DataType", "String", "StringValue", value);
    }
}
