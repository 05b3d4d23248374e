package io.smstask.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RecordingTest {

    private static final Recording RECORDING = Recording.of(
            "bench-1000000",
            n -> "{}",
            Events::task,
            List.of(
                    exchange(dynamoDb("UpdateItem", "nobody", "1"), "at init"),
                    exchange(dynamoDb("PutItem", "bench-1000000", "1"), "put bench-1000000"),
                    exchange(twilio("StatusCallback=https%3A%2F%2Fx%2Fbench-1000000"), "sent"),
                    exchange(dynamoDb("UpdateItem", "bench-1000000", "1"), "first update"),
                    exchange(dynamoDb("UpdateItem", "bench-1000000", "1"), "second update")));

    @Test
    void the_calls_are_those_about_the_task() {
        assertThat(RECORDING.calls())
                .containsExactly(
                        "PutItem (task)", "POST Messages.json (task)", "UpdateItem (task)", "UpdateItem (task)");
    }

    @Test
    void a_call_gets_the_answer_that_it_got_whatever_comes_between() {
        var player = RECORDING.play(0);

        assertThat(text(player.reply(dynamoDb("UpdateItem", "bench-1000000", "1"))))
                .isEqualTo("first update");
        assertThat(text(player.reply(dynamoDb("UpdateItem", "nobody", "1")))).isEqualTo("at init");
        assertThat(text(player.reply(dynamoDb("UpdateItem", "bench-1000000", "1"))))
                .isEqualTo("second update");
        assertThat(text(player.reply(dynamoDb("UpdateItem", "bench-1000000", "1"))))
                .isEqualTo("second update");
    }

    @Test
    void another_invocation_is_about_its_own_task() {
        assertThat(text(RECORDING.play(7).reply(dynamoDb("PutItem", "bench-1000007", "1"))))
                .isEqualTo("put bench-1000007");
    }

    @Test
    void a_call_that_was_never_made_has_no_answer() {
        assertThatExceptionOfType(RunFailed.class)
                .isThrownBy(() -> RECORDING.play(0).reply(dynamoDb("GetItem", "bench-1000000", "1")))
                .withMessageContaining("GetItem (task)");
    }

    @Test
    void a_second_attempt_is_noticed() {
        assertThat(RECORDING.isRepeated()).isFalse();
        assertThat(Recording.of(
                                "",
                                n -> "",
                                n -> "",
                                List.of(exchange(dynamoDb("PutItem", "bench-1000000", "2"), "put")))
                        .isRepeated())
                .isTrue();
    }

    private static Recording.Exchange exchange(DownstreamCall call, String answer) {
        return new Recording.Exchange(
                call, new DownstreamReply(200, Map.of(), answer.getBytes(StandardCharsets.UTF_8)));
    }

    private static DownstreamCall dynamoDb(String operation, String task, String attempt) {
        return new DownstreamCall(
                "dynamodb.eu-central-1.amazonaws.com",
                "POST",
                "/",
                Map.of(
                        "X-amz-target",
                        List.of("DynamoDB_20120810." + operation),
                        "Amz-sdk-request",
                        List.of("attempt=" + attempt + "; max=3")),
                ("{\"Key\":\"" + task + "\"}").getBytes(StandardCharsets.UTF_8));
    }

    private static DownstreamCall twilio(String form) {
        return new DownstreamCall(
                "api.twilio.com",
                "POST",
                "/2010-04-01/Accounts/AC00000000000000000000000000000001/Messages.json",
                Map.of(),
                form.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(DownstreamReply reply) {
        return new String(reply.body(), StandardCharsets.UTF_8);
    }
}
