package io.smstask.simulator;

import static io.smstask.testing.Patience.await;
import static java.time.ZoneOffset.UTC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.twilio.exception.ApiException;
import com.twilio.http.TwilioRestClient;
import com.twilio.rest.api.v2010.account.Message;
import com.twilio.type.PhoneNumber;
import java.io.IOException;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Twilio's own Java library and plain HTTP see of the Messages API. */
final class TwilioSimulatorTest extends SimulatorTest {
    private static final String PATH = "/2010-04-01/Accounts/" + ACCOUNT + "/Messages";
    private static final String FORM = "To=%2B15558675310&From=%2B15005550006&Body=Hello";

    @Test
    void the_official_client_sends_a_message_and_reads_it() {
        var sent = message("(555) 867-5310").create(client);

        assertThat(sent.getSid()).matches("SM[0-9a-f]{32}");
        assertThat(sent.getStatus()).isEqualTo(Message.Status.QUEUED);
        assertThat(sent.getTo()).isEqualTo(TO);
        assertThat(sent.getFrom()).hasToString(FROM);
        assertThat(sent.getBody()).isEqualTo("Hello");
        assertThat(sent.getNumSegments()).isEqualTo("1");
        assertThat(sent.getDateCreated()).isBetween(ZonedDateTime.now(UTC).minusMinutes(1), ZonedDateTime.now(UTC));

        await("the message delivered").until(() -> read(sent.getSid()).getStatus() == Message.Status.DELIVERED);
        assertThat(read(sent.getSid()).getDateSent()).isNotNull();
        assertThat(twilio.messages()).singleElement().satisfies(message -> {
            assertThat(message.sid()).isEqualTo(sent.getSid());
            assertThat(message.status()).isEqualTo("delivered");
        });
    }

    private Message read(String sid) {
        return Message.fetcher(sid).fetch(client);
    }

    @Test
    void a_message_has_all_fields_and_headers_of_twilios() throws IOException, InterruptedException {
        twilio.nextCallbacks(CallbackPlan.afterAnswer());
        var answer = post(FORM);
        var json = new ObjectMapper().readTree(answer.body());

        assertThat(answer.statusCode()).isEqualTo(201);
        assertThat(answer.headers().map().keySet())
                .contains(
                        "twilio-request-id",
                        "twilio-concurrent-requests",
                        "twilio-request-duration",
                        "x-home-region",
                        "x-api-domain");
        assertThat(answer.headers().firstValue("content-type").orElseThrow()).startsWith("application/json");
        assertThat(names(json))
                .containsExactlyInAnyOrder(
                        "account_sid",
                        "api_version",
                        "body",
                        "date_created",
                        "date_sent",
                        "date_updated",
                        "direction",
                        "error_code",
                        "error_message",
                        "from",
                        "messaging_service_sid",
                        "num_media",
                        "num_segments",
                        "price",
                        "price_unit",
                        "sid",
                        "status",
                        "subresource_uris",
                        "to",
                        "uri");
        assertThat(json.get("date_created").textValue()).matches("\\w{3}, \\d\\d \\w{3} \\d{4} [\\d:]{8} \\+0000");
        assertThat(json.get("date_sent").isNull()).isTrue();
        assertThat(json.get("num_media").textValue()).isEqualTo("0");
        assertThat(json.get("uri").textValue())
                .isEqualTo(PATH + "/" + json.get("sid").textValue() + ".json");
    }

    private static List<String> names(JsonNode json) {
        var names = new ArrayList<String>();
        json.fieldNames().forEachRemaining(names::add);
        return names;
    }

    @Test
    void a_messaging_service_has_not_chosen_a_sender_yet() {
        twilio.nextCallbacks(CallbackPlan.afterAnswer());
        var sent = Message.creator(new PhoneNumber(TO), SERVICE, "Hello").create(client);

        assertThat(sent.getStatus()).isEqualTo(Message.Status.ACCEPTED);
        assertThat(sent.getMessagingServiceSid()).isEqualTo(SERVICE);
        assertThat(sent.getNumSegments()).isEqualTo("0");
        assertThat(sent.getFrom()).isNull();
    }

    @Test
    void a_scheduled_message_waits_for_its_time() {
        var sent = Message.creator(new PhoneNumber(TO), SERVICE, "Hello")
                .setScheduleType(Message.ScheduleType.FIXED)
                .setSendAt(ZonedDateTime.now(UTC).plusHours(1))
                .create(client);
        var later = message(TO).create(client);

        assertThat(sent.getStatus()).isEqualTo(Message.Status.SCHEDULED);
        await("the message delivered").until(() -> read(later.getSid()).getStatus() == Message.Status.DELIVERED);
        assertThat(read(sent.getSid()).getStatus()).isEqualTo(Message.Status.SCHEDULED);
    }

