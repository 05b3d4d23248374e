package io.smstask.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReportTest {

    private static final String TABLES = Report.tables(SampleResults.coldAndWarm());

    @Test
    void a_row_has_medians_the_range_and_the_ratios_to_both_bases() {
        assertThat(row("smstask <ours>"))
                .containsExactly(
                        "smstask <ours>",
                        "send",
                        "60",
                        "40",
                        "**100**",
                        "100..150",
                        "30 / 50",
                        "0.50 / 0.50",
                        "0.13 / 0.13",
                        "1700 (500)",
                        "64",
                        "5.0");
    }

    @Test
    void what_does_another_job_is_compared_to_nobody() {
        assertThat(row("Java, nothing to do"))
                .startsWith("Java, nothing to do", "-")
                .contains("-", "1100 (160)");
        assertThat(row("Java, nothing to do").get(7)).isEqualTo("-");
    }

    @Test
    void what_is_no_jvm_has_no_classes() {
        assertThat(row("Node 20, bundled").get(9)).isEqualTo("-");
    }

    @Test
    void every_setting_that_was_measured_has_a_table_and_no_other() {
        assertThat(TABLES.lines().filter(line -> line.startsWith("## ")))
                .containsExactly(
                        "## Cold start, one processor",
                        "## Cold start, one processor, the memory's share of one from the first event on",
                        "## Cold start, 2 processors",
                        "## Warm, a call");
    }

    @Test
    void in_short_are_one_processor_in_parts_the_throttled_first_event_and_two_processors() {
        String summary = Report.summary(SampleResults.coldAndWarm(), "abc");

        assertThat(summary).contains("Measured here, not on Lambda, at commit abc", "medians of 3 rounds");
        assertThat(cells(summary.lines()
                        .filter(line -> line.startsWith("| smstask"))
                        .findFirst()
                        .orElseThrow()))
                .containsExactly(
                        "smstask <ours>",
                        "send",
                        "60",
                        "40",
                        "**100**",
                        "0.50 / 0.50",
                        "70",
                        "60",
                        "0.40 / 0.40",
                        "0.60",
                        "5.0");
    }

    @Test
    void calls_that_a_client_repeated_are_told() {
        assertThat(TABLES)
                .contains("Of Java as usual, send, a client lost its patience and repeated a call in 1 of 3 runs.")
                .doesNotContain("Of Node");
    }

    @Test
    void warm_runs_are_taken_together_and_their_medians_shown_apart() {
        String warm = TABLES.substring(TABLES.indexOf("## Warm"));

        assertThat(cells(warm.lines()
                        .filter(line -> line.startsWith("| smstask"))
                        .findFirst()
                        .orElseThrow()))
                .containsExactly("smstask <ours>", "send", "**2.00**", "2.00..4.00", "9.00", "0.60", "85");
    }

    @Test
    void the_columns_of_a_table_are_aligned() {
        assertThat(Report.table(List.of("a", "b", "ms"), List.of(List.of("long name", "send", "1200")))
                        .lines())
                .containsExactly(
                        "| a         | b    |   ms |", "|-----------|------|-----:|", "| long name | send | 1200 |");
    }

    @Test
    void a_page_says_when_on_what_and_what_is_missing() {
        String page = Report.of(
                SampleResults.coldAndWarm(),
                Map.of("kernel", "Linux 6", "commit", "abc-dirty"),
                List.of("left out: node, since there is no node on this machine"),
                Optional.of("2026-11-24.svg"));

        assertThat(page)
                .startsWith("# Measured on 2026-11-24, here and not on Lambda\n")
                .contains(
                        "- kernel: Linux 6\n", "- left out: node", "](2026-11-24.svg)", "at commit abc-dirty", TABLES);
    }

    private static List<String> row(String title) {
        return cells(TABLES.lines()
                .filter(line -> line.startsWith("| " + title))
                .findFirst()
                .orElseThrow());
    }

    private static List<String> cells(String line) {
        return Arrays.stream(line.substring(1, line.length() - 1).split("\\|"))
                .map(String::strip)
                .toList();
    }
}
