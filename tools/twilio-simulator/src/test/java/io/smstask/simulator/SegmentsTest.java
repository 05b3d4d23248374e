package io.smstask.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SegmentsTest {
    @ParameterizedTest(name = "{1} times {0}: {2}")
    @CsvSource({
        "a,1,1",
        "a,160,1",
        "a,161,2",
        "a,306,2",
        "a,307,3",
        "a,1600,11",
        "€,80,1",
        "€,81,2",
        "€,152,2",
        "€,153,3",
        "ж,70,1",
        "ж,71,2",
        "ж,134,2",
        "ж,135,3",
        "😀,35,1",
        "😀,36,2",
        "😀,66,2",
        "😀,67,3",
        "à,160,1",
        "ç,70,1",
        "ç,71,2",
        "Δ,160,1"
    })
    void a_text_takes_so_many_segments(String character, int times, int segments) {
        assertThat(Segments.count(character.repeat(times))).isEqualTo(segments);
    }

    @Test
    void one_character_outside_the_alphabet_makes_the_whole_text_wide() {
        assertThat(Segments.count("a".repeat(70) + "’")).isEqualTo(2);
    }

    @Test
    void an_escaped_character_is_not_cut_in_two() {
        // An escaped character would not fit after 152 units of the first part, so 305 units need three parts.
        assertThat(Segments.count("a".repeat(152) + "€" + "a".repeat(152))).isEqualTo(3);
        assertThat(Segments.count("a".repeat(151) + "€" + "a".repeat(153))).isEqualTo(2);
    }

    @Test
    void no_text_takes_one() {
        assertThat(Segments.count("")).isEqualTo(1);
    }
}
