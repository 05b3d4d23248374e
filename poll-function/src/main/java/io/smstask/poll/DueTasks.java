package io.smstask.poll;

import io.smstask.lambda.FailureCounts;
import io.smstask.task.StoreUnavailable;
import io.smstask.task.TaskIndex.Due;
import java.util.Comparator;
import java.util.Iterator;
import java.util.Optional;
import java.util.PriorityQueue;

/** Merges the parts of the index, each of which is in order, into one order. A part that fails is left out. */
final class DueTasks {

    /** After so many parts without an answer, no other one is asked. */
    private static final int MOST_FAILURES = 3;

    private final FailureCounts failures;
    private final PriorityQueue<Head> heads =
            new PriorityQueue<>(Comparator.comparing(head -> head.task().pollAt()));
    private int failed;

    private record Head(Due task, Iterator<Due> rest) {}

    DueTasks(FailureCounts failures) {
        this.failures = failures;
    }

    /** Reads the next task of a part; several threads may do so at once, for different parts. */
    void read(Iterator<Due> part) {
        if (isGivenUp()) {
            return;
        }
        try {
            if (part.hasNext()) {
                add(new Head(part.next(), part));
            }
        } catch (StoreUnavailable e) {
            fail(e);
        }
    }

    private synchronized boolean isGivenUp() {
        return failed >= MOST_FAILURES;
    }

    /** Whether a part is left out. */
    synchronized boolean hasFailed() {
        return failed > 0;
    }

    /** Leaves out a part, or all of them. */
    synchronized void fail(StoreUnavailable outage) {
        failures.add(outage.code(), outage);
        failed++;
    }

    private synchronized void add(Head head) {
        heads.add(head);
    }

    /** The task that has been due for longest, of those that are left. */
    synchronized Optional<Due> next() {
        Optional<Head> head = Optional.ofNullable(heads.poll());
        head.ifPresent(one -> read(one.rest()));
        return head.map(Head::task);
    }
}
