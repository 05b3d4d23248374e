package io.smstask.poll;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.smstask.poll.MessageReader.Listing;
import io.smstask.poll.MessageReader.Look;
import io.smstask.task.AccountSid;
import io.smstask.task.AuthToken;
import io.smstask.task.ListedMessage;
import io.smstask.task.MessageSid;
import io.smstask.task.MessageStatus;
import io.smstask.task.MessageText;
import io.smstask.task.PhoneNumber;
import io.smstask.task.Sms;
import io.smstask.testing.HandClock;
import io.smstask.twilio.TwilioCredentials;
import io.smstask.twilio.TwilioMessage;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One look at one message or at the list, over HTTP. */
class TwilioMessagesTest {

    private static final AccountSid ACCOUNT = new AccountSid(PollFixture.ACCOUNT);
    private static final MessageSid SID = new MessageSid(PollFixture.SID);

    private static final Instant SINCE = Instant.parse("2026-11-24T12:00:00Z");

    private final List<String> asked = new ArrayList<>();

    /** The connections of the requests, by their ports. */
    private final List<Integer> connections = new ArrayList<>();

    private final HandClock clock = new HandClock();

    /** Answered before the body, one each. */
    private final Queue<String> pages = new ArrayDeque<>();

    private HttpServer server;
    private int status = 200;
    private String body = "";
    private @Nullable String retryAfter;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                    + exchange.getRequestHeaders().getFirst("Authorization"));
            connections.add(exchange.getRemoteAddress().getPort());
            byte[] bytes = (pages.isEmpty() ? body : pages.remove()).getBytes(StandardCharsets.UTF_8);
            if (retryAfter != null) {
                exchange.getResponseHeaders().set("Retry-After", retryAfter);
            }
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void a_message_is_read_with_its_error() {
        body = "{\"status\":\"undelivered\",\"error_code\":30005,\"error_message\":\"Unknown\",\"num_segments\":\"2\"}";

        assertThat(look())
                .isEqualTo(new Look.Seen(new TwilioMessage(
                        SID,
                        new MessageStatus("undelivered"),
                        Optional.of("30005"),
                        Optional.of("Unknown"),
                        Optional.of(2))));
        // "AC…01:token" in base64, as RFC 7617 has it.
        assertThat(asked)
                .containsExactly("GET /2010-04-01/Accounts/" + ACCOUNT + "/Messages/" + SID
                        + ".json Basic QUMwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMTp0b2tlbg==");
    }

    @ParameterizedTest
    @CsvSource({
        "'\"Tue, 24 Nov 2026 12:00:07 +0000\"', 2026-11-24T12:00:07Z",
        "null,",
        "'\"\"',",
        "'\"yesterday\"',",
        "7,"
    })
    void a_look_shows_when_the_message_was_sent_if_twilio_says_so(String dateSent, @Nullable Instant sentAt) {
        body = "{\"status\":\"sent\",\"date_sent\":" + dateSent + "}";

        assertThat(look())
                .isInstanceOfSatisfying(
                        Look.Seen.class, seen -> assertThat(seen.sentAt()).isEqualTo(Optional.ofNullable(sentAt)));
    }

    @Test
    void a_message_without_an_error_has_no_code() {
        body = "{\"status\":\"sent\",\"error_code\":null,\"error_message\":null,\"num_segments\":\"1\"}";

        assertThat(look())
                .isEqualTo(new Look.Seen(new TwilioMessage(
                        SID, new MessageStatus("sent"), Optional.empty(), Optional.empty(), Optional.of(1))));
    }

    @ParameterizedTest
    @CsvSource({"'\"30005 \"', 30005", "0, ''", "'\"0\"', ''", "-1, ''", "2147483647, ''", "'\"null\"', ''", "'{}', ''"
    })
    void an_error_code_is_read_as_in_a_callback(String errorCode, String code) {
        body = "{\"status\":\"undelivered\",\"error_code\":" + errorCode + "}";

        assertThat(look())
                .isInstanceOfSatisfying(
                        Look.Seen.class,
                        seen -> assertThat(seen.message().errorCode().orElse(""))
                                .isEqualTo(code));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "<h1>Hi</h1>", "[]", "{}", "{\"status\":7}", "{\"status\":\"\"}", "{\"status\":\"Sent\"}"})
    void what_is_no_message_cannot_be_read(String answer) {
        body = answer;

        assertThat(look()).isEqualTo(new Look.Unreadable());
    }

    @ParameterizedTest
    @CsvSource({
        "404, Unreadable",
        "429, RateLimited",
        "401, Refused",
        "403, Refused",
        "500, Unreadable",
        "503, Unreadable",
        "302, Unreadable"
    })
    void what_another_status_means(int answered, String look) {
        status = answered;

        assertThat(look().getClass().getSimpleName()).isEqualTo(look);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {"120;120", "Tue, 24 Nov 2026 12:00:30 +0000;30", "Tue, 24 Nov 2026 11:59:59 GMT;0", "soon;0", ";0"
            })
    void a_rate_limit_may_name_seconds_or_a_date(@Nullable String value, long seconds) {
        status = 429;
        retryAfter = value;

        assertThat(look()).isEqualTo(new Look.RateLimited(Duration.ofSeconds(seconds)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{\"code\":20404,\"message\":\"Not found\",\"status\":404};NotThere",
                "{\"code\":20003,\"status\":404};Unreadable",
                "{\"code\":\"20404\"};Unreadable",
                "{};Unreadable",
                "<h1>404 Not Found</h1>;Unreadable"
            })
    void incident_38_only_twilios_own_404_says_that_a_message_is_gone(String answer, String look) {
        status = 404;
        body = answer;

        assertThat(look().getClass().getSimpleName()).isEqualTo(look);
    }

    @ParameterizedTest
    @CsvSource({"2097152, Seen", "2097153, Unreadable"})
    void an_answer_of_more_than_2_mb_is_not_kept(int bytes, String look) {
        String message = "{\"status\":\"sent\",\"body\":\"\"}";
        body = message.replace("\"\"}", "\"" + "x".repeat(bytes - message.length()) + "\"}");

        assertThat(look().getClass().getSimpleName()).isEqualTo(look);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void an_answer_without_end_is_left(boolean isFast) throws InterruptedException {
        CountDownLatch left = new CountDownLatch(1);
        server.createContext("/2010-04-01", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream out = exchange.getResponseBody()) {
                while (true) {
                    out.write(new byte[isFast ? 65_536 : 1]);
                    out.flush();
                }
            } catch (IOException e) {
                left.countDown();
            }
        });

        assertThat(look()).isEqualTo(new Look.Unreadable());
        assertThat(left.await(3, TimeUnit.MINUTES))
                .as("waited for both requests")
                .isTrue();
    }

    /** A function that was frozen does not see that its connections have died. */
    @Test
    void a_connection_that_was_idle_for_more_than_five_seconds_is_not_used_again() {
        body = "{\"status\":\"sent\"}";
        TwilioMessages messages = messages();
        messages.look(ACCOUNT, SID, credentials());
        clock.move(Duration.ofSeconds(5).plusMillis(1));

        assertThat(messages.look(ACCOUNT, SID, credentials())).isInstanceOf(Look.Seen.class);

        assertThat(connections).hasSize(2).doesNotHaveDuplicates();
    }

    @Test
    void a_server_that_is_not_there_cannot_be_read() {
        TwilioMessages messages =
                new TwilioMessages("http://127.0.0.1:" + server.getAddress().getPort(), clock);
        server.stop(0);

        assertThat(messages.look(ACCOUNT, SID, credentials())).isEqualTo(new Look.Unreadable());
    }

    @Test
    void a_look_that_is_interrupted_cannot_be_read_and_stays_interrupted() {
        Thread.currentThread().interrupt();

        assertThat(look()).isEqualTo(new Look.Unreadable());

        assertThat(Thread.interrupted()).isTrue();
    }

    // the list

    @Test
    void the_list_is_asked_for_by_recipient_and_sender() {
        body = page("", listed("SM00000000000000000000000000000002", "Tue, 24 Nov 2026 12:00:07 +0000"));

        assertThat(list())
                .isEqualTo(new Listing.Read(List.of(new ListedMessage(
                        new MessageSid("SM00000000000000000000000000000002"),
                        ACCOUNT,
                        new PhoneNumber("+15558675310"),
                        Optional.of(new PhoneNumber("+15005550006")),
                        Optional.empty(),
                        new MessageText("Hello & goodbye"),
                        false,
                        Instant.parse("2026-11-24T12:00:07Z"),
                        new MessageStatus("undelivered"),
                        Optional.of("30005"),
                        Optional.of("Unknown"),
                        Optional.of(1)))));
        assertThat(asked)
                .containsExactly("GET /2010-04-01/Accounts/" + ACCOUNT
                        + "/Messages.json?PageSize=200&To=%2B15558675310&From=%2B15005550006"
                        + " Basic QUMwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMTp0b2tlbg==");
    }

    @Test
    void without_a_sender_of_its_own_a_task_is_asked_for_by_recipient() {
        body = page("");

        assertThat(messages().list(sms(Optional.empty()), SINCE, credentials())).isEqualTo(new Listing.Read(List.of()));
        assertThat(asked).singleElement().asString().contains("?PageSize=200&To=%2B15558675310 ");
    }

    @Test
    void a_second_page_is_read_and_a_third_is_too_many() {
        String next = "/2010-04-01/Accounts/" + ACCOUNT + "/Messages.json?PageSize=200&Page=1&PageToken=PASM2";
        pages.add(page(next, listed("SM00000000000000000000000000000002", "Tue, 24 Nov 2026 12:00:07 +0000")));
        pages.add(page("", listed("SM00000000000000000000000000000003", "Tue, 24 Nov 2026 12:00:06 +0000")));
        assertThat(((Listing.Read) list()).messages()).hasSize(2);
        assertThat(asked).hasSize(2).last().asString().startsWith("GET " + next + " Basic");

        body = page(next, listed("SM00000000000000000000000000000002", "Tue, 24 Nov 2026 12:00:07 +0000"));
        assertThat(list()).isEqualTo(new Listing.TooLong());
        assertThat(asked).hasSize(4);
    }

    @Test
    void what_was_sent_before_the_task_ends_the_list() {
        String next = "/2010-04-01/Accounts/" + ACCOUNT + "/Messages.json?Page=1";
        body = page(next, listed("SM00000000000000000000000000000002", "Tue, 24 Nov 2026 11:59:59 +0000"));

        assertThat(((Listing.Read) list()).messages()).hasSize(1);
        assertThat(asked).hasSize(1);
    }

    @Test
    void a_message_that_is_not_sent_yet_has_no_such_date() {
        body = page("", listed("SM00000000000000000000000000000002", null));

        assertThat(((Listing.Read) list()).messages()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "@127.0.0.2/2010-04-01/Accounts/AC00000000000000000000000000000001/Messages.json?Page=1",
                "http://127.0.0.2/2010-04-01/Accounts/AC00000000000000000000000000000001/Messages.json?Page=1",
                "/2010-04-01/Accounts/AC00000000000000000000000000000002/Messages.json?Page=1",
                "/2010-04-01/Accounts/AC00000000000000000000000000000001/Messages.json?Page=1 2"
            })
    void the_credentials_go_nowhere_else(String next) {
        body = page(next, listed("SM00000000000000000000000000000002", "Tue, 24 Nov 2026 12:00:07 +0000"));

        assertThat(list()).isEqualTo(new Listing.Unreadable());
        assertThat(asked).hasSize(1);
    }

    @Test
    void a_message_that_the_api_did_not_send_is_left_out() {
        body = page(
                "",
                listed("SM00000000000000000000000000000002", "Tue, 24 Nov 2026 12:00:07 +0000")
                        .replace("outbound-api", "outbound-reply"));

        assertThat(list()).isEqualTo(new Listing.Read(List.of()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"sid\":\"SM00000000000000000000000000000002\" | \"sid\":\"SM2\"",
                "\"status\":\"undelivered\" | \"status\":\"\"",
                "\"account_sid\":\"AC | \"account_sid\":\"AD",
                "\"to\": | \"too\":",
                "Tue, 24 | Mon, 24",
                "\"date_created\":\"Tue, 24 Nov 2026 12:00:07 +0000\" | \"date_created\":null"
            })
    void a_message_that_cannot_be_read_may_be_the_one(String part, String broken) {
        String good = listed("SM00000000000000000000000000000002", "Tue, 24 Nov 2026 12:00:07 +0000");
        assertThat(good).contains(part);
        body = page("", good.replace(part, broken));

        assertThat(list()).isEqualTo(new Listing.Unreadable());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<h1>Hi</h1>", "[]", "{}", "{\"messages\":{}}", "{\"messages\":[1]}"})
    void what_is_no_list_cannot_be_read(String answer) {
        body = answer;

        assertThat(list()).isEqualTo(new Listing.Unreadable());
    }

    @ParameterizedTest
    @CsvSource({
        "404, Unreadable",
        "429, RateLimited",
        "401, Refused",
        "403, Refused",
        "500, Unreadable",
        "302, Unreadable"
    })
    void what_another_status_of_the_list_means(int answered, String listing) {
        status = answered;

        assertThat(list().getClass().getSimpleName()).isEqualTo(listing);
    }

    @Test
    void media_are_counted_as_text_and_what_is_not_told_may_be_some() {
        String text = listed("SM00000000000000000000000000000002", "Tue, 24 Nov 2026 12:00:07 +0000");
        body = page(
                "", text, text.replace("\"num_media\":\"0\"", "\"num_media\":\"1\""), text.replace("num_media", "x"));

        assertThat(((Listing.Read) list()).messages())
                .extracting(ListedMessage::hasMedia)
                .containsExactly(false, true, true);
    }

    private Listing list() {
        return messages().list(sms(Optional.of(new PhoneNumber("+15005550006"))), SINCE, credentials());
    }

    private static Sms sms(Optional<PhoneNumber> from) {
        return new Sms(
                ACCOUNT,
                new PhoneNumber("+15558675310"),
                from,
                Optional.of(new MessageText("Hello & goodbye")),
                Map.of());
    }

    private static String page(String next, String... messages) {
        return "{\"messages\":[" + String.join(",", messages) + "],\"next_page_uri\":"
                + (next.isEmpty() ? "null" : "\"" + next + "\"") + "}";
    }

    private static String listed(String sid, @Nullable String sent) {
        return "{\"sid\":\"" + sid + "\",\"account_sid\":\"" + ACCOUNT + "\",\"to\":\"+15558675310\","
                + "\"from\":\"+15005550006\",\"messaging_service_sid\":null,\"body\":\"Hello & goodbye\","
                + "\"num_media\":\"0\",\"direction\":\"outbound-api\",\"status\":\"undelivered\","
                + "\"error_code\":30005,\"error_message\":\"Unknown\",\"num_segments\":\"1\","
                + "\"date_created\":\"" + (sent == null ? "Tue, 24 Nov 2026 12:00:00 +0000" : sent) + "\","
                + "\"date_sent\":" + (sent == null ? "null" : "\"" + sent + "\"") + "}";
    }

    private TwilioMessages messages() {
        return new TwilioMessages("http://127.0.0.1:" + server.getAddress().getPort(), clock);
    }

    @Test
    void a_page_of_the_whole_list_is_read_message_by_message() {
        body = """
                {"end":999,"messages":[
                {"sid":"SM00000000000000000000000000000001","status":"sent","error_code":null,"num_segments":"1","x":[{}]},
                {"sid":"rubbish","status":"sent"},
                {"sid":"SM00000000000000000000000000000002","status":"failed","error_code":30008,
                "date_sent":"Tue, 24 Nov 2026 11:59:59 +0000"}],
                "next_page_uri":"/2010-04-01/Accounts/AC00000000000000000000000000000001/Messages.json?Page=1","page":0}
                """;
        List<Look.Seen> shown = new ArrayList<>();

        assertThat(page("", shown))
                .isEqualTo(new Listing.PageRead("/2010-04-01/Accounts/" + ACCOUNT + "/Messages.json?Page=1"));

        assertThat(shown)
                .extracting(seen -> seen.message().sid().value())
                .containsExactly("SM00000000000000000000000000000001", "SM00000000000000000000000000000002");
        assertThat(shown)
                .extracting(Look.Seen::sentAt)
                .containsExactly(Optional.empty(), Optional.of(SINCE.minusSeconds(1)));
        assertThat(asked)
                .singleElement()
                .asString()
                .startsWith("GET /2010-04-01/Accounts/" + ACCOUNT
                        + "/Messages.json?PageSize=1000&DateSent%3C=2026-11-24T12%3A00%3A00Z Basic");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "<h1>Hi</h1>", "{}", "{\"messages\":[1]}", "{\"messages\":[{\"sid\":", "{\"messages\":[]"})
    void a_page_that_is_none_or_ends_too_early_cannot_be_read(String answer) {
        body = answer;

        assertThat(page("", new ArrayList<>())).isEqualTo(new Listing.Unreadable());
    }

    @ParameterizedTest
    @CsvSource({"404, Unreadable", "429, RateLimited", "401, Refused", "403, Refused", "500, Unreadable"})
    void what_another_status_of_a_page_means(int answered, String listing) {
        status = answered;

        assertThat(page("", new ArrayList<>()).getClass().getSimpleName()).isEqualTo(listing);
    }

    @Test
    void a_page_elsewhere_does_not_get_the_credentials() {
        assertThat(page("//evil.example/", new ArrayList<>())).isEqualTo(new Listing.Unreadable());
        assertThat(page(".evil.example/", new ArrayList<>())).isEqualTo(new Listing.Unreadable());
        assertThat(asked).isEmpty();
    }

    private Listing page(String page, List<Look.Seen> shown) {
        return messages().page(ACCOUNT, SINCE, page, credentials(), shown::add);
    }

    private Look look() {
        return messages().look(ACCOUNT, SID, credentials());
    }

    private static TwilioCredentials credentials() {
        return TwilioCredentials.of(ACCOUNT, new AuthToken("token"));
    }
}
