package io.smstask.poll;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The simulations at full rates for a thirtieth of their time or less. The full size: docs/reliability.md. */
final class PollSimulationTest {

    private static final Duration SENDING = Duration.ofMinutes(2);

    @ParameterizedTest
    @EnumSource
    void no_trouble_of_one_keeps_another_waiting(PollScenario scenario) {
        PollOutcome outcome = scenario.run(SENDING);

        scenario.check(outcome);
        assertThat(outcome.undone()).isEqualTo(scenario == PollScenario.POISON ? 2 * PollScenario.POISONED : 0);
        assertThat(outcome.deadLetters() == 0).isEqualTo(scenario != PollScenario.POISON);
    }
}
