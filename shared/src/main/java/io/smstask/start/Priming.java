package io.smstask.start;

import io.smstask.lambda.Level;
import io.smstask.lambda.Log;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Work done while Lambda starts a function, at full processor speed, instead of by the first event, whose share depends
 * on the function's memory: the code runs once on an event of its own, and connections are opened. The steps run in
 * parallel. A step that fails or takes too long does not fail the start; the first event does without it.
 *
 * @see
 *     <a href="https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html">AWS: Lambda execution environment</a>
 */
public final class Priming {

    /** Lambda gives a start 10 s. */
    private static final Duration LIMIT = Duration.ofSeconds(3);

    private final Consumer<String> log;
    private final Runnable rehearsal;
    private final List<Runnable> connects;

    /**
     * @param log takes a line for each step that fails
     * @param rehearsal runs the function's code, and calls nobody
     * @param connects each opens a connection; a wrong configuration that it finds is logged before the first event
     *     comes
     */
    public Priming(Consumer<String> log, Runnable rehearsal, List<Runnable> connects) {
        this.log = log;
        this.rehearsal = rehearsal;
        this.connects = List.copyOf(connects);
    }

    /** Runs all steps, and returns when they are done or their time is over. */
    public void run() {
        List<Runnable> steps = new ArrayList<>(connects);
        steps.add(rehearsal);
        long end = System.nanoTime() + LIMIT.toNanos();
        List<Thread> threads = new ArrayList<>();
        for (Runnable step : steps) {
            Thread thread = new Thread(step, "priming");
            thread.setDaemon(true);
            thread.setUncaughtExceptionHandler(new Thread.UncaughtExceptionHandler() {
                @Override
                public void uncaughtException(Thread where, Throwable error) {
                    new Log(log)
                            .event(Level.ERROR, "priming_failed")
                            .error(error)
                            .write();
                }
            });
            thread.start();
            threads.add(thread);
        }
        try {
            for (Thread thread : threads) {
                thread.join(
                        Math.max(1, Duration.ofNanos(end - System.nanoTime()).toMillis()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
