package io.smstask.send;

import io.smstask.task.Recorder;
import io.smstask.task.Rule;
import io.smstask.task.StoreUnavailable;
import io.smstask.task.Task;
import io.smstask.task.TaskId;
import io.smstask.task.TaskStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** Erases a task that has ended: what is left shows that it existed and how it ended. */
final class EraseTask {

    /** When the last write may begin. */
    private static final Duration LATEST_TRY = Duration.ofSeconds(4);

    private final TaskStore store;
    private final Recorder recorder;
    private final Clock clock;

    EraseTask(TaskStore store, Clock clock) {
        this.store = store;
        this.recorder = new Recorder(store, clock, LATEST_TRY);
        this.clock = clock;
    }

    /**
     * Erases the task, unless an SMS may still be reported or looked for.
     *
     * @return the task as it stands now; empty if there is none
     * @throws StoreUnavailable if it could not be erased now
     */
    Optional<Task> erase(TaskId id) {
        Optional<Task> found = store.find(id);
        if (found.isEmpty()) {
            return found;
        }
        Instant at = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Recorder.RecordResult result = recorder.record(found.get(), new Rule() {
            @Override
            public Task appliedTo(Task seen) {
                return !seen.isErased() && seen.mayBeErased(at) ? seen.erased(at) : seen;
            }
        });
        if (result.failure().isPresent()) {
            throw result.failure().get();
        }
        return switch (result.effect()) {
            case WRITTEN, UNCHANGED -> Optional.of(result.now().seenAt(at));
            case GONE -> Optional.empty();
            case OVERTAKEN, FAILED -> throw new StoreUnavailable("other writers were faster each time");
        };
    }
}
