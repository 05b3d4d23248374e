package io.smstask.send;

import static io.smstask.send.RawServer.answer;
import static io.smstask.send.RawServer.hangUp;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.smstask.http.Tls;
import io.smstask.task.MessageSid;
import io.smstask.testing.HandClock;
import java.io.IOException;
import java.time.Duration;
import java.util.Base64;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What Twilio is asked, down to the bytes. */
final class TwilioCancelGatewayTest {

    private static final Duration LONG = Duration.ofMinutes(1);
    private static final MessageSid SID = new MessageSid(SampleSms.SID);
    private static final String PATH =
            "/2010-04-01/Accounts/" + SampleSms.ACCOUNT + "/Messages/" + SampleSms.SID + ".json HTTP/1.1";

    private final RawServer server = RawServer.http();
    private final HandClock clock = new HandClock();
    private final OnePostHttpClient http = new OnePostHttpClient(server.uri(), new Tls(), clock);
    private final CancelGateway gateway = new TwilioCancelGateway(server.uri(), http::makeRequest, clock);

    @AfterEach
    void close() throws IOException {
        http.close();
        server.close();
    }

    @Test
    void a_cancel_is_one_post_of_the_status() {
        server.script(answer(200, SampleSms.ACCEPTED.replace("queued", "canceled")));

        TwilioAnswer canceled = gateway.cancel(SampleSms.ACCOUNT, SID, SampleSms.CREDENTIALS, LONG);

        assertThat(canceled).isEqualTo(SampleSms.accepted(SID, "canceled"));
        assertThat(server.received()).singleElement().satisfies(request -> {
            assertThat(request.head()).startsWith("POST " + PATH).contains(basic());
            assertThat(request.body()).isEqualTo("Status=canceled");
        });
    }

    @Test
    void a_read_is_a_get_without_a_body() {
        server.script(answer(200, SampleSms.ACCEPTED));

        TwilioAnswer read = gateway.read(SampleSms.ACCOUNT, SID, SampleSms.CREDENTIALS, LONG);

        assertThat(read).isEqualTo(SampleSms.accepted(SID, "queued"));
        assertThat(server.received()).singleElement().satisfies(request -> {
            assertThat(request.head()).startsWith("GET " + PATH).contains(basic());
            assertThat(request.head().toLowerCase(Locale.ROOT)).doesNotContain("content-length");
            assertThat(request.body()).isEmpty();
        });
    }

    @Test
    void a_refusal_and_a_lost_answer_are_told_apart() {
        server.script(answer(400, SampleSms.error(30409, 400)), hangUp());

        assertThat(gateway.cancel(SampleSms.ACCOUNT, SID, SampleSms.CREDENTIALS, LONG))
                .isInstanceOfSatisfying(
                        TwilioAnswer.Refused.class,
                        refused -> assertThat(refused.error().code()).isEqualTo("30409"));
        assertThat(gateway.cancel(SampleSms.ACCOUNT, SID, SampleSms.CREDENTIALS, LONG))
                .isInstanceOf(TwilioAnswer.Unknown.class);
        assertThat(server.received()).hasSize(2);
    }

    private static String basic() {
        String pair = SampleSms.CREDENTIALS.username() + ":"
                + SampleSms.CREDENTIALS.password().reveal();
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(UTF_8));
    }
}
