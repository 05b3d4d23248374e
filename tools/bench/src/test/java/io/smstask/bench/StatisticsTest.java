package io.smstask.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StatisticsTest {

    @Test
    void the_median_is_the_middle_one() {
        assertThat(Statistics.median(new double[] {9, 1, 5})).isEqualTo(5);
    }

    @Test
    void of_an_even_number_the_median_lies_between_the_two_in_the_middle() {
        assertThat(Statistics.median(new double[] {9, 1, 5, 6})).isEqualTo(5.5);
    }

    @Test
    void percentiles_are_values_that_were_measured() {
        double[] values = IntStream.rangeClosed(1, 200).mapToDouble(n -> n).toArray();

        assertThat(Statistics.percentile(values, 0.5)).isEqualTo(100);
        assertThat(Statistics.percentile(values, 0.99)).isEqualTo(198);
        assertThat(Statistics.percentile(values, 1)).isEqualTo(200);
        assertThat(Statistics.percentile(new double[] {7}, 0.99)).isEqualTo(7);
    }

    @Test
    void a_ratio_compares_round_by_round() {
        // The third round was slow for both. The ratio of the medians would be 2.2.
        double[] values = {20, 22, 100};
        double[] base = {10, 10, 50};

        assertThat(Statistics.ratio(values, base)).isCloseTo(2.0, within(1e-9));
    }

    @Test
    void rounds_that_are_missing_cannot_be_compared() {
        assertThatIllegalArgumentException().isThrownBy(() -> Statistics.ratio(new double[2], new double[3]));
    }

    @Test
    void nothing_has_no_median() {
        assertThatIllegalArgumentException().isThrownBy(() -> Statistics.median(new double[0]));
    }

    @Test
    void in_some_round_each_one_is_first_and_nobody_is_lost() {
        List<String> all = List.of("a", "b", "c");
        Set<String> first = new HashSet<>();
        for (int round = -1; round < 3; round++) {
            List<String> rotated = Statistics.rotated(all, round);
            assertThat(rotated).containsExactlyInAnyOrderElementsOf(all);
            first.add(rotated.get(0));
        }

        assertThat(first).containsExactlyInAnyOrderElementsOf(all);
    }
}
