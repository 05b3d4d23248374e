package io.smstask.local.gateway;

import io.smstask.local.template.Template;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A schedule of the template: calls its function repeatedly, one call at a time. */
public final class LocalSchedule implements AutoCloseable {

    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(task -> {
        var thread = new Thread(task, "schedule");
        thread.setDaemon(true);
        return thread;
    });

    private final Runnable call;

    private LocalSchedule(Runnable call) {
        this.call = call;
    }

    /**
     * Starts a schedule; the first call comes after one interval.
     *
     * @param log gets a line for each call that fails
     */
    public static LocalSchedule start(LocalFunction function, Template.Schedule schedule, Consumer<String> log) {
        byte[] event = schedule.input().getBytes(StandardCharsets.UTF_8);
        var started = new LocalSchedule(() -> call(function, event, log));
        long seconds = schedule.every().toSeconds();
        started.executor.scheduleWithFixedDelay(started.call, seconds, seconds, TimeUnit.SECONDS);
        return started;
    }

    /** Calls now as well, on its own thread. */
    public void runNow() {
        executor.execute(call);
    }

    private static void call(LocalFunction function, byte[] event, Consumer<String> log) {
        try {
            function.invoke(event);
        } catch (IOException | RuntimeException e) { // would end the schedule
            log.accept("the scheduled call failed: " + e.getClass().getName());
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
