package io.smstask.callback;

import io.smstask.task.Change;
import io.smstask.task.MessageSid;
import io.smstask.task.StatusReport;
import io.smstask.task.StoreUnavailable;
import io.smstask.task.Task;
import io.smstask.task.TaskStore;
import io.smstask.task.TaskStore.WriteResult;

/** Moves a task by what Twilio reported: one conditional write, and one more where another writer was faster. */
final class RecordStatus {

    private static final int TRIES = 2;

    private final TaskStore store;

    RecordStatus(TaskStore store) {
        this.store = store;
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
        for (int i = 0; i < TRIES; i++) {
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
