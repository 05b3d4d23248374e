package io.smstask.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Bars as SVG, readable on light and on dark pages. */
final class Chart {

    private static final int WIDTH = 760;
    private static final int LEFT = 250;
    private static final int RIGHT = 90;
    private static final int BAR = 18;
    private static final int STEP = 26;
    private static final int HEAD = 40;
    private static final int GROUP_HEAD = 30;

    private static final String STYLE = """
            text { font: 13px system-ui, sans-serif; fill: #1f2328 }
            .group { font-weight: 600 }
            .init { fill: #4c8fd6 }
            .first { fill: #e0913a }
            .range { stroke: #57606a; stroke-width: 1 }
            @media (prefers-color-scheme: dark) { text { fill: #e6edf3 } .range { stroke: #9da7b1 } }
            """;

    private Chart() {}

    /**
     * One bar: the two parts are stacked, the range is a line over the end.
     *
     * @param from the fastest total
     * @param to the slowest total
     */
    record Bar(String label, double init, double first, double from, double to) {
        double total() {
            return init + first;
        }
    }

    /** Bars under a heading. */
    record Group(String title, List<Bar> bars) {
        Group {
            bars = List.copyOf(bars);
        }
    }

    /** The total of a cold start of each variant, by function. */
    static String of(Results results, Setting setting) {
        List<Group> groups = new ArrayList<>();
        for (Job job : Job.values()) {
            List<Bar> bars = new ArrayList<>();
            for (Results.Key key : results.keys()) {
                if (key.job() == job) {
                    results.cold(key, setting)
                            .ifPresent(cold -> bars.add(bar(key.variant().title(), cold)));
                }
            }
            if (!bars.isEmpty()) {
                groups.add(new Group(job == Job.TRIVIAL ? "the runtime alone" : job.word(), bars));
            }
        }
        return svg("Cold start, ms, " + setting.title() + ", measured here, not on Lambda", groups);
    }

    private static Bar bar(String label, Results.Cold cold) {
        double[] total = cold.values(ColdRun::totalMs);
        double init = Statistics.median(cold.values(ColdRun::initMs));
        return new Bar(
                label,
                init,
                // The parts of medians do not add up; the total is what is told.
                Math.max(0, Statistics.median(total) - init),
                Statistics.min(total),
                Statistics.max(total));
    }

    static String svg(String title, List<Group> groups) {
        double longest = groups.stream()
                .flatMap(group -> group.bars().stream())
                .mapToDouble(bar -> Math.max(bar.total(), bar.to()))
                .max()
                .orElse(1);
        double scale = (WIDTH - LEFT - RIGHT) / longest;
        var body = new StringBuilder();
        text(body, 0, 16, "group", "start", title);
        legend(body);
        int y = HEAD;
        for (Group group : groups) {
            text(body, 0, y + GROUP_HEAD - 10, "group", "start", group.title());
            y += GROUP_HEAD;
            for (Bar bar : group.bars()) {
                bar(body, bar, y, scale);
                y += STEP;
            }
        }
        return """
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img" aria-label="%s">
                <style>
                %s</style>
                %s</svg>
                """.formatted(WIDTH, y, escaped(title), STYLE, body);
    }

    private static void legend(StringBuilder body) {
        rectangle(body, LEFT + 240, 5, BAR, "init");
        text(body, LEFT + 264, 17, "", "start", "init");
        rectangle(body, LEFT + 320, 5, BAR, "first");
        text(body, LEFT + 344, 17, "", "start", "first event");
    }

    private static void bar(StringBuilder body, Bar bar, int y, double scale) {
        double init = bar.init() * scale;
        double end = bar.total() * scale;
        text(body, LEFT - 8, y + BAR - 4, "", "end", bar.label());
        rectangle(body, LEFT, y, init, "init");
        rectangle(body, LEFT + init, y, end - init, "first");
        body.append(String.format(
                Locale.ROOT,
                "<line class=\"range\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>%n",
                LEFT + bar.from() * scale,
                LEFT + bar.to() * scale,
                y + BAR / 2,
                y + BAR / 2));
        double afterwards = Math.max(end, bar.to() * scale);
        text(body, LEFT + afterwards + 6, y + BAR - 4, "", "start", String.format(Locale.ROOT, "%.0f", bar.total()));
    }

    private static void rectangle(StringBuilder body, double x, double y, double width, String style) {
        body.append(String.format(
                Locale.ROOT,
                "<rect class=\"%s\" x=\"%.1f\" y=\"%.0f\" width=\"%.1f\" height=\"%d\"/>%n",
                style,
                x,
                y,
                width,
                BAR));
    }

    private static void text(StringBuilder body, double x, double y, String style, String anchor, String content) {
        body.append(String.format(
                Locale.ROOT,
                "<text class=\"%s\" x=\"%.1f\" y=\"%.0f\" text-anchor=\"%s\">%s</text>%n",
                style,
                x,
                y,
                anchor,
                escaped(content)));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
