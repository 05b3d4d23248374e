package io.smstask.task;

import java.time.Clock;
import java.time.Duration;

/** Moves a task by what Twilio reported: one conditional write, and one more for each time that another writer was faster. */
public final class RecordStatus {

    /** How long after the first try a further one may begin. Each takes some milliseconds, or ends in an outage. */
    public static final Duration LATEST_TRY = Duration.ofMillis(400);

    private final Recorder recorder;

    /** Records in this store, by this clock. */
    public RecordStatus(TaskStore store, Clock clock) {
        this.recorder = new Recorder(store, clock, LATEST_TRY);
    }

    /**
     * What became of a report.
     *
     * @param now the task as it stands after it
     */
    public record Recorded(Effect effect, Task now) {}

    /** How a report was recorded. */
    public enum Effect {
        /** It moved the task. */
        MOVED,
        /** It told nothing new. */
        NOTED,
        /** The task has another sid. */
        OTHER_SID,
        /** There is no such task any more, or no more of it than a tombstone. */
        GONE
    }

    /**
     * Applies the report to the task, and writes what comes of it.
     *
     * @param task as it was read just now
     * @throws StoreUnavailable if the status could not be written; the report must be repeated then
     */
    public Recorded record(Task task, StatusReport report) {
        Recorder.RecordResult recorded = recorder.record(task, report);
        if (recorded.failure().isPresent()) {
            throw recorded.failure().get();
        }
        if (recorded.effect() == Recorder.WriteEffect.GONE) {
            return new Recorded(Effect.GONE, recorded.seen());
        }
        Task now = recorded.now();
        if (now.isErased()) {
            return new Recorded(Effect.GONE, now);
        }
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