    @Test
    void media_makes_it_an_mms() {
        var sent = message(TO).setMediaUrl("https://example.com/a.png").create(client);
        assertThat(sent.getSid()).startsWith("MM");
        assertThat(sent.getNumMedia()).isEqualTo("1");
    }

    @ParameterizedTest
    @CsvSource({
        "+15005550001,21211",
        "+15005550002,21612",
        "+15005550003,21408",
        "+15005550004,21610",
        "+15005550009,21614"
    })
    void the_official_client_gets_the_magic_numbers_errors(String to, int code) {
        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(() -> message(to).create(client))
                .satisfies(thrown -> {
                    assertThat(thrown.getCode()).isEqualTo(code);
                    assertThat(thrown.getStatusCode()).isEqualTo(400);
                    assertThat(thrown.getMoreInfo()).isEqualTo("https://www.twilio.com/docs/errors/" + code);
                });
        assertThat(twilio.messages()).isEmpty();
        assertThat(twilio.requests()).hasSize(1);
    }

    @Test
    void an_api_key_of_the_account_may_send() {
        var withKey = RedirectedClient.to(twilio.baseUrl(), KEY, KEY_SECRET, ACCOUNT);
        assertThat(message(TO).create(withKey).getAccountSid()).isEqualTo(ACCOUNT);
    }

    @Test
    void a_revoked_api_key_is_refused() {
        twilio.revokeApiKey(KEY);

        isRefused(RedirectedClient.to(twilio.baseUrl(), KEY, KEY_SECRET, ACCOUNT), 401, 20003);
    }

    @ParameterizedTest
    @CsvSource({
        "AC00000000000000000000000000000001,wrong",
        "AC00000000000000000000000000000001,fedcba9876543210fedcba9876543210",
        "SK00000000000000000000000000000001,0123456789abcdef0123456789abcdef",
        "AC00000000000000000000000000000009,0123456789abcdef0123456789abcdef"
    })
    void wrong_credentials_are_401_with_20003(String user, String password) {
        isRefused(RedirectedClient.to(twilio.baseUrl(), user, password, ACCOUNT), 401, 20003);
    }

    @Test
    void another_accounts_path_is_not_found() {
        isRefused(RedirectedClient.to(twilio.baseUrl(), OTHER_ACCOUNT, "other", ACCOUNT), 404, 20404);
    }

    private void isRefused(TwilioRestClient refused, int status, int code) {
        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(() -> message(TO).create(refused))
                .satisfies(thrown -> {
                    assertThat(thrown.getStatusCode()).isEqualTo(status);
                    assertThat(thrown.getCode()).isEqualTo(code);
                });
        assertThat(twilio.messages()).isEmpty();
    }

    @Test
    void an_unknown_message_and_an_unknown_path_are_not_found() throws IOException, InterruptedException {
        for (String path : List.of(PATH + "/SM00000000000000000000000000000009.json", PATH + "/x", "/elsewhere")) {
            var answer = get(path, ACCOUNT, TOKEN);
            assertThat(answer.statusCode()).isEqualTo(404);
            assertThat(new ObjectMapper().readTree(answer.body()).get("code").intValue())
                    .isEqualTo(20404);
        }
    }

    @Test
    void another_accounts_message_is_not_found() throws IOException, InterruptedException {
        var sent = message(TO).create(client);
        String others = "/2010-04-01/Accounts/" + OTHER_ACCOUNT + "/Messages";
        assertThat(get(others + "/" + sent.getSid() + ".json", OTHER_ACCOUNT, "other")
                        .statusCode())
                .isEqualTo(404);
        assertThat(get(others + ".json", OTHER_ACCOUNT, "other").body()).contains("\"messages\":[]");
    }

    @Test
    void json_and_broken_forms_are_refused() throws IOException, InterruptedException {
        assertThat(post("{}", "application/json").statusCode()).isEqualTo(415);
        assertThat(post(FORM + "%zz").statusCode()).isEqualTo(400);
        assertThat(twilio.requests())
                .hasSize(2)
                .allMatch(request -> request.form().isEmpty());
        assertThat(twilio.messages()).isEmpty();
    }

    @Test
    void requests_are_kept_with_their_form_but_print_nothing_private() {
        messageCallingBack(TO, "/nvp/callback/key/order-4711").create(client);

        assertThat(twilio.requests()).singleElement().satisfies(request -> {
            assertThat(request.form()).containsEntry("To", List.of(TO)).containsKey("StatusCallback");
            assertThat(request).hasToString("POST " + PATH + ".json");
        });
        assertThat(new Account(ACCOUNT, TOKEN, Map.of(KEY, KEY_SECRET))).hasToString(ACCOUNT);
        assertThat(twilio.messages().toString()).doesNotContain(TO, "key");
    }
}
