package io.smstask.send;

import static io.smstask.send.RawServer.answer;
import static io.smstask.send.RawServer.endless;
import static io.smstask.send.RawServer.hangUp;
import static io.smstask.send.RawServer.raw;
import static io.smstask.send.RawServer.rawThenHangUp;
import static io.smstask.send.RawServer.silence;
import static io.smstask.send.SampleSms.CREDENTIALS;
import static io.smstask.send.SampleSms.STATUS_CALLBACK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.smstask.http.Tls;
import io.smstask.send.TwilioAnswer.Accepted;
import io.smstask.send.TwilioAnswer.NotSent;
import io.smstask.send.TwilioAnswer.Refused;
import io.smstask.send.TwilioAnswer.Unknown;
import io.smstask.task.AuthToken;
import io.smstask.task.MessageText;
import io.smstask.task.PhoneNumber;
import io.smstask.task.Retryable;
import io.smstask.task.Sms;
import io.smstask.testing.HandClock;
import io.smstask.twilio.TwilioCredentials;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The real gateway against a server that answers like Twilio and a bad network, down to the bytes. */
final class TwilioSmsGatewayTest extends SmsGatewayContract {

    private static final Duration SHORT = Duration.ofMillis(400);
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final String HTML = "<html><body>Bad gateway</body></html>";

    private final RawServer server = RawServer.http();
    private final HandClock clock = new HandClock();
    private final OnePostHttpClient http = new OnePostHttpClient(server.uri(), new Tls(), clock);
    private final URI nowhere = RawServer.nowhere();
    private final OnePostHttpClient awayHttp = new OnePostHttpClient(nowhere, new Tls(), clock);
    private final SmsGateway gateway = new TwilioSmsGateway(server.uri(), http::makeRequest, clock);

    @AfterEach
    void close() throws IOException {
        http.close();
        awayHttp.close();
        server.close();
    }

    @Override
    SmsGateway whereTwilioAccepts() {
        server.script(answer(201, SampleSms.ACCEPTED));
        return gateway;
    }

    @Override
    SmsGateway whereTwilioNamesNoStatus() {
        server.script(answer(201, "{\"sid\": \"" + SID + "\"}"));
        return gateway;
    }

    @Override
    SmsGateway whereTwilioRefuses() {
        server.script(answer(400, SampleSms.error(21211, 400)));
        return gateway;
    }

    @Override
    SmsGateway whereTwilioLimitsTheRate() {
        server.script(answer(429, SampleSms.error(20429, 429), "Retry-After: 3"));
        return gateway;
    }

    @Override
    SmsGateway whereTwilioIsSilent() {
        server.script(silence());
        return gateway;
    }

    @Override
    SmsGateway whereTwilioIsAway() {
        return new TwilioSmsGateway(nowhere, awayHttp::makeRequest, clock);
    }

