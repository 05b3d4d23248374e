package io.smstask.send;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.smstask.aws.AwsClients;
import io.smstask.aws.AwsFailure;
import io.smstask.http.Tls;
import io.smstask.testing.AwsStub;
import io.smstask.testing.HandClock;
import java.io.IOException;
import java.util.Map;
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

    private AwsStub aws;
    private SendQueue queue;

    @BeforeEach
    void start() throws IOException {
        aws = new AwsStub();
        aws.answer("{\"MessageId\":\"1\"}");
        queue = new SqsSendQueue(
                new AwsClients(aws.settings(), new Tls(), new HandClock()).sqs(), URL, DEAD_LETTERS_URL);
    }

    @AfterEach
    void stop() {
        aws.close();
    }

    /** SQS delays a message by 15 minutes at most; what is left is waited for when it comes again. */
    @ParameterizedTest
    @CsvSource({"60, 60, 0", "900, 900, 0", "901, 900, 1", "3600, 900, 2700"})
    void a_long_delay_is_several_delays_of_15_minutes(int seconds, int delay, String left) {
        queue.putBack(new QueuedCall(BODY, 3, seconds));

        assertThat(aws.targets()).containsExactly("AmazonSQS.SendMessage");
        assertThat(aws.requests())
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

        assertThat(aws.requests())
                .extracting(request -> request.get("QueueUrl"), request -> request.get("MessageAttributes"))
                .containsExactly(
                        tuple(DEAD_LETTERS_URL, Map.of("code", text("21211"))),
                        tuple(
                                DEAD_LETTERS_URL,
                                Map.of("code", text("invalid_task"), "problems", text("number_to is required"))));
    }

    @Test
    void what_sqs_refuses_is_named_without_the_message() {
        aws.answer(400, "{\"__type\":\"com.amazonaws.sqs#InvalidMessageContents\",\"message\":\"order-4711\"}");

        assertThatThrownBy(() -> queue.deadLetter(BODY, "21211", ""))
                .isInstanceOf(AwsFailure.class)
                .hasMessage("SQS SendMessage: 400 InvalidMessageContents");
    }

    private static Map<String, Object> text(String value) {
        return Map.of("DataType", "String", "StringValue", value);
    }
}
