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
        page.append("# Measured on ").append(results.date()).append(", here and not on Lambda\n\n");
        machine.forEach((name, value) ->
                page.append("- ").append(name).append(": ").append(value).append('\n'));
        notes.forEach(note -> page.append("- ").append(note).append('\n'));
        chart.ifPresent(file -> page.append("\n![Cold start, total, measured here, not on Lambda](")
                .append(file)
                .append(")\n"));
        page.append(summary(results, machine.getOrDefault(Machine.COMMIT, "")));
        page.append(tables(results));
        return page.toString();
    }

    /** The tables alone, as they stand in a README too. */
    static String tables(Results results) {
        var report = new Report(results);
        var tables = new StringBuilder();
        results.settings().forEach(setting -> tables.append(report.cold(setting)));
        return tables.append(report.warm()).toString();
    }

    /**
     * The most important figures, for the project's README; empty where no start was measured.
     *
     * @param commit what was measured
     */
    static String summary(Results results, String commit) {
        return results.headline()
                .map(setting -> new Report(results).summary(setting, commit))
                .orElse("");
    }

    private String summary(Setting headline, String commit) {
        List<String> head = new ArrayList<>(
                List.of("variant", "function", "init ms", "first ms", "total ms", "of Node: total / CPU"));
        List<Setting> others = results.settings().stream()
                .filter(setting -> !setting.equals(headline))
                .toList();
        others.forEach(setting -> head.addAll(
                setting.isThrottled()
                        ? List.of("first, throttled, ms")
                        : List.of(setting.title() + ": total ms", "of Node: total / CPU")));
        head.addAll(List.of("warm CPU ms", "zip MB"));
        List<List<String>> rows = new ArrayList<>();
        for (Results.Key key : results.keys()) {
            results.cold(key, headline).ifPresent(cold -> rows.add(summaryRow(key, cold, headline, others)));
        }
        return "\n## In short\n\nMeasured here, not on Lambda, at commit " + commit
                + ". From the start of the process to"
                + " the first event's answer, on " + headline.title() + "; medians of "
                + results.cold(results.keys().get(0), headline)
                        .map(cold -> cold.rounds().size())
                        .orElse(0)
                + " rounds.\n\n" + table(head, rows);
    }

    private List<String> summaryRow(Results.Key key, Results.Cold cold, Setting headline, List<Setting> others) {
        List<String> row = new ArrayList<>(List.of(
                key.variant().title(),
                function(key),
                whole(median(cold, ColdRun::initMs)),
                whole(median(cold, ColdRun::firstMs)),
                "**" + whole(median(cold, ColdRun::totalMs)) + "**",
                ratios(key, Variants.BASES.get(0), headline)));
        for (Setting setting : others) {
            var there = results.cold(key, setting);
            if (setting.isThrottled()) {
                row.add(there.map(run -> whole(median(run, ColdRun::firstMs))).orElse(NOTHING));
            } else {
                row.add(there.map(run -> whole(median(run, ColdRun::totalMs))).orElse(NOTHING));
                row.add(ratios(key, Variants.BASES.get(0), setting));
            }
        }
        row.add(results.warm(key).isEmpty() ? NOTHING : warmCpu(results.warm(key)));
        row.add(number("%.1f", results.facts(key).artefactBytes() / BYTES_PER_MB));
        return row;
    }

    private static String function(Results.Key key) {
        return key.job() == Job.TRIVIAL ? NOTHING : key.job().word();
    }

    private static String warmCpu(List<WarmRun> runs) {
        return number(
                "%.2f",
                Statistics.median(runs.stream().mapToDouble(WarmRun::cpuMs).toArray()));
    }

    private String cold(Setting setting) {
        List<List<String>> rows = new ArrayList<>();
        for (Results.Key key : results.keys()) {
            results.cold(key, setting).ifPresent(cold -> rows.add(coldRow(key, cold, setting)));
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
        return "\n## Cold start, " + setting.title() + "\n\n" + table(head, rows) + repeats(setting);
    }

    private String repeats(Setting setting) {
        var lines = new StringBuilder();
        for (Results.Key key : results.keys()) {
            results.cold(key, setting).ifPresent(cold -> {
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

    private List<String> coldRow(Results.Key key, Results.Cold cold, Setting setting) {
        double[] total = cold.values(ColdRun::totalMs);
        var facts = results.facts(key);
        return List.of(
                key.variant().title(),
                function(key),
                whole(median(cold, ColdRun::initMs)),
                whole(median(cold, ColdRun::firstMs)),
                "**" + whole(Statistics.median(total)) + "**",
                whole(Statistics.min(total)) + ".." + whole(Statistics.max(total)),
                whole(median(cold, ColdRun::cpuInitMs)) + " / " + whole(median(cold, ColdRun::cpuMs)),
                ratios(key, Variants.BASES.get(0), setting),
                ratios(key, Variants.BASES.get(1), setting),
                facts.classes()
                        .map(classes -> classes.all() + " (" + classes.unshared() + ")")
                        .orElse(NOTHING),
                whole(median(cold, ColdRun::peakMb)),
                number("%.1f", facts.artefactBytes() / BYTES_PER_MB));
    }

    private String ratios(Results.Key key, String base, Setting setting) {
        Optional<Double> total = results.ratio(key, base, setting, ColdRun::totalMs);
        Optional<Double> cpu = results.ratio(key, base, setting, ColdRun::cpuMs);
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
                function(key),
                "**" + number("%.2f", Statistics.percentile(all, 0.5)) + "**",
                number("%.2f", Statistics.min(medians)) + ".." + number("%.2f", Statistics.max(medians)),
                number("%.2f", Statistics.percentile(all, 0.99)),
                warmCpu(runs),
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
