package io.smstask.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.twilio.http.TwilioRestClient;
import com.twilio.rest.api.v2010.account.Message;
import com.twilio.type.PhoneNumber;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The list of messages, as Twilio's own reader and plain HTTP see it. */
final class MessageListTest {
    private static final String ACCOUNT = SimulatorTest.ACCOUNT;
    private static final String OTHER_ACCOUNT = SimulatorTest.OTHER_ACCOUNT;
    private static final String TOKEN = SimulatorTest.TOKEN;
    private static final String FROM = SimulatorTest.FROM;
    private static final String TO = SimulatorTest.TO;
    private static final String LIST = "/2010-04-01/Accounts/" + ACCOUNT + "/Messages.json";

    private final TwilioSimulator twilio =
            TwilioSimulator.start(SimulatorOptions.of(new Account(ACCOUNT, TOKEN), new Account(OTHER_ACCOUNT, TOKEN))
                    .withCallbackDelay(Duration.ZERO)
                    .withClock(Clock.fixed(Instant.parse("2026-11-24T12:00:00Z"), ZoneOffset.UTC)));
    private final TwilioRestClient client = RedirectedClient.to(twilio.baseUrl(), ACCOUNT, TOKEN, ACCOUNT);
    private final HttpClient http = HttpClient.newHttpClient();

    @AfterEach
    void stop() {
        twilio.close();
    }

    @Test
    void the_reads_of_a_limited_account_are_refused_until_it_is_limited_no_more() throws Exception {
        String message = LIST.replace(".json", "/" + sent(TO) + ".json");
        twilio.limitReads(ACCOUNT, true);
        assertThat(send(LIST).statusCode()).isEqualTo(429);
        assertThat(send(message).statusCode()).isEqualTo(429);

        twilio.limitReads(ACCOUNT, false);
        assertThat(send(LIST).statusCode()).isEqualTo(200);
        assertThat(send(message).statusCode()).isEqualTo(200);
    }

    @Test
    void twilios_reader_pages_through_all_messages_newest_first() {
        var sids = new ArrayList<String>();
        for (int i = 0; i < 5; i++) {
            sids.add(0, sent(TO));
        }
        sent("+15558675311");

        var read = new ArrayList<String>();
        Message.reader()
                .setTo(new PhoneNumber(TO))
                .setFrom(new PhoneNumber(FROM))
                .setDateSentAfter(ZonedDateTime.parse("2026-11-24T11:55:00Z"))
                .setPageSize(2L)
                .read(client)
                .forEach(message -> read.add(message.getSid()));

        assertThat(read).isEqualTo(sids);
        assertThat(reads()).isEqualTo(3);
    }

    @Test
    void twilios_reader_goes_back_to_the_page_before() {
        var sids = List.of(sent(TO), sent(TO), sent(TO), sent(TO), sent(TO));

        var reader = Message.reader().setPageSize(2L);
        var first = reader.firstPage(client);
        var second = reader.nextPage(first, client);
        var third = reader.nextPage(second, client);

        assertThat(third.getRecords()).extracting(Message::getSid).containsExactly(sids.get(0));
        assertThat(reader.previousPage(third, client).getRecords())
                .extracting(Message::getSid)
                .containsExactly(sids.get(2), sids.get(1));
        assertThat(reader.previousPage(second, client).getRecords())
                .extracting(Message::getSid)
                .containsExactly(sids.get(4), sids.get(3));
    }

    @Test
    void messages_that_come_meanwhile_shift_no_page() throws IOException, InterruptedException {
        var sids = List.of(sent(TO), sent(TO), sent(TO));
        var first = list("PageSize=2");
        sent(TO);

        var second = get(first.path("next_page_uri").textValue());
        assertThat(sids(second)).containsExactly(sids.get(0));
        assertThat(sids(get(second.path("previous_page_uri").textValue()))).containsExactly(sids.get(2), sids.get(1));
    }

    @Test
    void a_page_of_a_thousand_comes_as_one() throws IOException, InterruptedException {
        for (int i = 0; i < 1001; i++) {
            post(ACCOUNT, "To=%2B15558675310&From=%2B15005550006&Body=" + "x".repeat(1600));
        }

        var page = list("PageSize=1001");
        assertThat(page.path("page_size").intValue()).isEqualTo(1000);
        assertThat(sids(page)).hasSize(1000).doesNotHaveDuplicates();
        assertThat(sids(get(page.path("next_page_uri").textValue()))).hasSize(1);
    }

