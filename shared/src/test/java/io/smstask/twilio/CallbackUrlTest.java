package io.smstask.twilio;

import static io.smstask.task.Samples.TASK_ID;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.api.Test;

final class CallbackUrlTest {

    private static final CallbackKey KEY =
            CallbackKey.parse("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8").orElseThrow();

    @Test
    void the_url_ends_with_key_and_task_as_the_original_had_it() {
        assertThat(CallbackUrl.of("https://callbacks.example.com", KEY, TASK_ID))
                .isEqualTo("https://callbacks.example.com/nvp/callback/"
                        + "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8/order-4711");
    }

    @Test
    void a_stage_in_the_base_stays_in_the_url() {
        assertThat(CallbackUrl.of("https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com/prod", KEY, TASK_ID))
                .startsWith("https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com/prod/nvp/callback/AAEC");
    }

    @Test
    void what_asks_for_repeats_is_a_fragment_and_so_no_part_of_the_signed_url() {
        URI url = URI.create(CallbackUrl.of("https://callbacks.example.com", KEY, TASK_ID) + CallbackUrl.OVERRIDES);

        assertThat(url.getFragment()).isEqualTo("ct=2000&rt=5000&tt=15000&rc=5&rp=all");
        assertThat(url.getQuery()).isNull();
    }
}
