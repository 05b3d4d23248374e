package io.smstask.callback;

import io.smstask.task.Change;
import io.smstask.task.MessageSid;
import io.smstask.task.StatusReport;
import io.smstask.task.StoreUnavailable;
import io.smstask.task.Task;
import io.smstask.task.TaskStore;
import io.smstask.task.TaskStore.WriteResult;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** Moves a task by what Twilio reported: one conditional write, and one more for each time that another writer was faster. */
final class RecordStatus {

    /** How long after the first try a further one may begin. Each takes some milliseconds, or ends in an outage. */
    static final Duration LATEST_TRY = Duration.ofMillis(400);

    /** More writers than this meet on no task, however slowly time passes. */
    static final int TRIES = 16;

    private final TaskStore store;
    private final Clock clock;

    RecordStatus(TaskStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /**
     * What became of a report.
     *
     * @param now the task as it stands after it
     */
    record Recorded(Effect effect, Task now) {}

    /** How a report was recorded. */
    enum Effect {
        /** It moved the task. */
        MOVED,
        /** It told nothing new. */
        NOTED,
        /** The task has another sid. */
        OTHER_SID,
        /** There is no such task any more. */
        GONE
    }

    /**
     * @param task as it was read just now
     * @throws StoreUnavailable if the status could not be written; the report must be repeated then
     */
    Recorded record(Task task, StatusReport report) {
        Task seen = task;
        Change change = report.changeOf(seen);
        Instant latest = clock.instant().plus(LATEST_TRY);
        for (int i = 0; i == 0 || i < TRIES && clock.instant().isBefore(latest); i++) {
            WriteResult result = store.write(seen, change);
            if (result instanceof WriteResult.Written written) {
                return recorded(written.task(), change, report.sid());
            }
            if (result instanceof WriteResult.Gone) {
                return new Recorded(Effect.GONE, seen);
            }
            seen = ((WriteResult.Overtaken) result).now();
            change = report.changeOf(seen);
        }
        if (change instanceof Change.Advance) {
            throw new StoreUnavailable("other writers were faster each time");
        }
        return recorded(seen, change, report.sid());
    }

    private static Recorded recorded(Task now, Change change, MessageSid sid) {
        if (now.sid().isPresent() && !now.sid().get().equals(sid)) {
            return new Recorded(Effect.OTHER_SID, now);
        }
        return new Recorded(change instanceof Change.Advance ? Effect.MOVED : Effect.NOTED, now);
    }
}
