package io.smstask.proof.storm;

import java.io.PrintStream;
import java.time.Duration;

/** One line that is written over again and again: how far, how fast, how long still. */
final class Progress {

    private static final long EVERY_NANOS = Duration.ofMillis(500).toNanos();

    private final PrintStream out;
    private String phase = "";
    private String unit = "";
    private int all;
    private int done;
    private long started;
    private long printed;

    Progress(PrintStream out) {
        this.out = out;
    }

    /** Begins a phase of so many units. */
    synchronized void begin(String newPhase, int units, String newUnit) {
        phase = newPhase;
        unit = newUnit;
        all = units;
        done = 0;
        started = System.nanoTime();
        print();
    }

    /** One unit is done. */
    synchronized void step() {
        done++;
        if (System.nanoTime() - printed > EVERY_NANOS) {
            print();
        }
    }

    /** Ends the phase and its line. */
    synchronized void end() {
        print();
        out.println();
    }

    private void print() {
        printed = System.nanoTime();
        double seconds = (printed - started) / 1e9;
        double rate = seconds == 0 ? 0 : done / seconds;
        String left = rate == 0 ? "" : String.format(", %.0f s left", (all - done) / rate);
        out.printf("\r%-8s %,d of %,d %s, %.0f/s%s      ", phase, done, all, unit, rate, left);
        out.flush();
    }
}
