package io.smstask.bench;

import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;

/** How far it has come, for whoever is watching. */
final class Progress implements AutoCloseable {

    /** Painting costs processor time; as seldom as this it is none of what is measured. */
    private static final int INTERVAL_MS = 1000;

    private final ProgressBar bar;

    private Progress(ProgressBar bar) {
        this.bar = bar;
    }

    static Progress of(String what, int steps) {
        return new Progress(new ProgressBarBuilder()
                .setTaskName(what)
                .setInitialMax(steps)
                .setUpdateIntervalMillis(INTERVAL_MS)
                .build());
    }

    void step() {
        bar.step();
    }

    @Override
    public void close() {
        bar.close();
    }
}
