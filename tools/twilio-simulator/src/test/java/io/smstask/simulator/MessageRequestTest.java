package io.smstask.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Starts with a valid form and breaks one part. */
final class MessageRequestTest {
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    private static final String SERVICE = "MG00000000000000000000000000000001";

    private final Map<String, List<String>> form = new LinkedHashMap<>(Map.of(
            "To", List.of("+15558675310"),
            "From", List.of("+15005550006"),
            "Body", List.of("Hello")));

    private MessageRequestTest with(String name, String... values) {
        form.put(name, List.of(values));
        return this;
    }

    private MessageRequestTest throughService() {
        form.remove("From");
        return with("MessagingServiceSid", SERVICE);
    }

    private MessageRequest taken() throws ApiRefusal {
        return MessageRequest.of(new FormBody(form), NOW);
    }

    private void isRefusedWith(ApiError error) {
        assertThatThrownBy(this::taken)
                .isInstanceOfSatisfying(
                        ApiRefusal.class, refused -> assertThat(refused.error()).isEqualTo(error));
    }

    @ParameterizedTest
    @CsvSource({
        "+15558675310,+15558675310",
        "415-867-5309,+14158675309",
        "(415) 867-5309,+14158675309",
        "4158675309,+14158675309",
        "14158675309,+14158675309",
        "+44 7400 123456,+447400123456"
    })
    void a_recipient_is_brought_into_e164(String to, String e164) throws ApiRefusal {
        assertThat(with("To", to).taken().to()).isEqualTo(e164);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {" 15558675310", "12345", "+0123456789", "+1555867531", "hello", "+15558675310x", "whatsapp:hi"})
    void an_invalid_recipient_is_refused(String to) {
        with("To", to).isRefusedWith(ApiError.INVALID_TO);
    }

    @ParameterizedTest
    @CsvSource({"To,INVALID_TO", "From,INVALID_FROM"})
    void a_plus_sign_that_became_a_blank_is_named_in_the_error(String name, ApiError error) {
        assertThatThrownBy(() -> with(name, " 15558675319").taken())
                .isInstanceOfSatisfying(ApiRefusal.class, refused -> {
                    assertThat(refused.error()).isEqualTo(error);
                    assertThat(refused.message()).contains(" 15558675319", "plus sign", "%2B");
                });
    }

    @ParameterizedTest
    @CsvSource({
        "+15005550001,INVALID_TO",
        "+15005550002,NOT_REACHABLE",
        "+15005550003,REGION_NOT_ENABLED",
        "+15005550004,UNSUBSCRIBED",
        "+15005550009,NOT_MOBILE",
        "500-555-0009,NOT_MOBILE",
        "+15005550006,INVALID_TO"
    })
    void a_magic_recipient_gives_its_error_and_the_sender_is_none(String to, ApiError error) {
        with("To", to).isRefusedWith(error);
    }

    @ParameterizedTest
    @CsvSource({
        "+15005550001,INVALID_FROM",
        "+15005550007,FROM_NOT_CAPABLE",
        "+15005550008,QUEUE_FULL",
        "Twelve chars,INVALID_FROM",
        "+12,INVALID_FROM",
        "& - _ +,INVALID_FROM",
        "A.Shop,INVALID_FROM",
        "whatsapp:+15005550006,CHANNELS_DIFFER"
    })
    void a_sender_that_cannot_send_gives_its_error(String from, ApiError error) {
        with("From", from).isRefusedWith(error);
    }

    @ParameterizedTest
    @ValueSource(strings = {"+447400123456", "53079", "My Shop", "Shop24", "A-Shop", "Tom & Co", "my_shop", "1+1 free"})
    void any_well_formed_sender_is_taken(String from) throws ApiRefusal {
        assertThat(with("From", from).taken().from()).contains(from);
    }

    @Test
    void both_may_be_addresses_of_one_channel() throws ApiRefusal {
        var request = with("To", "whatsapp:+15558675310")
                .with("From", "whatsapp:+15005550006")
                .taken();
        assertThat(request.to()).isEqualTo("whatsapp:+15558675310");
    }

    @Test
    void a_messaging_service_may_stand_in_from() throws ApiRefusal {
        var request = with("From", SERVICE).taken();
        assertThat(request.messagingServiceSid()).contains(SERVICE);
        assertThat(request.from()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"To,TO_REQUIRED", "From,FROM_REQUIRED", "Body,BODY_REQUIRED"})
    void a_missing_or_blank_parameter_gives_its_error(String name, ApiError error) {
        with(name, "").isRefusedWith(error);
        form.remove(name);
        isRefusedWith(error);
    }

    @Test
    void nothing_to_send_through_a_service_has_an_error_of_its_own() {
        form.remove("Body");
        throughService().isRefusedWith(ApiError.CONTENT_REQUIRED);
    }

    @Test
    void a_body_may_have_1600_units() throws ApiRefusal {
        assertThat(with("Body", "a".repeat(1600)).taken().body()).hasSize(1600);
        with("Body", "a".repeat(1601)).isRefusedWith(ApiError.BODY_TOO_LONG);
        with("Body", "😀".repeat(801)).isRefusedWith(ApiError.BODY_TOO_LONG);
    }

