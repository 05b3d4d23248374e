package io.smstask.twilio;

import static io.smstask.task.Samples.TASK_ID;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.smstask.task.AuthToken;
import io.smstask.task.CallbackProof.KeyHash;
import io.smstask.task.CallbackProof.SealedToken;
import io.smstask.task.TaskId;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Any text where a callback key or a sealed token is expected. */
final class CallbackKeyFuzzTest {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final CallbackKey KEY =
            CallbackKey.parse("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8").orElseThrow();

    static Stream<byte[]> keys() {
        return Stream.of(
                        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
                        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh9",
                        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")
                .map(text -> text.getBytes(UTF_8));
    }

    @MethodSource("keys")
    @FuzzTest(maxDuration = "10m")
    void a_key_is_its_only_text(byte[] utf8) {
        String text = new String(utf8, UTF_8);
        Optional<CallbackKey> key = CallbackKey.parse(text);

        key.ifPresent(parsed -> {
            assertThat(text).matches("[A-Za-z0-9_-]{43}");
            assertThat(parsed.reveal()).isEqualTo(text);
            assertThat(parsed.matches(KEY.hash())).isEqualTo(text.equals(KEY.reveal()));
        });
        assertThat(KEY.matches(new KeyHash(text)))
                .isEqualTo(text.equals(KEY.hash().text()));
    }

    static Stream<byte[]> tokens() {
        return Stream.of("0123456789abcdef0123456789abcdef", "schlüssel-🙂", "01234567890123456789012345678")
                .map(text -> text.getBytes(UTF_8));
    }

    @MethodSource("tokens")
    @FuzzTest(maxDuration = "10m")
    void only_what_was_sealed_opens(byte[] bytes) {
        String text = new String(bytes, UTF_8);

        // Nothing else was ever sealed with this key, so neither the text nor the bytes can open.
        assertThat(KEY.unseal(new SealedToken(text, KEY.hash()), TASK_ID)).isEmpty();
        assertThat(KEY.unseal(sealed(bytes), TASK_ID)).isEmpty();
        if (!text.isEmpty()) {
            AuthToken token = new AuthToken(text);
            SealedToken sealed = KEY.seal(token, TASK_ID, RANDOM);

            assertThat(KEY.unseal(sealed, TASK_ID)).contains(token);
            assertThat(KEY.unseal(sealed, new TaskId("another"))).isEmpty();
            byte[] changed = Base64.getUrlDecoder().decode(sealed.text());
            changed[Math.floorMod(text.hashCode(), changed.length)] ^= 1;
            assertThat(KEY.unseal(sealed(changed), TASK_ID)).isEmpty();
        }
    }

    private static SealedToken sealed(byte[] bytes) {
        return new SealedToken(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes), KEY.hash());
    }
}
