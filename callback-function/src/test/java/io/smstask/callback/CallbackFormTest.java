package io.smstask.callback;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Name-value pairs as Twilio writes them, and as an attacker might. */
final class CallbackFormTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
                    To=%2B15558675310      | To   | +15558675310
                    To=+15558675310        | To   | ' 15558675310'
                    Note=a+b%20c           | Note | a b c
                    Note=d%C3%A9j%C3%A0    | Note | d\u00e9j\u00e0
                    Note=%f0%9f%9a%9A      | Note | \uD83D\uDE9A
                    Note=100%25            | Note | 100%
                    Note=a%3Db%26c         | Note | a=b&c
                    Note=a=b=c             | Note | a=b=c
                    N%6fte=a               | Note | a
                    Note                   | Note | ''
                    Note=                  | Note | ''
                    =a                     | ''   | a
                    &&Note=a&              | Note | a
                    Note=%00               | Note | '\0'
                    """)
    void one_field_is_decoded(String body, String name, String value) throws BadForm {
        assertThat(CallbackForm.parse(body.getBytes(UTF_8)).all()).containsExactly(Map.entry(name, value));
    }

    @Test
    void letters_that_nobody_escaped_are_taken_as_utf_8() throws BadForm {
        assertThat(form("Note=d\u00e9j\u00e0").all()).containsEntry("Note", "d\u00e9j\u00e0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "&", "&&&"})
    void an_empty_body_is_an_empty_form(String body) throws BadForm {
        assertThat(form(body).all()).isEmpty();
    }

    @Test
    void incident_10_a_blank_field_stays_since_it_is_signed_but_has_no_value() throws BadForm {
        CallbackForm form = form("ErrorCode=&MessageStatus=sent");

        assertThat(form.all()).containsOnly(Map.entry("ErrorCode", ""), Map.entry("MessageStatus", "sent"));
        assertThat(form.value("ErrorCode")).isEmpty();
        assertThat(form.value("MessageStatus")).contains("sent");
        assertThat(form.value("messagestatus")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "b=1&a=2&c=3, a, b",
        "b=1&a=2&c=3, b, c",
        "b=1&a=2&c=3, c, ''",
        "bb=1&ba=2&B=3, b, ba",
        "=1&a=2, a, ''",
        "a=1, A, a"
    })
    void names_follow_each_other_in_the_order_in_which_they_are_signed(String body, String name, String next)
            throws BadForm {
        assertThat(form(body).nameAfter(name)).isEqualTo(next);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "MessageStatus=sent&MessageStatus=delivered",
                "MessageStatus=sent&MessageStatus=sent",
                "MessageStatus=sent&Message%53tatus=delivered",
                "MessageStatus=&MessageStatus=delivered",
                "MessageStatus&MessageStatus="
            })
    void a_field_given_twice_would_hide_one_of_its_values(String body) {
        assertThatThrownBy(() -> form(body)).isInstanceOf(BadForm.class).hasMessage("a field is given twice");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a=%", "a=%2", "a=b%2&c=d", "a=%zz", "a=%2g", "%=a", "a=%+1", "a=%-1", "a=%\u06601"})
    void incident_10_a_broken_escape_is_an_answer_not_a_crash(String body) {
        assertThatThrownBy(() -> form(body)).isInstanceOf(BadForm.class).hasMessageStartingWith("a percent escape");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a=%ff", "a=%C3", "a=%C3b", "a=%ED%A0%80", "a=%C0%80", "%ff=a"})
    void what_is_not_utf_8_is_not_guessed(String body) {
        assertThatThrownBy(() -> form(body)).isInstanceOf(BadForm.class).hasMessage("a field is not UTF-8");
    }

    @Test
    void raw_bytes_that_are_not_utf_8_are_not_guessed_either() {
        assertThatThrownBy(() -> CallbackForm.parse("a=\u00e9".getBytes(ISO_8859_1)))
                .isInstanceOf(BadForm.class);
    }

    @Test
    void printing_a_form_shows_none_of_it() throws BadForm {
        assertThat(form("To=%2B15558675310&From=53079")).hasToString("CallbackForm[2 fields]");
    }

    private static CallbackForm form(String body) throws BadForm {
        return CallbackForm.parse(body.getBytes(UTF_8));
    }

    @Test
    void thousands_of_names_with_one_hash_code_are_a_form_like_any_other() throws BadForm {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 2048; i++) {
            StringBuilder name = new StringBuilder();
            for (int bit = 0; bit < 11; bit++) {
                name.append((i >> bit & 1) == 0 ? "Aa" : "BB");
            }
            names.add(name.toString());
        }

        CallbackForm form = CallbackForm.parse((String.join("=1&", names) + "=1").getBytes(UTF_8));

        // In order, so from the form's own map: a hash table with linear probing would take half a second.
        assertThat(form.all().keySet()).containsExactlyElementsOf(names);
    }
}
