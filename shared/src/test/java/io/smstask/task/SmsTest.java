package io.smstask.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class SmsTest {

    private static final String SALT = "claim-1";
    private static final String ACCOUNT = "AC00000000000000000000000000000001";
    private static final Map<String, List<String>> MEDIA =
            Map.of("MediaUrl", List.of("https://e/1", "https://e/2"), "ValidityPeriod", List.of("60"));
    private static final Map<String, List<String>> CONTENT = Map.of("ContentSid", List.of("HX1"));
    private static final Sms SMS = sms(ACCOUNT, "+15558675310", "+15005550006", "Hello", MEDIA);

    @Test
    void the_hash_is_a_sha_256_in_hexadecimal_and_the_same_every_time() {
        assertThat(SMS.hash(SALT)).matches("[0-9a-f]{64}");
        assertThat(SMS.hash(SALT))
                .isEqualTo(sms(ACCOUNT, "+15558675310", "+15005550006", "Hello", MEDIA)
                        .hash(SALT));
    }

    /** The hash is stored: a repeat must still be the same call after an update of the function. */
    @Test
    void the_hash_stays_the_same_from_version_to_version() {
        assertThat(sms(ACCOUNT, "+15558675310", "+15005550006", "x".repeat(300), MEDIA)
                        .hash(SALT))
                .isEqualTo("438b5945f72041340ef06e78e666071e213da538c5268b5838d137dc970588f4");
    }

    @Test
    void two_tasks_with_the_same_message_have_nothing_in_common_but_both_know_it() {
        Fingerprint one = Fingerprint.of(SMS, SALT);
        Fingerprint other = Fingerprint.of(SMS, "claim-2");

        assertThat(one.hash()).isNotEqualTo(other.hash());
        assertThat(one.isOf(SMS)).isTrue();
        assertThat(other.isOf(SMS)).isTrue();
        assertThat(other.isOf(with("SmartEncoded", List.of("true")))).isFalse();
    }

    /** The length before each text keeps the salt and the account apart. */
    @Test
    void a_longer_salt_is_another_hash() {
        assertThat(SMS.hash(SALT + "A")).isNotEqualTo(SMS.hash(SALT));
    }

    @Test
    void a_printed_message_shows_its_account_and_masked_numbers() {
        assertThat(SMS).hasToString("Sms[" + ACCOUNT + ", ***06 to ***10]");
        assertThat(sms(ACCOUNT, "+15558675310", "", "Hello", MEDIA)).hasToString("Sms[" + ACCOUNT + ", - to ***10]");
    }

    static Stream<Sms> changed() {
        return Stream.of(
                sms("AC00000000000000000000000000000002", "+15558675310", "+15005550006", "Hello", MEDIA),
                sms(ACCOUNT, "+15558675311", "+15005550006", "Hello", MEDIA),
                sms(ACCOUNT, "+15558675310", "+15005550007", "Hello", MEDIA),
                sms(ACCOUNT, "+15558675310", "", "Hello", MEDIA),
                sms(ACCOUNT, "+15558675310", "+15005550006", "hello", MEDIA),
                sms(ACCOUNT, "+15558675310", "+15005550006", "", MEDIA),
                // what moves from one field into the next
                sms(ACCOUNT, "+15558675310+", "15005550006", "Hello", MEDIA),
                sms(ACCOUNT, "+15558675310", "+15005550006H", "ello", MEDIA),
                sms(ACCOUNT, "+15558675310", "Hello", "+15005550006", MEDIA),
                sms(ACCOUNT, "+15558675310", "+15005550006", "Hello", Map.of()),
                with("MediaUrl", List.of("https://e/1")),
                with("MediaUrl", List.of("https://e/1", "https://e/2", "https://e/2")),
                with("MediaUrl", List.of("https://e/1https://e/2")),
                with("MediaUrl", List.of("https://e/2", "https://e/1")),
                with("ValidityPeriod", List.of("61")),
                with("SmartEncoded", List.of("true")),
                with("MediaUrl2", List.of("https://e/2")));
    }

    @ParameterizedTest
    @MethodSource("changed")
    void every_part_of_a_message_shows_in_its_hash(Sms other) {
        assertThat(other.hash(SALT)).isNotEqualTo(SMS.hash(SALT));
    }

    @Test
    void no_two_of_these_messages_share_a_hash() {
        assertThat(changed().map(sms -> sms.hash(SALT))).doesNotHaveDuplicates();
    }

    @Test
    void the_order_of_further_parameters_does_not_matter() {
        Map<String, List<String>> reversed = new LinkedHashMap<>();
        reversed.put("ValidityPeriod", List.of("60"));
        reversed.put("MediaUrl", List.of("https://e/1", "https://e/2"));

        assertThat(sms(ACCOUNT, "+15558675310", "+15005550006", "Hello", reversed)
                        .hash(SALT))
                .isEqualTo(SMS.hash(SALT));
    }

    @Test
    void a_message_does_not_change_with_the_map_it_was_made_of() {
        Map<String, List<String>> further = new LinkedHashMap<>(MEDIA);
        Sms sms = sms(ACCOUNT, "+15558675310", "+15005550006", "Hello", further);

        further.clear();

        assertThat(sms).isEqualTo(SMS);
    }

    @Test
    void media_and_variables_may_be_quoted_unless_they_are_too_short_to_tell_from_any_word() {
        Sms sms = sms(
                ACCOUNT,
                "+15558675310",
                "",
                "A long enough text",
                Map.of(
                        "MediaUrl", List.of("https://e/1", "1234567", "12345678"),
                        "ContentVariables", List.of("{\"1\":\"Ann\"}"),
                        "FallbackFrom", List.of("+15005550007")));

        assertThat(sms.quotable()).containsExactly("https://e/1", "12345678", "{\"1\":\"Ann\"}");
    }

    static Stream<Sms> withSomeTexts() {
        Map<String, List<String>> media = Map.of("ContentSid", List.of("HX1"), "MediaUrl", List.of("https://e/1"));
        Map<String, List<String>> variables = Map.of("ContentSid", List.of("HX1"), "ContentVariables", List.of("{}"));
        return Stream.of(
                sms(ACCOUNT, "+15558675310", "+15005550006", "Hello", CONTENT),
                sms(ACCOUNT, "+15558675310", "+15005550006", "", media),
                sms(ACCOUNT, "+15558675310", "+15005550006", "", variables),
                sms(ACCOUNT, "+15558675310", "+15005550006", "Hello", media));
    }

    @ParameterizedTest
    @MethodSource("withSomeTexts")
    void a_message_without_its_texts_keeps_everything_else(Sms sms) {
        Sms bare = sms.withoutTexts();

        assertThat(bare).isEqualTo(sms(ACCOUNT, "+15558675310", "+15005550006", "", CONTENT));
        assertThat(bare.withoutTexts()).isSameAs(bare);
    }

    private static Sms with(String parameter, List<String> values) {
        Map<String, List<String>> further = new LinkedHashMap<>(MEDIA);
        further.put(parameter, values);
        return sms(ACCOUNT, "+15558675310", "+15005550006", "Hello", further);
    }

    private static Sms sms(String account, String to, String from, String body, Map<String, List<String>> further) {
        return new Sms(
                new AccountSid(account),
                new PhoneNumber(to),
                from.isEmpty() ? Optional.empty() : Optional.of(new PhoneNumber(from)),
                body.isEmpty() ? Optional.empty() : Optional.of(new MessageText(body)),
                further);
    }
}
