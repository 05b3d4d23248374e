package io.smstask.poll;

import java.time.Duration;
import java.util.Locale;

/** The simulations at full size, as a table. An outcome that breaks a promise ends it. */
final class PollSimulationMain {

    private PollSimulationMain() {}

    public static void main(String[] args) {
        System.out.println("| trouble | tasks | latest first look | … beside | worst delay of an end | … beside"
                + " | caught up after | told after | looks | pages | messages | dead letters | no lease |");
        System.out.println("| --- |" + " ---: |".repeat(12));
        for (PollScenario scenario : PollScenario.values()) {
            long start = System.nanoTime();
            PollOutcome outcome = scenario.run(scenario.length());
            System.out.println(row(scenario.title(), outcome));
            System.err.println(scenario + ": "
                    + Duration.ofNanos(System.nanoTime() - start).toSeconds() + " s");
            scenario.check(outcome);
        }
    }

    private static String row(String title, PollOutcome outcome) {
        return String.format(
                Locale.ROOT,
                "| %s | %,d | %s | %s | %s | %s | %s | %s | %,d | %,d | %,d | %,d | %,d |",
                title,
                outcome.tasks(),
                minutes(outcome.firstLook()),
                minutes(outcome.firstLookBeside()),
                minutes(outcome.endDelay()),
                minutes(outcome.endDelayBeside()),
                minutes(outcome.caughtUp()),
                minutes(outcome.told()),
                outcome.looks(),
                outcome.pages(),
                outcome.leased(),
                outcome.deadLetters(),
                outcome.setAside());
    }

    private static String minutes(Duration time) {
        return time.isZero() ? "" : String.format(Locale.ROOT, "%.1f min", time.toMillis() / 60_000.0);
    }
}
