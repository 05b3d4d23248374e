package io.smstask.send;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.twilio.http.Response;
import io.smstask.send.TwilioAnswer.Accepted;
import io.smstask.send.TwilioAnswer.Incomplete;
import io.smstask.send.TwilioAnswer.NotSent;
import io.smstask.send.TwilioAnswer.Refused;
import io.smstask.send.TwilioAnswer.Unknown;
import io.smstask.task.Retryable;
import io.smstask.testing.HandClock;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.message.BasicHeader;
import org.junit.jupiter.params.provider.MethodSource;

/** Any answer to a request to send. */
final class TwilioAnswersFuzzTest {

    static Stream<byte[]> answers() {
        return Stream.of(
                        "201\n\n" + SampleSms.ACCEPTED,
                        "200\n\n{\"sid\":\"SM00000000000000000000000000000001\",\"error_code\":30001}",
                        "400\n\n" + SampleSms.error(21211, 400),
                        "429\n120\n" + SampleSms.error(20429, 429),
                        "429\nTue, 24 Nov 2026 12:00:30 GMT\n<html></html>",
                        "429\n\n" + SampleSms.error(63038, 429),
                        "451\n\nUnavailable for legal reasons",
                        "400\n\n{\"code\":null,\"message\":\"m\"}",
                        "503\n\n" + SampleSms.error(20500, 500),
                        "301\n\n")
                .map(text -> text.getBytes(UTF_8));
    }

    /** The first line is the HTTP status, the second {@code Retry-After}, the rest the body. */
    @MethodSource("answers")
    @FuzzTest(maxDuration = "10m")
    void only_the_http_status_can_say_that_nothing_was_sent(byte[] statusRetryAfterAndBody) {
        String[] parts = new String(statusRetryAfterAndBody, UTF_8).split("\n", 3);
        int status = status(parts[0]);
        Header[] headers = {new BasicHeader("Retry-After", parts.length > 1 ? parts[1] : "")};

        TwilioAnswer answer =
                TwilioAnswers.read(new Response(parts.length > 2 ? parts[2] : "", status, headers), HandClock.START);

        assertThat(answer.getClass()).isIn(possible(status));
        if (answer instanceof Refused refused) {
            assertThat(refused.httpStatus()).isEqualTo(status);
            assertThat(refused.error().code()).matches("[0-9]{1,9}|refused");
            assertThat(refused.error().retryable()).isNotEqualTo(Retryable.UNKNOWN);
        } else if (answer instanceof NotSent notSent) {
            assertThat(notSent.error().retryable()).isEqualTo(Retryable.YES);
            assertThat(notSent.retryAfter().orElse(Duration.ZERO)).isGreaterThanOrEqualTo(Duration.ZERO);
        } else if (answer instanceof Unknown unknown) {
            assertThat(unknown.error().retryable()).isEqualTo(Retryable.UNKNOWN);
        }
    }

    private static Set<Class<?>> possible(int status) {
        if (status == 429) {
            return Set.of(NotSent.class, Refused.class);
        }
        if (status < 300) {
            return Set.of(Accepted.class, Incomplete.class, Unknown.class);
        }
        return status >= 400 && status < 500 ? Set.of(Refused.class, Unknown.class) : Set.of(Unknown.class);
    }

    /** One of the statuses that end an exchange. */
    private static int status(String text) {
        return 200 + Math.floorMod(text.matches("[0-9]{1,9}") ? Integer.parseInt(text) - 200 : text.hashCode(), 400);
    }
}
