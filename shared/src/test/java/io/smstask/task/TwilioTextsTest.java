package io.smstask.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How Twilio's texts are cleaned before they are stored. */
final class TwilioTextsTest {

    private static final String KEY = "a-callback-key";
    private static final String TOKEN = "a-token";
    private static final String PAGE = "https://www.twilio.com/docs/errors/21211";
    private static final String EMOJI = "\uD83D\uDE9A";

    @Test
    void our_words_come_first_then_twilios() {
        assertThat(refused("21211", "Invalid 'To' Phone Number: +1555"))
                .isEqualTo("The recipient's number is not a valid number, or it is the sender's own."
                        + " Twilio says: Invalid 'To' Phone Number: +1555");
        assertThat(refused("63038", ""))
                .isEqualTo("The account has sent all the messages that it may send in 24 hours.");
    }

    @Test
    void an_error_that_is_not_in_the_table_is_told_in_twilios_words_alone() {
        assertThat(refused("99999", "Something new.")).isEqualTo("Something new.");
        assertThat(refused("99999", " ")).isEqualTo("Twilio refused with error 99999.");
    }

    @Test
    void an_invalid_callback_url_is_told_in_our_words_alone() {
        assertThat(refused(
                        "21609", "The StatusCallback URL https://example.com/nvp/callback/" + KEY + " is not valid."))
                .isEqualTo("Twilio does not accept the status callback's URL: check the setting CALLBACK_BASE_URL.");
    }

    @Test
    void secrets_are_masked_in_texts_and_pages() {
        Escalation cleaned = new Escalation.TwilioError(
                        "99999", KEY + TOKEN, Optional.of(PAGE + "?" + TOKEN), Retryable.NO)
                .cleaned(List.of(KEY, TOKEN));

        assertThat(cleaned)
                .isEqualTo(new Escalation.TwilioError("99999", "******", Optional.of(PAGE + "?***"), Retryable.NO));
        assertThat(new Escalation.CallError(CallFailure.REFUSED, "HTTP status 403: " + KEY).cleaned(List.of(KEY)))
                .isEqualTo(new Escalation.CallError(CallFailure.REFUSED, "HTTP status 403: ***"));
    }

    @Test
    void a_secret_that_begins_with_another_is_masked_whole() {
        assertThat(TwilioTexts.cleaned(TOKEN + "-and-more", List.of(TOKEN, TOKEN + "-and-more")))
                .isEqualTo("***");
    }

    @ParameterizedTest
    @ValueSource(strings = {"one\ntwo", "one\u0000two", "one\u001Btwo", "one\u0085two", " one two\r\n"})
    void control_characters_are_blanks(String text) {
        assertThat(TwilioTexts.cleaned(text, List.of())).isEqualTo("one two");
    }

    @Test
    void half_a_character_is_replaced_and_whole_ones_stay() {
        assertThat(TwilioTexts.cleaned("a\uD83Db\uDE9Ac" + EMOJI, List.of())).isEqualTo("a\uFFFDb\uFFFDc" + EMOJI);
        assertThat(TwilioTexts.cleaned("\uD7FF \uD800 \uDFFF \uE000", List.of()))
                .isEqualTo("\uD7FF \uFFFD \uFFFD \uE000");
    }

    @Test
    void an_endless_text_is_cut_between_characters_after_it_was_masked() {
        String text = "x".repeat(TwilioTexts.MAX_LENGTH - 4) + TOKEN + EMOJI.repeat(1000);

        assertThat(TwilioTexts.cleaned(text, List.of(TOKEN)))
                .isEqualTo("x".repeat(TwilioTexts.MAX_LENGTH - 4) + "***" + "\u2026");
    }

    @Test
    void a_text_of_a_thousand_characters_is_kept_whole() {
        String text = "x".repeat(1000);

        assertThat(TwilioTexts.cleaned(text, List.of())).isEqualTo(text);
        assertThat(TwilioTexts.cleaned(text + "x", List.of())).isEqualTo(text + "\u2026");
    }

    private static String refused(String code, String text) {
        return new Escalation.TwilioError(code, text, Optional.empty(), Retryable.NO)
                .cleaned(List.of(KEY, TOKEN))
                .message();
    }
}
