package io.smstask.proof.burst;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What came of a burst.
 *
 * @param calls how many calls there were
 * @param rows further figures, by what they count
 * @param deadLetters by their reason
 * @param mostSms for one task
 * @param broken what was not as promised; empty if all was
 */
public record BurstOutcome(
        int calls, Map<String, Long> rows, Map<String, Long> deadLetters, int mostSms, List<String> broken) {

    private static final int SHOWN = 20;

    /** Whether every promise was kept. */
    public boolean isKept() {
        return broken.isEmpty();
    }

    /** The figures as Markdown tables. */
    String markdown() {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "A burst of %,d calls: %s.%n%n| | |%n| --- | ---: |%n| most SMS for one task | %d |%n",
                calls,
                isKept() ? "every promise kept" : "PROMISES BROKEN",
                mostSms));
        rows.forEach((name, count) -> text.append(String.format(Locale.ROOT, "| %s | %,d |%n", name, count)));
        text.append(String.format("%n| dead letters | |%n| --- | ---: |%n"));
        deadLetters.forEach((code, count) -> text.append(String.format(Locale.ROOT, "| `%s` | %,d |%n", code, count)));
        broken.stream().limit(SHOWN).forEach(line -> text.append(String.format("%n- %s", line)));
        return text.append(System.lineSeparator()).toString();
    }
}
