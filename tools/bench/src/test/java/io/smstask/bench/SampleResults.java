package io.smstask.bench;

import java.time.LocalDate;
import java.util.Map;
import java.util.Optional;

/** Results with round figures: Node takes 200 ms, naive Java 800 ms, ours 100 ms; the second round is half as slow again. */
final class SampleResults {

    static final Results.Key NODE = key("node", "Node 20, bundled", Job.SEND);
    static final Results.Key NAIVE = key("naive-java", "Java as usual", Job.SEND);
    static final Results.Key OURS = key("smstask", "smstask <ours>", Job.SEND);
    static final Results.Key TRIVIAL = key("trivial-java", "Java, nothing to do", Job.TRIVIAL);

    static final Setting ONE = new Setting(1, false);
    static final Setting THROTTLED = new Setting(1, true);
    static final Setting TWO = new Setting(2, false);

    private SampleResults() {}

    static Results coldAndWarm() {
        var results = new Results(LocalDate.of(2026, 11, 24));
        results.add(NODE, new Results.Facts(1_048_576, Optional.empty()));
        results.add(NAIVE, new Results.Facts(31_457_280, Optional.of(new LoadedClasses(7000, 5600))));
        results.add(OURS, new Results.Facts(5_242_880, Optional.of(new LoadedClasses(1700, 500))));
        results.add(TRIVIAL, new Results.Facts(1000, Optional.of(new LoadedClasses(1100, 160))));
        for (double slower : new double[] {1, 1.5, 1}) {
            results.addCold(NODE, ONE, run(150 * slower, 50 * slower));
            results.addCold(NAIVE, ONE, run(500 * slower, 300 * slower));
            results.addCold(OURS, ONE, run(60 * slower, 40 * slower));
            results.addCold(TRIVIAL, ONE, run(60 * slower, 5 * slower));
            results.addCold(NODE, THROTTLED, run(150 * slower, 80 * slower));
            results.addCold(OURS, THROTTLED, run(60 * slower, 70 * slower));
            results.addCold(NODE, TWO, run(100 * slower, 50 * slower));
            results.addCold(OURS, TWO, run(30 * slower, 30 * slower));
        }
        results.addWarm(OURS, new WarmRun(new double[] {1, 2, 3}, 0.5, 80));
        results.addWarm(OURS, new WarmRun(new double[] {1, 4, 9}, 0.7, 90));
        return results;
    }

    private static Results.Key key(String name, String title, Job job) {
        return new Results.Key(new Variant(name, title, Map.of()), job);
    }

    private static ColdRun run(double init, double first) {
        return new ColdRun(init, first, init + first, init / 2, (init + first) / 2, 64, first == 450 ? 1 : 0);
    }
}
