package io.smstask.bench;

import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;

/** How far it has come, for whoever is watching: a bar on a terminal, elsewhere a line now and then. */
final class Progress implements AutoCloseable {

    /** Painting costs processor time; as seldom as this it is none of what is measured. */
    private static final int BAR_MS = 1000;

    private static final int LINE_MS = 20_000;
    private static final int LINE_WIDTH = 100;

    private final ProgressBar bar;

    private Progress(ProgressBar bar) {
        this.bar = bar;
    }

    static Progress of(String what, int steps) {
        var bar = new ProgressBarBuilder().setTaskName(what).setInitialMax(steps);
        // The run script knows what its standard error is; Java from 22 on calls everything a console.
        if (Boolean.getBoolean("bench.terminal")) {
            bar.setUpdateIntervalMillis(BAR_MS);
        } else {
            bar.setUpdateIntervalMillis(LINE_MS)
                    .setConsumer(new DelegatingProgressBarConsumer(System.err::println, LINE_WIDTH));
        }
        return new Progress(bar.build());
    }

    void step() {
        bar.step();
    }

    @Override
    public void close() {
        bar.close();
    }
}
