package io.smstask.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** Results as Markdown. */
final class Report {

    private static final String NOTHING = "-";
    private static final double BYTES_PER_MB = 1024.0 * 1024;
    private static final int PADDING = 2;

    private final Results results;

    private Report(Results results) {
        this.results = results;
    }

    /**
     * Writes the page of one day.
     *
     * @param machine facts about machine, versions and options, by name
     * @param notes what the reader must know besides
     * @param chart the chart's file name; empty where there is none
     */
    static String of(Results results, Map<String, String> machine, List<String> notes, Optional<String> chart) {
        var page = new StringBuilder();
        page.append("# Measured on ").append(results.date()).append("\n\n");
        machine.forEach((name, value) ->
                page.append("- ").append(name).append(": ").append(value).append('\n'));
        notes.forEach(note -> page.append("- ").append(note).append('\n'));
        chart.ifPresent(
                file -> page.append("\n![Cold start, total](").append(file).append(")\n"));
        page.append(tables(results));
        return page.toString();
    }

    /** The tables alone, as they stand in a README too. */
    static String tables(Results results) {
        var report = new Report(results);
        return report.cold("## Cold start", false)
                + report.cold("## Cold start with the memory's share of a processor from the first event on", true)
                + report.warm();
    }

    private String cold(String title, boolean isThrottled) {
        List<List<String>> rows = new ArrayList<>();
        for (Results.Key key : results.keys()) {
            results.cold(key, isThrottled).ifPresent(cold -> rows.add(coldRow(key, cold, isThrottled)));
        }
        List<String> head = List.of(
                "variant",
                "function",
                "init ms",
                "first ms",
                "total ms",
                "min..max",
                "CPU ms init / all",
                "of Node: total / CPU",
                "of naive Java",
                "classes (parsed)",
                "peak MB",
                "zip MB");
        return rows.isEmpty() ? "" : "\n" + title + "\n\n" + table(head, rows) + repeats(isThrottled);
    }

    private String repeats(boolean isThrottled) {
        var lines = new StringBuilder();
        for (Results.Key key : results.keys()) {
            results.cold(key, isThrottled).ifPresent(cold -> {
                long runs =
                        cold.rounds().stream().filter(run -> run.repeats() > 0).count();
                if (runs > 0) {
                    lines.append("\nOf ")
                            .append(key.variant().title())
                            .append(", ")
                            .append(key.job().word());
                    lines.append(", a client lost its patience and repeated a call in ")
                            .append(runs);
                    lines.append(" of ").append(cold.rounds().size()).append(" runs.\n");
                }
            });
        }
        return lines.toString();
    }

    private List<String> coldRow(Results.Key key, Results.Cold cold, boolean isThrottled) {
        double[] total = cold.values(ColdRun::totalMs);
        var facts = results.facts(key);
        return List.of(
                key.variant().title(),
                key.job() == Job.TRIVIAL ? NOTHING : key.job().word(),
                whole(median(cold, ColdRun::initMs)),
                whole(median(cold, ColdRun::firstMs)),
                "**" + whole(Statistics.median(total)) + "**",
                whole(Statistics.min(total)) + ".." + whole(Statistics.max(total)),
                whole(median(cold, ColdRun::cpuInitMs)) + " / " + whole(median(cold, ColdRun::cpuMs)),
                ratios(key, Variants.BASES.get(0), isThrottled),
                ratios(key, Variants.BASES.get(1), isThrottled),
                facts.classes()
                        .map(classes -> classes.all() + " (" + classes.unshared() + ")")
                        .orElse(NOTHING),
                whole(median(cold, ColdRun::peakMb)),
                number("%.1f", facts.artefactBytes() / BYTES_PER_MB));
    }

    private String ratios(Results.Key key, String base, boolean isThrottled) {
        Optional<Double> total = results.ratio(key, base, isThrottled, ColdRun::totalMs);
        Optional<Double> cpu = results.ratio(key, base, isThrottled, ColdRun::cpuMs);
        return total.isEmpty() || cpu.isEmpty()
                ? NOTHING
                : number("%.2f", total.get()) + " / " + number("%.2f", cpu.get());
    }

    private String warm() {
        List<List<String>> rows = new ArrayList<>();
        for (Results.Key key : results.keys()) {
            List<WarmRun> runs = results.warm(key);
            if (!runs.isEmpty()) {
                rows.add(warmRow(key, runs));
            }
        }
        List<String> head =
                List.of("variant", "function", "overhead ms p50", "p50 of each run", "p99", "CPU ms", "memory MB");
        return rows.isEmpty() ? "" : "\n## Warm, a call\n\n" + table(head, rows);
    }

    private static List<String> warmRow(Results.Key key, List<WarmRun> runs) {
        double[] all = runs.stream()
                .flatMapToDouble(run -> Arrays.stream(run.overheadMs()))
                .toArray();
        double[] medians = runs.stream()
                .mapToDouble(run -> Statistics.median(run.overheadMs()))
                .toArray();
        return List.of(
                key.variant().title(),
                key.job() == Job.TRIVIAL ? NOTHING : key.job().word(),
                "**" + number("%.2f", Statistics.percentile(all, 0.5)) + "**",
                number("%.2f", Statistics.min(medians)) + ".." + number("%.2f", Statistics.max(medians)),
                number("%.2f", Statistics.percentile(all, 0.99)),
                number(
                        "%.2f",
                        Statistics.median(
                                runs.stream().mapToDouble(WarmRun::cpuMs).toArray())),
                whole(Statistics.median(
                        runs.stream().mapToDouble(WarmRun::memoryMb).toArray())));
    }

    private static double median(Results.Cold cold, ToDoubleFunction<ColdRun> of) {
        return Statistics.median(cold.values(of));
    }

    private static String whole(double value) {
        return number("%.0f", value);
    }

    private static String number(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }

    /** A Markdown table, its columns aligned for those who read the text. */
    static String table(List<String> head, List<List<String>> rows) {
        int[] widths = new int[head.size()];
        for (int column = 0; column < widths.length; column++) {
            int at = column;
            widths[column] = Math.max(
                    head.get(column).length(),
                    rows.stream().mapToInt(row -> row.get(at).length()).max().orElse(0));
        }
        var table = new StringBuilder(line(head, widths));
        table.append('|');
        for (int column = 0; column < widths.length; column++) {
            // Words to the left, figures to the right.
            table.append("-".repeat(widths[column] + PADDING - 1))
                    .append(column < 2 ? '-' : ':')
                    .append('|');
        }
        table.append('\n');
        rows.forEach(row -> table.append(line(row, widths)));
        return table.toString();
    }

    private static String line(List<String> cells, int[] widths) {
        var line = new StringBuilder("|");
        for (int column = 0; column < widths.length; column++) {
            String blanks = " ".repeat(widths[column] - cells.get(column).length());
            line.append(' ')
                    .append(column < 2 ? cells.get(column) + blanks : blanks + cells.get(column))
                    .append(" |");
        }
        return line.append('\n').toString();
    }
}
