package io.smstask.twilio;

import static io.smstask.task.Samples.TASK_ID;
import static io.smstask.task.Samples.TOKEN;
import static org.assertj.core.api.Assertions.assertThat;

import io.smstask.task.AuthToken;
import io.smstask.task.CallbackProof.KeyHash;
import io.smstask.task.CallbackProof.SealedToken;
import io.smstask.task.TaskId;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CallbackKeyTest {

    private static final String TEXT = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final CallbackKey KEY = CallbackKey.parse(TEXT).orElseThrow();

    @Test
    void a_key_is_its_text_and_back() {
        assertThat(KEY.reveal()).isEqualTo(TEXT);

        CallbackKey random = CallbackKey.random(RANDOM);
        assertThat(random.reveal()).matches("[A-Za-z0-9_-]{43}");
        assertThat(CallbackKey.parse(random.reveal()).orElseThrow().reveal()).isEqualTo(random.reveal());
        assertThat(CallbackKey.random(RANDOM).reveal()).isNotEqualTo(random.reveal());
    }

    @Test
    void a_key_is_not_printed() {
        assertThat(KEY).hasToString("***");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHg",
                "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8A",
                // the same bytes, written otherwise
                "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh9",
                "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
                "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\n",
                // the other base64 alphabet
                "+/ECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
                "{callback_key}",
                "éAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
            })
    void a_key_has_exactly_one_text(String text) {
        assertThat(CallbackKey.parse(text)).isEmpty();
    }

    @Test
    void a_sealed_token_opens_with_its_key_and_task() {
        SealedToken sealed = KEY.seal(TOKEN, TASK_ID, RANDOM);

        assertThat(KEY.unseal(sealed, TASK_ID)).contains(TOKEN);
        assertThat(sealed.text()).doesNotContain(TOKEN.reveal());
        assertThat(new String(Base64.getUrlDecoder().decode(sealed.text()), StandardCharsets.ISO_8859_1))
                .doesNotContain(TOKEN.reveal());
    }

    @Test
    void two_tokens_are_sealed_as_one_text_and_open_together() {
        SealedToken sealed = KEY.seal(TOKEN, new AuthToken("other"), TASK_ID, RANDOM);

        assertThat(KEY.unseal(sealed, TASK_ID)).containsExactly(TOKEN, new AuthToken("other"));
        assertThat(CallbackKey.random(RANDOM).unseal(sealed, TASK_ID)).isEmpty();
        assertThat(KEY.unseal(sealed, new TaskId("order-4712"))).isEmpty();
    }

    @Test
    void of_two_sealed_tokens_that_were_tampered_with_none_opens() {
        String first = KEY.seal(TOKEN, TASK_ID, RANDOM).text();
        String second = KEY.seal(new AuthToken("other"), TASK_ID, RANDOM).text();
        assertThat(KEY.unseal(new SealedToken(first + "." + second, KEY.hash()), TASK_ID))
                .hasSize(2);

        for (String broken : List.of(
                first + ".",
                "." + second,
                first + "." + second + ".",
                first + "." + second + "." + first,
                first + "." + second.substring(1),
                first.substring(1) + "." + second,
                first + "," + second,
                ".")) {
            assertThat(KEY.unseal(new SealedToken(broken, KEY.hash()), TASK_ID))
                    .as(broken)
                    .isEmpty();
        }
    }

    @Test
    void a_token_outside_ascii_is_sealed_as_well() {
        AuthToken token = new AuthToken("schlüssel-🙂");

        assertThat(KEY.unseal(KEY.seal(token, TASK_ID, RANDOM), TASK_ID)).contains(token);
    }

    @Test
    void the_same_token_is_sealed_differently_every_time() {
        assertThat(KEY.seal(TOKEN, TASK_ID, RANDOM)).isNotEqualTo(KEY.seal(TOKEN, TASK_ID, RANDOM));
    }

    @Test
    void another_key_does_not_open_it() {
        SealedToken sealed = KEY.seal(TOKEN, TASK_ID, RANDOM);

        assertThat(CallbackKey.random(RANDOM).unseal(sealed, TASK_ID)).isEmpty();
    }

    @Test
    void it_does_not_open_in_another_tasks_item() {
        SealedToken sealed = KEY.seal(TOKEN, TASK_ID, RANDOM);

        assertThat(KEY.unseal(sealed, new TaskId("order-4712"))).isEmpty();
    }

    @Test
    void every_bit_counts() {
        byte[] sealed =
                Base64.getUrlDecoder().decode(KEY.seal(TOKEN, TASK_ID, RANDOM).text());
        for (int bit = 0; bit < sealed.length * 8; bit++) {
            byte[] tampered = sealed.clone();
            tampered[bit / 8] ^= (byte) (1 << bit % 8);

            assertThat(KEY.unseal(sealed(tampered), TASK_ID)).as("bit %s", bit).isEmpty();
        }
    }

    @Test
    void a_text_cut_short_anywhere_does_not_open() {
        String text = KEY.seal(TOKEN, TASK_ID, RANDOM).text();
        for (int length = 0; length < text.length(); length++) {
            assertThat(KEY.unseal(new SealedToken(text.substring(0, length), KEY.hash()), TASK_ID))
                    .as("%s characters", length)
                    .isEmpty();
        }
        byte[] bytes = Base64.getUrlDecoder().decode(text);
        for (int length = 0; length < bytes.length; length++) {
            assertThat(KEY.unseal(sealed(Arrays.copyOf(bytes, length)), TASK_ID))
                    .as("%s bytes", length)
                    .isEmpty();
        }
    }

    @Test
    void what_is_not_base64_does_not_open() {
        assertThat(KEY.unseal(new SealedToken("no base64!", KEY.hash()), TASK_ID))
                .isEmpty();
    }

    @Test
    void a_hash_is_matched_by_its_own_key_only() {
        KeyHash hash = KEY.hash();

        // SHA-256 of the bytes 0x00 to 0x1f
        assertThat(Base64.getUrlDecoder().decode(hash.text()))
                .asHexString()
                .isEqualTo("630DCD2966C4336691125448BBB25B4FF412A49C732DB2C8ABC1B8581BD710DD");
        assertThat(KEY.matches(hash)).isTrue();
        assertThat(CallbackKey.random(RANDOM).matches(hash)).isFalse();
        assertThat(KEY.matches(new KeyHash(""))).isFalse();
        assertThat(KEY.matches(new KeyHash(hash.text().substring(1)))).isFalse();
    }

    private static SealedToken sealed(byte[] bytes) {
        return new SealedToken(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes), KEY.hash());
    }
}
