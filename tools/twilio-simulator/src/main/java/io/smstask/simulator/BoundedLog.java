package io.smstask.simulator;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * The latest entries of a log, oldest first. The bound keeps a simulator that runs for days from filling the memory.
 */
final class BoundedLog<T> {
    private static final int KEPT = 100_000;

    private final Deque<T> entries = new ArrayDeque<>();

    /** {@return the entry that was dropped for the new one} */
    synchronized Optional<T> add(T entry) {
        entries.addLast(entry);
        return entries.size() > KEPT ? Optional.of(entries.removeFirst()) : Optional.empty();
    }

    synchronized void remove(T entry) {
        entries.remove(entry);
    }

    synchronized void clear() {
        entries.clear();
    }

    synchronized List<T> all() {
        return List.copyOf(entries);
    }
}
