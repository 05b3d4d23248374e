package io.smstask.task;

import io.smstask.task.TaskStore.WriteResult;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Applies a rule to a task and writes the result; if another writer was faster, tries again on the task as it stands
 * now.
 */
public final class Recorder {

    /** Ends the tries even if the clock stands still; so many writers never meet on one task. */
    public static final int TRIES = 16;

    private final TaskStore store;
    private final Clock clock;
    private final Duration latestTry;

    /**
     * @param latestTry how long after the first try the last one may begin; a try takes some milliseconds or ends in an
     *     outage
     */
    public Recorder(TaskStore store, Clock clock, Duration latestTry) {
        this.store = store;
        this.clock = clock;
        this.latestTry = latestTry;
    }

    /**
     * How recording ended.
     *
     * @param seen the task that the rule was last applied to
     * @param now the task as stored; if that is unknown, as the rule would have it
     * @param failure why it could not be written, if the store failed
     */
    public record RecordResult(WriteEffect effect, Task seen, Task now, Optional<RuntimeException> failure) {

        /** Whether the store has {@link #now}. */
        public boolean isStored() {
            return effect == WriteEffect.WRITTEN || effect == WriteEffect.UNCHANGED;
        }
    }

    /** What became of the write. */
    public enum WriteEffect {
        WRITTEN,
        /** There was nothing to write. */
        UNCHANGED,
        /** Other writers were faster each time. */
        OVERTAKEN,
        /** The task no longer exists. */
        GONE,
        /** The store is unavailable, or the item cannot be read. */
        FAILED
    }

    /**
     * @param task as it was read, or claimed
     */
    public RecordResult record(Task task, Rule rule) {
        Task seen = task;
        Instant latest = clock.instant().plus(latestTry);
        for (int i = 0; i == 0 || i < TRIES && clock.instant().isBefore(latest); i++) {
            Task next = rule.appliedTo(seen);
            if (next == seen) {
                return new RecordResult(WriteEffect.UNCHANGED, seen, seen, Optional.empty());
            }
            try {
                WriteResult result = store.replace(seen, next);
                Optional<Task> stored = result.stored();
                if (stored.isEmpty()) {
                    return new RecordResult(WriteEffect.GONE, seen, next, Optional.empty());
                }
                if (result.isWritten()) {
                    return new RecordResult(WriteEffect.WRITTEN, seen, stored.get(), Optional.empty());
                }
                seen = stored.get();
            } catch (StoreUnavailable | UnreadableTask e) {
                return new RecordResult(WriteEffect.FAILED, seen, next, Optional.of(e));
            }
        }
        Task next = rule.appliedTo(seen);
        return new RecordResult(
                next == seen ? WriteEffect.UNCHANGED : WriteEffect.OVERTAKEN, seen, next, Optional.empty());
    }
}
