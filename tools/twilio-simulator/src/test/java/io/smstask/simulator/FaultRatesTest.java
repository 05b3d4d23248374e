package io.smstask.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which message gets which fault: a function of seed, rates and number. */
final class FaultRatesTest {
    private static final int MANY = 2_000;

    @Test
    void the_same_seed_gives_the_same_faults_in_whatever_order_they_are_asked_for() {
        var rates = Map.of(Fault.HANG, 0.2, Fault.RATE_LIMITED, 0.3);
        var forwards = faults(new FaultRates(7, rates), 0, 1);
        var backwards = faults(new FaultRates(7, rates), MANY - 1, -1);

        Collections.reverse(backwards);
        assertThat(backwards).isEqualTo(forwards);
        assertThat(faults(new FaultRates(8, rates), 0, 1)).isNotEqualTo(forwards);
    }

    private static List<Optional<Fault>> faults(FaultRates faultRates, int first, int step) {
        return IntStream.range(0, MANY)
                .mapToObj(i -> faultRates.fault(first + (long) i * step))
                .collect(Collectors.toList());
    }

    @Test
    void numbers_are_those_of_split_mix_64() {
        var jdks = new SplittableRandom(42);
        var half = new FaultRates(42, Map.of(Fault.HANG, 0.5));

        for (int number = 0; number < MANY; number++) {
            assertThat(half.fault(number).isPresent()).isEqualTo(jdks.nextLong() >>> 63 == 0);
        }
    }

    /** A seed must give the same faults years later. */
    @Test
    void faults_of_a_seed_never_change() {
        var faultRates = new FaultRates(42, Map.of(Fault.CALLBACKS_DROPPED, 0.25, Fault.HANG, 0.25));

        assertThat(IntStream.range(0, 8)
                        .mapToObj(faultRates::fault)
                        .map(fault -> fault.map(Fault::name).orElse("-")))
                .containsExactly(
                        "-", "CALLBACKS_DROPPED", "HANG", "HANG", "CALLBACKS_DROPPED", "-", "CALLBACKS_DROPPED", "-");
    }

    @Test
    void rates_roughly_hold() {
        var rates = Map.of(Fault.CALLBACKS_DROPPED, 0.05, Fault.HANG, 0.1, Fault.READ_NOT_FOUND, 0.3);
        var faultRates = new FaultRates(1, rates);
        var counts = IntStream.range(0, MANY)
                .mapToObj(faultRates::fault)
                .flatMap(Optional::stream)
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));

        assertThat(counts).containsOnlyKeys(rates.keySet());
        // Four standard deviations of the most scattered one: 4 * sqrt(0.3 * 0.7 / 2000) = 0.041.
        rates.forEach((fault, rate) ->
                assertThat((double) counts.get(fault) / MANY).as(fault.name()).isEqualTo(rate, within(0.041)));
    }

    @Test
    void a_rate_of_one_spares_nobody_and_a_rate_of_zero_everybody() {
        assertThat(faults(new FaultRates(3, Map.of(Fault.HANG, 1.0)), 0, 1)).containsOnly(Optional.of(Fault.HANG));
        assertThat(faults(new FaultRates(3, Map.of(Fault.HANG, 0.0)), 0, 1)).containsOnly(Optional.empty());
        assertThat(faults(FaultRates.NONE, 0, 1)).containsOnly(Optional.empty());
    }

    @Test
    void all_faults_together_may_have_all_messages() {
        var even = Arrays.stream(Fault.values())
                .collect(Collectors.toMap(Function.identity(), fault -> 1.0 / Fault.values().length));
        assertThat(faults(new FaultRates(5, even), 0, 1).stream().flatMap(Optional::stream))
                .contains(Fault.values());
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1.1, Double.NaN, Double.POSITIVE_INFINITY})
    void a_rate_is_a_share(double rate) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new FaultRates(0, Map.of(Fault.HANG, rate)))
                .withMessage("the rate of HANG must be from 0 to 1");
    }

    @Test
    void rates_share_what_there_is() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new FaultRates(0, Map.of(Fault.HANG, 0.6, Fault.RATE_LIMITED, 0.6)))
                .withMessage("the rates together must be at most 1");
    }
}