    @Test
    void a_page_has_all_fields_and_headers_of_twilios() throws IOException, InterruptedException {
        sent(TO);
        sent(TO);
        sent(TO);

        var first = list("PageSize=2&To=%2B15558675310");
        assertThat(first.path("start").intValue()).isZero();
        assertThat(first.path("end").intValue()).isEqualTo(1);
        assertThat(first.path("page").intValue()).isZero();
        assertThat(first.path("page_size").intValue()).isEqualTo(2);
        assertThat(first.path("previous_page_uri").isNull()).isTrue();
        assertThat(first.path("uri").textValue()).isEqualTo(LIST + "?To=%2B15558675310&PageSize=2&Page=0");
        assertThat(first.path("first_page_uri")).isEqualTo(first.path("uri"));

        String next = first.path("next_page_uri").textValue();
        assertThat(next)
                .isEqualTo(LIST + "?To=%2B15558675310&PageSize=2&Page=1&PageToken=PA"
                        + sids(first).get(1));
        var second = get(next);
        assertThat(second.path("start").intValue()).isEqualTo(2);
        assertThat(second.path("end").intValue()).isEqualTo(2);
        assertThat(second.path("page").intValue()).isEqualTo(1);
        assertThat(second.path("uri").textValue()).isEqualTo(next);
        assertThat(second.path("first_page_uri")).isEqualTo(first.path("uri"));
        assertThat(second.path("next_page_uri").isNull()).isTrue();

        assertThat(send(LIST).headers().map()).containsKeys("Twilio-Request-Id", "X-API-Domain");
        assertThat(send(LIST).headers().firstValue("Content-Type")).hasValue(ApiError.MEDIA_TYPE);
    }

    @Test
    void without_a_size_a_page_has_fifty() throws IOException, InterruptedException {
        for (int i = 0; i < 51; i++) {
            sent(TO);
        }
        assertThat(sids(list(""))).hasSize(50);
        assertThat(list("").path("page_size").intValue()).isEqualTo(50);
    }

    @Test
    void an_empty_list_leads_nowhere() throws IOException, InterruptedException {
        var page = list("");
        assertThat(sids(page)).isEmpty();
        assertThat(page.path("next_page_uri").isNull()).isTrue();
        assertThat(page.path("previous_page_uri").isNull()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "To=%2B15558675310,1",
        "To=555-867-5310,1",
        "To=%2B15558675311,0",
        "From=%2B15005550006,1",
        "From=%2B15558675310,0",
        "DateSent=2026-11-23,0",
        "DateSent=2026-11-24,1",
        "DateSent=2026-11-25,0",
        "DateSent%3E=2026-11-24,1",
        "DateSent%3E=2026-11-25,0",
        "DateSent%3C=2026-11-24,1",
        "DateSent%3C=2026-11-23,0",
        "DateSent%3E=2026-11-23&DateSent%3C=2026-11-25,1",
        "DateSent=%3C=2026-11-24,1",
        "DateSent=%3C=2026-11-23,0",
        "DateSent=%3E=2026-11-24,1",
        "DateSent=%3E=2026-11-25,0",
        "DateSent=%3E2026-11-24,1",
        "DateSent=%3C2026-11-23,0",
        "DateSent=%3E%3D2026-11-24T00:00:00Z,1",
        "DateSent%3E=%3D2026-11-25,0",
        "DateSent%3E=2026-11-24&To=%2B15558675311,0"
    })
    void a_list_is_filtered(String query, int found) throws IOException, InterruptedException {
        sent(TO);

        var page = list("PageSize=10&" + query);
        assertThat(sids(page)).hasSize(found);
        assertThat(page.path("next_page_uri").isNull()).isTrue();
    }

