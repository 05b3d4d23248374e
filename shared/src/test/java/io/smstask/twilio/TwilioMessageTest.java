package io.smstask.twilio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smstask.json.BadJson;
import io.smstask.json.Json;
import io.smstask.task.ListedMessage;
import io.smstask.task.MessageSid;
import io.smstask.task.MessageStatus;
import io.smstask.task.Source;
import io.smstask.task.StatusReport;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One reading of Twilio's Message resource, wherever it stands. */
final class TwilioMessageTest {

    private static final MessageSid SID = new MessageSid("SM00000000000000000000000000000001");
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

    /** As in Twilio's documentation, with a failure. */
    private static final String RESOURCE = """
            {"account_sid": "AC00000000000000000000000000000001", "api_version": "2010-04-01", "body": " Hello ",
             "date_created": "Tue, 24 Nov 2026 12:00:00 +0000", "date_sent": "Tue, 24 Nov 2026 12:00:07 +0000",
             "date_updated": "Tue, 24 Nov 2026 12:00:09 +0000", "direction": "outbound-api", "error_code": 30005,
             "error_message": "Unknown destination", "from": "+15005550006", "messaging_service_sid": null,
             "num_media": "0", "num_segments": "2", "price": null, "price_unit": "USD",
             "sid": "SM00000000000000000000000000000001", "status": "undelivered",
             "subresource_uris": {"media": "/Media.json"}, "to": "+15558675310", "uri": "/Messages/SM.json"}
            """;

    @Test
    void a_message_is_read_with_its_error() throws BadJson {
        assertThat(read(RESOURCE))
                .contains(new TwilioMessage(
                        SID,
                        new MessageStatus("undelivered"),
                        Optional.of("30005"),
                        Optional.of("Unknown destination"),
                        Optional.of(2)));
        assertThat(TwilioMessage.readSid(Json.parseObject(RESOURCE))).contains(SID);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"sid\":null}", "{\"sid\":7}", "{\"sid\":\" \"}", "{\"sid\":\"SM1\"}"})
    void what_is_no_sid_counts_as_absent(String resource) throws BadJson {
        assertThat(TwilioMessage.readSid(Json.parseObject(resource))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"status\":null}", "{\"status\":7}", "{\"status\":\"\"}", "{\"status\":\"Sent\"}"})
    void without_a_status_there_is_no_message(String resource) throws BadJson {
        assertThat(read(resource)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "'\"1\"', 1",
        "'\"12\"', 12",
        "3, 3",
        "'\"0\"', 0",
        "999999999, 999999999",
        "1234567890, ",
        "'\"1234567890\"', ",
        "-1, ",
        "'\"+2\"', ",
        "1.0, ",
        "'\"\"', ",
        "'\"many\"', ",
        "'\"\u0663\"', ",
        "true, ",
        "[1], ",
        "null, "
    })
    void segments_are_a_number_or_a_text_of_digits(String numSegments, Integer expected) throws BadJson {
        String resource = "{\"status\":\"sent\",\"num_segments\":" + numSegments + "}";

        assertThat(read(resource).orElseThrow().numSegments()).isEqualTo(Optional.ofNullable(expected));
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "\"\"", "\" \"", "7", "{}"})
    void an_error_text_that_is_none_is_left_out(String errorMessage) throws BadJson {
        assertThat(read("{\"status\":\"failed\",\"error_message\":" + errorMessage + "}")
                        .orElseThrow()
                        .errorText())
                .isEmpty();
    }

    @Test
    void a_text_is_cleaned_before_it_is_reported() throws BadJson {
        TwilioMessage message = read("{\"status\":\"failed\",\"error_message\":\"Overflow\\nof secret\"}")
                .orElseThrow();

        assertThat(message.cleaned(List.of("secret")).report(Source.POLL, NOW))
                .isEqualTo(new StatusReport(
                        SID,
                        new MessageStatus("failed"),
                        Optional.empty(),
                        Optional.of("Overflow of ***"),
                        Optional.empty(),
                        Source.POLL,
                        NOW));
    }

    @Test
    void an_entry_of_a_list_holds_the_same_message() throws BadJson {
        ListedMessage listed = TwilioMessage.readListed(Json.parseObject(RESOURCE));

        assertThat(TwilioMessage.of(listed)).isEqualTo(read(RESOURCE).orElseThrow());
        assertThat(listed.createdAt()).isEqualTo(NOW);
        assertThat(listed.body().value()).isEqualTo(" Hello ");
    }

    @ParameterizedTest
    @CsvSource({
        "SM0000, S",
        "AC0000, AD0000",
        "+15558675310, ''",
        "undelivered, No",
        "'Tue, 24', 'Mon, 24'",
        "date_created, made_at"
    })
    void an_entry_that_does_not_say_whose_it_is_is_none(String part, String broken) throws BadJson {
        var resource = Json.parseObject(RESOURCE.replace(part, broken));

        assertThatThrownBy(() -> TwilioMessage.readListed(resource))
                .isInstanceOf(BadJson.class)
                .message()
                .doesNotContain(broken.isEmpty() ? "+1555" : broken);
    }

    @ParameterizedTest
    @CsvSource({"0, false", "1, true", "10, true", "'', true"})
    void an_entry_has_media_unless_twilio_says_that_it_has_none(String numMedia, boolean hasMedia) throws BadJson {
        String resource = RESOURCE.replace("\"num_media\": \"0\"", "\"num_media\": \"" + numMedia + "\"");

        assertThat(TwilioMessage.readListed(Json.parseObject(resource)).hasMedia())
                .isEqualTo(hasMedia);
    }

    @Test
    void only_messages_of_the_api_may_be_ours() throws BadJson {
        assertThat(TwilioMessage.isSentByApi(Json.parseObject(RESOURCE))).isTrue();
        assertThat(TwilioMessage.isSentByApi(Json.parseObject(RESOURCE.replace("-api", "-reply"))))
                .isFalse();
    }

    @Test
    void a_queued_message_has_no_time_of_sending() throws BadJson {
        assertThat(TwilioMessage.readSentAt(Json.parseObject(RESOURCE))).contains(NOW.plusSeconds(7));
        assertThat(TwilioMessage.readSentAt(Json.parseObject("{\"date_sent\":null}")))
                .isEmpty();
        assertThatThrownBy(() -> TwilioMessage.readSentAt(Json.parseObject("{\"date_sent\":\"yesterday\"}")))
                .isInstanceOf(BadJson.class);
    }

    private static Optional<TwilioMessage> read(String resource) throws BadJson {
        return TwilioMessage.read(SID, Json.parseObject(resource));
    }
}