    /** All answers after which twilio-java or an HTTP client is known to post again, and some more. */
    static Stream<Arguments> answers_without_a_message() {
        return Stream.of(
                arguments("500", answer(500, SampleSms.error(20500, 500)), "server_error"),
                arguments("500 in HTML", answer(500, HTML), "server_error"),
                arguments("502 without a body", answer(502, ""), "server_error"),
                arguments("503", answer(503, SampleSms.error(20503, 503), "Retry-After: 0"), "server_error"),
                arguments("504", answer(504, HTML), "server_error"),
                arguments("200 in HTML", answer(200, HTML), "bad_answer"),
                arguments("200 without a body", answer(200, ""), "bad_answer"),
                arguments("402 in HTML", answer(402, HTML), "bad_answer"),
                arguments("408 without a body", answer(408, "", "Connection: close"), "bad_answer"),
                arguments("302", answer(302, "", "Location: /elsewhere"), "bad_answer"),
                arguments("307", answer(307, "", "Location: /elsewhere"), "bad_answer"),
                arguments("308", answer(308, "", "Location: /elsewhere"), "bad_answer"),
                // CRT takes a body of undeclared length for an empty one. Twilio always declares it.
                arguments(
                        "a body as long as the connection",
                        rawThenHangUp("HTTP/1.1 201 Created\r\nConnection: close\r\n\r\n" + SampleSms.ACCEPTED),
                        "bad_answer"),
                arguments("no HTTP", rawThenHangUp("What?\r\n\r\n"), "bad_answer"),
                arguments("a body without end", endless(), "bad_answer"),
                arguments("no answer", silence(), "timeout"),
                arguments("half a head", raw("HTTP/1.1 201 Created\r\nContent-"), "timeout"),
                arguments("half a body", raw("HTTP/1.1 201 Created\r\nContent-Length: 500\r\n\r\n{"), "timeout"),
                arguments("closed without an answer", hangUp(), "connection_lost"),
                arguments("closed in the head", rawThenHangUp("HTTP/1.1 201 Created\r\nContent-"), "connection_lost"),
                arguments(
                        "closed in the body",
                        rawThenHangUp("HTTP/1.1 201 Created\r\nContent-Length: 500\r\n\r\n{\"sid\""),
                        "connection_lost"),
                arguments(
                        "closed in a chunk",
                        rawThenHangUp("HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n{\"sid\""),
                        "connection_lost"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("answers_without_a_message")
    void an_unknown_outcome_was_posted_once(String name, RawServer.Reaction reaction, String code) {
        server.script(reaction);

        TwilioAnswer answer = send(code.equals("timeout") ? SHORT : LONG);

        assertThat(answer).isInstanceOfSatisfying(Unknown.class, unknown -> {
            assertThat(unknown.error().code()).isEqualTo(code);
            assertThat(unknown.error().retryable()).isEqualTo(Retryable.UNKNOWN);
            assertThat(unknown.error().message()).isNotBlank().doesNotContain("127.0.0.1", "http://");
        });
        assertThat(server.received()).hasSize(1);
    }

    @Test
    void an_answer_that_drips_beyond_the_patience_is_a_time_out() {
        server.script(server.drip());

        TwilioAnswer answer = send(SHORT);

        assertThat(answer)
                .isInstanceOfSatisfying(
                        Unknown.class,
                        unknown -> assertThat(unknown.error().code()).isEqualTo("timeout"));
        assertThat(server.received()).hasSize(1);
    }

    @Test
    void a_rate_limit_was_posted_once() {
        server.script(answer(429, "Slow down"));

        assertThat(send(LONG)).isInstanceOfSatisfying(NotSent.class, notSent -> {
            assertThat(notSent.error().code()).isEqualTo("20429");
            assertThat(notSent.retryAfter()).isEmpty();
        });
        assertThat(server.received()).hasSize(1);
    }

    @Test
    void a_rate_limit_with_a_wait_was_posted_once() {
        server.script(answer(429, SampleSms.error(20429, 429), "retry-after: 1"));

        assertThat(send(LONG))
                .isInstanceOfSatisfying(
                        NotSent.class,
                        notSent -> assertThat(notSent.retryAfter()).contains(Duration.ofSeconds(1)));
        assertThat(server.received()).hasSize(1);
    }

    @Test
    void a_refusal_was_posted_once() {
        server.script(answer(400, SampleSms.error(21610, 400)));

        assertThat(send(LONG)).isInstanceOf(Refused.class);
        assertThat(server.received()).hasSize(1);
    }

    @Test
    void a_quota_was_posted_once() {
        server.script(answer(429, SampleSms.error(63038, 429)));

        assertThat(send(LONG)).isInstanceOf(Refused.class);
        assertThat(server.received()).hasSize(1);
    }

    @Test
    void an_interim_answer_is_not_the_answer() {
        server.script(raw("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\nContent-Length: "
                + SampleSms.ACCEPTED.length()
                + "\r\n\r\n"
                + SampleSms.ACCEPTED));

        assertThat(send(LONG)).isInstanceOf(Accepted.class);
    }

    @Test
    void the_form_carries_exactly_what_was_asked() {
        server.script(answer(201, SampleSms.ACCEPTED));
        var sms = SampleSms.sms(
                "50% off + free ☕\u00a0& 🎉=ü\n",
                Map.of(
                        "MediaUrl", List.of("https://example.com/1.png?a=b&c", "https://example.com/2.png"),
                        "ValidityPeriod", List.of("600")));

        gateway.send(sms, CREDENTIALS, STATUS_CALLBACK, LONG);

        RawServer.Received request = server.received().get(0);
        assertThat(request.head())
                .startsWith("POST /2010-04-01/Accounts/AC00000000000000000000000000000001/Messages.json HTTP/1.1\r\n");
        assertThat(request.head().lines())
                .contains(
                        "Host: " + server.uri().getAuthority(),
                        "Content-Type: application/x-www-form-urlencoded",
                        "Authorization: "
                                + basic("AC00000000000000000000000000000001:0123456789abcdef0123456789abcdef"));
        assertThat(request.body().split("&"))
                .containsExactlyInAnyOrder(
                        "To=%2B15558675310",
                        "From=%2B15005550006",
                        "Body=50%25+off+%2B+free+%E2%98%95%C2%A0%26+%F0%9F%8E%89%3D%C3%BC%0A",
                        "StatusCallback=https%3A%2F%2Fcallbacks.example.com%2Fnvp%2Fcallback%2F"
                                + "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8%2Forder-4711"
                                + "%23ct%3D2000%26rt%3D5000%26tt%3D15000%26rc%3D5%26rp%3Dall",
                        "MediaUrl=https%3A%2F%2Fexample.com%2F1.png%3Fa%3Db%26c",
                        "MediaUrl=https%3A%2F%2Fexample.com%2F2.png",
                        "ValidityPeriod=600");
        assertThat(request.body()).containsSubsequence("1.png", "2.png");
    }

    /** twilio-java's own way to add a parameter drops a text that is exactly "null". */
    @ParameterizedTest
    @ValueSource(strings = {"null", "NULL", "undefined", "\0", " ", "  null ", "\n"})
    void incident_35_a_text_arrives_byte_for_byte_whatever_a_builder_might_take_it_for(String text) {
        server.script(answer(201, SampleSms.ACCEPTED));
        List<String> further = List.of("MediaUrl", "ContentVariables", "FallbackFrom", "SendAt", "MessagingServiceSid");
        Map<String, List<String>> values = new HashMap<>();
        for (String name : further) {
            values.put(
                    name, name.equals("MediaUrl") ? List.of(text, "https://example.com/1.png", text) : List.of(text));
        }
        var sms = new Sms(
                SampleSms.ACCOUNT,
                new PhoneNumber(text),
                Optional.of(new PhoneNumber(text)),
                Optional.of(new MessageText(text)),
                values);

        gateway.send(sms, CREDENTIALS, STATUS_CALLBACK, LONG);

        String sent = URLEncoder.encode(text, StandardCharsets.UTF_8);
        List<String> form = new ArrayList<>(
                List.of("To=" + sent, "From=" + sent, "Body=" + sent, "MediaUrl=https%3A%2F%2Fexample.com%2F1.png"));
        for (String name : further) {
            form.add(name + "=" + sent);
        }
        form.add("MediaUrl=" + sent);
        assertThat(server.received().get(0).body().split("&"))
                .filteredOn(field -> !field.startsWith("StatusCallback="))
                .containsExactlyInAnyOrderElementsOf(form);
    }

    @Test
    void a_long_text_arrives_whole() {
        server.script(answer(201, SampleSms.ACCEPTED));

        gateway.send(SampleSms.sms("🎉".repeat(1600), Map.of()), CREDENTIALS, STATUS_CALLBACK, LONG);

        assertThat(server.received().get(0).body()).contains("Body=" + "%F0%9F%8E%89".repeat(1600));
    }

    @Test
    void an_api_key_signs_in_for_the_account() {
        server.script(answer(201, SampleSms.ACCEPTED));
        var key = new TwilioCredentials("SK00000000000000000000000000000001", new AuthToken("key-secret"));

        gateway.send(SampleSms.sms(), key, STATUS_CALLBACK, LONG);

        RawServer.Received request = server.received().get(0);
        assertThat(request.head()).contains("/Accounts/AC00000000000000000000000000000001/");
        assertThat(request.head().lines())
                .contains("Authorization: " + basic("SK00000000000000000000000000000001:key-secret"));
    }

    @Test
    void a_path_in_the_api_url_stays_in_front() {
        server.script(answer(201, SampleSms.ACCEPTED));
        var behindPrefix = new TwilioSmsGateway(URI.create(server.uri() + "/twilio"), http::makeRequest, clock);

        behindPrefix.send(SampleSms.sms(), CREDENTIALS, STATUS_CALLBACK, LONG);

        assertThat(server.received().get(0).head()).startsWith("POST /twilio/2010-04-01/Accounts/AC");
    }

    private TwilioAnswer send(Duration patience) {
        return gateway.send(SampleSms.sms(), CREDENTIALS, STATUS_CALLBACK, patience);
    }

    private static String basic(String pair) {
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.US_ASCII));
    }
}
