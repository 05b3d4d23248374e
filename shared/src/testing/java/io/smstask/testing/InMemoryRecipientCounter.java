package io.smstask.testing;

import io.smstask.task.RecipientCounter;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Counts in memory, for tests of the use cases. It passes the same contract as the real one. */
public final class InMemoryRecipientCounter implements RecipientCounter {

    private final Map<String, Set<String>> attempts = new HashMap<>();

    @Override
    public synchronized boolean takePlace(String recipient, String attempt, int places, Instant end) {
        Set<String> placed = attempts.computeIfAbsent(recipient, unseen -> new HashSet<>());
        return placed.contains(attempt) || placed.size() < places && placed.add(attempt);
    }

    /** Under what the recipients were counted. */
    public synchronized Set<String> recipients() {
        return Set.copyOf(attempts.keySet());
    }
}
