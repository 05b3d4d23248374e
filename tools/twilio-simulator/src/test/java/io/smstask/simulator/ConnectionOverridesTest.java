package io.smstask.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.smstask.simulator.ConnectionOverrides.Failure;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ConnectionOverridesTest {
    private static final String URL = "https://callbacks.example.com/a?b=c";
    private static final ConnectionOverrides DEFAULTS = new ConnectionOverrides(
            Duration.ofSeconds(5), Duration.ofSeconds(15), Duration.ofSeconds(15), 1, Set.of(Failure.CONNECT));

    @Test
    void a_fragment_overrides_everything() {
        assertThat(ConnectionOverrides.of(URL + "#ct=2000&rt=5000&tt=14000&rc=5&rp=all"))
                .isEqualTo(new ConnectionOverrides(
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(14),
                        5,
                        Set.of(Failure.values())));
    }

    @Test
    void a_policy_is_a_list() {
        assertThat(ConnectionOverrides.of(URL + "#rp=4xx,rt").retryOn())
                .containsExactlyInAnyOrder(Failure.CLIENT_ERROR, Failure.READ);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "#", "#x", "#rc=6", "#rc=-1", "#ct=99&rt=15001&tt=abc", "#rp=5xx,often", "#sni=y&e=ashburn"})
    void what_is_not_understood_leaves_the_default(String fragment) {
        assertThat(ConnectionOverrides.of(URL + fragment)).isEqualTo(DEFAULTS);
    }
}