    @Test
    void media_may_stand_for_a_body_and_be_repeated() throws ApiRefusal {
        form.remove("Body");
        String url = "https://example.com/a.png";
        assertThat(with("MediaUrl", url, url).taken().media()).isEqualTo(2);
        with("MediaUrl", Collections.nCopies(11, url).toArray(String[]::new)).isRefusedWith(ApiError.TOO_MANY_MEDIA);
        with("MediaUrl", "a.png").isRefusedWith(ApiError.INVALID_MEDIA_URL);
        with("MediaUrl", "https://example.com:65536/a.png").isRefusedWith(ApiError.INVALID_MEDIA_URL);
    }

    @Test
    void any_other_parameter_given_twice_is_refused() {
        with("Body", "Hello", "Hello").isRefusedWith(ApiError.BAD_REQUEST);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://example.com/",
                "example.com/a",
                "https://",
                "https://example.com",
                "https://example.com?task=1",
                "https://example.com#rc=1",
                "https://example.com:65536/",
                "https://example.com:0/",
                "https://example.com/caf\u00e9",
                "https://under_score.example.com/",
                "https://a b/"
            })
    void an_invalid_callback_url_is_refused_and_quoted(String url) {
        assertThatThrownBy(() -> with("StatusCallback", url).taken())
                .isInstanceOfSatisfying(ApiRefusal.class, refused -> {
                    assertThat(refused.error()).isEqualTo(ApiError.INVALID_STATUS_CALLBACK);
                    assertThat(refused.message()).contains(url);
                });
    }

    @Test
    void a_callback_url_may_have_any_port_and_a_fragment_of_any_text() throws ApiRefusal {
        for (String url :
                List.of("https://example.com:65535/", "https://example.com:/", "http://[::1]:1/a#caf\u00e9")) {
            assertThat(with("StatusCallback", url).taken().statusCallback()).contains(url);
        }
    }

    @Test
    void a_callback_url_has_at_most_4000_characters() throws ApiRefusal {
        String url = "https://example.com/" + "a".repeat(3980);
        assertThat(with("StatusCallback", url).taken().statusCallback()).contains(url);
        with("StatusCallback", url + "a").isRefusedWith(ApiError.INVALID_STATUS_CALLBACK);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "36001", "-1", "1.5", "soon"})
    void a_validity_period_out_of_range_is_refused(String seconds) {
        with("ValidityPeriod", seconds).isRefusedWith(ApiError.INVALID_VALIDITY_PERIOD);
    }

    @Test
    void a_message_is_scheduled_from_300_seconds_to_35_days_ahead() throws ApiRefusal {
        throughService().with("ScheduleType", "fixed");
        isRefusedWith(ApiError.SEND_AT_REQUIRED);
        assertThat(with("SendAt", "2026-11-24T12:05:00Z").taken().sendAt()).contains(NOW.plusSeconds(300));
        assertThat(with("SendAt", "2026-11-24T12:05:00").taken().sendAt()).contains(NOW.plusSeconds(300));
        assertThat(with("SendAt", "2026-11-24T13:05:00+01:00").taken().sendAt()).contains(NOW.plusSeconds(300));
        assertThat(with("SendAt", "2026-12-29T12:00:00Z").taken().sendAt()).isPresent();
        with("SendAt", "2026-11-24T12:04:59Z").isRefusedWith(ApiError.INVALID_SEND_AT);
        with("SendAt", "2026-12-29T12:00:01Z").isRefusedWith(ApiError.INVALID_SEND_AT);
        with("SendAt", "tomorrow").isRefusedWith(ApiError.INVALID_SEND_AT);
    }

    @Test
    void a_schedule_without_a_service_is_refused_and_send_at_alone_is_dropped() throws ApiRefusal {
        assertThat(with("SendAt", "2026-11-25T12:00:00Z").taken().sendAt()).isEqualTo(Optional.empty());
        with("ScheduleType", "fixed").isRefusedWith(ApiError.SCHEDULE_NEEDS_SERVICE);
    }

    @Test
    void fixed_is_the_only_schedule_type() {
        throughService().with("SendAt", "2026-11-25T12:00:00Z");
        with("ScheduleType", "optimized").isRefusedWith(ApiError.INVALID_SCHEDULE_TYPE);
        with("ScheduleType", "FIXED").isRefusedWith(ApiError.INVALID_SCHEDULE_TYPE);
    }

    @Test
    void ids_must_have_their_form() {
        with("ContentSid", "HX1").isRefusedWith(ApiError.INVALID_CONTENT_SID);
        form.remove("ContentSid");
        with("ContentVariables", "no json").isRefusedWith(ApiError.INVALID_CONTENT_VARIABLES);
        form.remove("ContentVariables");
        with("MessagingServiceSid", "MG1").isRefusedWith(ApiError.INVALID_MESSAGING_SERVICE);
    }

    @Test
    void unknown_parameters_are_ignored() throws ApiRefusal {
        assertThat(with("Colour", "green").taken().body()).isEqualTo("Hello");
    }
}
