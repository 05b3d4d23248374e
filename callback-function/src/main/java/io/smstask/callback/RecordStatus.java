package io.smstask.callback;

import io.smstask.task.Recorder;
import io.smstask.task.StatusReport;
import io.smstask.task.StoreUnavailable;
import io.smstask.task.Task;
import io.smstask.task.TaskStore;
import java.time.Clock;
import java.time.Duration;

/** Moves a task by what Twilio reported: one conditional write, and one more for each time that another writer was faster. */
final class RecordStatus {

    /** How long after the first try a further one may begin. Each takes some milliseconds, or ends in an outage. */
    static final Duration LATEST_TRY = Duration.ofMillis(400);

    private final Recorder recorder;

    RecordStatus(TaskStore store, Clock clock) {
        this.recorder = new Recorder(store, clock, LATEST_TRY);
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
        Recorder.Recorded recorded = recorder.record(task, report);
        if (recorded.failure().isPresent()) {
            throw recorded.failure().get();
        }
        if (recorded.effect() == Recorder.Effect.GONE) {
            return new Recorded(Effect.GONE, recorded.seen());
        }
        Task now = recorded.now();
        boolean isMoved = !now.status().equals(recorded.seen().status())
                || now.node() != recorded.seen().node();
        if (isMoved && !recorded.isStored()) {
            throw new StoreUnavailable("other writers were faster each time");
        }
        if (now.sid().isPresent() && !now.sid().get().equals(report.sid())) {
            return new Recorded(Effect.OTHER_SID, now);
        }
        return new Recorded(isMoved ? Effect.MOVED : Effect.NOTED, now);
    }
}
