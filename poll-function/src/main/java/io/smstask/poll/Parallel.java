package io.smstask.poll;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/** Does the same with each of many things, a few at a time. */
final class Parallel {

    private final int atOnce;
    private final ExecutorService threads;

    /**
     * @param atOnce with 1 the caller's own thread does it all, in order
     */
    Parallel(int atOnce) {
        this.atOnce = atOnce;
        this.threads = Executors.newFixedThreadPool(atOnce, task -> {
            Thread thread = new Thread(task, "poll");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Returns when all are done. What a step throws is thrown then. */
    <T> void forEach(List<T> things, Consumer<? super T> step) {
        if (atOnce == 1) {
            things.forEach(step);
            return;
        }
        List<Callable<Void>> calls = new ArrayList<>();
        for (T thing : things) {
            calls.add(() -> {
                step.accept(thing);
                return null;
            });
        }
        try {
            for (Future<Void> call : threads.invokeAll(calls)) {
                call.get();
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException thrown ? thrown : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("nothing interrupts a run", e);
        }
    }

    /** One of each list in turn, so that none of them takes all the time. */
    static <T> List<T> inTurn(Collection<List<T>> lists) {
        List<T> all = new ArrayList<>();
        int longest = 0;
        for (List<T> list : lists) {
            longest = Math.max(longest, list.size());
        }
        for (int i = 0; i < longest; i++) {
            for (List<T> list : lists) {
                if (i < list.size()) {
                    all.add(list.get(i));
                }
            }
        }
        return all;
    }
}