    /** Twilio documents days only, so who asks by time has to look at each message's own. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "DateSent=2026-11-24T03:00:00Z",
                "DateSent%3E=2026-11-24T23:00:00Z",
                "DateSent%3E=2026-11-24T23:00:00",
                "DateSent%3C=2026-11-24T01:00:00Z"
            })
    void a_time_counts_as_its_day(String query) throws IOException, InterruptedException {
        sent(TO);

        assertThat(sids(list(query))).hasSize(1);
    }

    @Test
    void the_day_is_that_of_sending_in_gmt() throws ApiRefusal {
        var created = Instant.parse("2026-11-24T23:59:59Z");
        var fields = Map.of("To", List.of(TO), "From", List.of(FROM), "Body", List.of("Hello"));
        var message = new SimulatedMessage(
                ACCOUNT, MessageRequest.of(new FormBody(fields), created), Optional.empty(), created);
        message.reach("sent", created.plusSeconds(2));
        var messages = new Messages();
        messages.add(message);

        assertThat(messages.page(ACCOUNT, Map.of("DateSent", "2026-11-24")).messages())
                .isEmpty();
        assertThat(messages.page(ACCOUNT, Map.of("DateSent", "2026-11-25")).messages())
                .containsExactly(message);
        assertThat(messages.page(ACCOUNT, Map.of("DateSent", "2026-11-24T22:00:00-02:00"))
                        .messages())
                .containsExactly(message);
    }

    @Test
    void a_queued_message_has_no_date_and_no_filter_by_day_finds_it() throws IOException, InterruptedException {
        twilio.nextCallbacks(CallbackPlan.lost());
        post(ACCOUNT, "To=%2B15558675310&From=%2B15005550006&Body=Hello");

        assertThat(list("").path("messages").path(0).path("date_sent").isNull()).isTrue();
        assertThat(sids(list("DateSent=2026-11-24"))).isEmpty();
        assertThat(sids(list("DateSent%3E=2026-11-24"))).isEmpty();
        assertThat(sids(list("DateSent%3C=2026-11-24"))).isEmpty();
    }

    @Test
    void another_accounts_messages_are_not_listed_and_lead_to_no_page() throws IOException, InterruptedException {
        post(OTHER_ACCOUNT, "To=%2B15558675310&From=%2B15005550006&Body=Hello");
        String theirs = twilio.messages().get(0).sid();

        assertThat(sids(list(""))).isEmpty();
        assertThat(send(LIST + "?PageToken=PA" + theirs).statusCode()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PageSize=0",
                "PageSize=x",
                "Page=-1",
                "PageToken=PASM00000000000000000000000000000001",
                "PageToken=x",
                "DateSent=yesterday",
                "DateSent=%3C",
                "DateSent=%3D%3E2026-11-24",
                "DateSent%3E=2026-13-01"
            })
    void an_unreadable_query_is_refused(String query) throws IOException, InterruptedException {
        sent(TO);

        var answer = send(LIST + "?" + query);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(new ObjectMapper().readTree(answer.body()).path("code").intValue())
                .isEqualTo(20001);
    }

    /** A message that is sent when this returns. */
    private String sent(String to) {
        twilio.nextCallbacks(CallbackPlan.beforeAnswer("sent"));
        return Message.creator(new PhoneNumber(to), new PhoneNumber(FROM), "Hello")
                .create(client)
                .getSid();
    }

    private long reads() {
        return twilio.requests().stream()
                .filter(request -> request.method().equals("GET"))
                .count();
    }

    private JsonNode list(String query) throws IOException, InterruptedException {
        return get(LIST + "?" + query);
    }

    private JsonNode get(String path) throws IOException, InterruptedException {
        var answer = send(path);
        assertThat(answer.statusCode()).isEqualTo(200);
        return new ObjectMapper().readTree(answer.body());
    }

    private static List<String> sids(JsonNode page) {
        return StreamSupport.stream(page.path("messages").spliterator(), false)
                .map(message -> message.path("sid").textValue())
                .toList();
    }

    private HttpResponse<String> send(String path) throws IOException, InterruptedException {
        return http.send(request(path, ACCOUNT).build(), HttpResponse.BodyHandlers.ofString());
    }

    private void post(String account, String form) throws IOException, InterruptedException {
        var answer = http.send(
                request("/2010-04-01/Accounts/" + account + "/Messages.json", account)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(form))
                        .build(),
                HttpResponse.BodyHandlers.discarding());
        assertThat(answer.statusCode()).isEqualTo(201);
    }

    private HttpRequest.Builder request(String path, String account) {
        var pair = (account + ":" + TOKEN).getBytes(StandardCharsets.UTF_8);
        return HttpRequest.newBuilder(URI.create(twilio.baseUrl() + path))
                .header("Authorization", "Basic " + Base64.getEncoder().encodeToString(pair));
    }
}
