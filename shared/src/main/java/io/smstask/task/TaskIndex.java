package io.smstask.task;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Finds tasks by something else than their id. An index lags the table, so what it says is to be read back from the
 * {@link TaskStore}. All methods throw {@link StoreUnavailable} if the index does not answer in time, or {@link Misconfigured}
 * if it refuses.
 */
public interface TaskIndex {

    /** The task with this message. For a moment, a task just recorded is not found. */
    Optional<TaskId> bySid(MessageSid sid);

    /**
     * The tasks of one kind that are due for a poll, by the parts of the index, the longest wait of each part first. A task may
     * have moved on. Pages are read while an iterator runs, and its methods throw like the others; it can be used from one
     * thread at a time, and different ones from several at once.
     *
     * @param isTime asked before each read: without time, an iterator ends
     */
    List<Iterator<Due>> due(PollKind kind, Instant now, BooleanSupplier isTime);

    /**
     * A task that is due for a poll.
     *
     * @param pollAt {@link Task#pollAt} as it is stored, in milliseconds since 1970; somebody else may have written it
     */
    record Due(TaskId id, BigDecimal pollAt) {}

    /**
     * The tasks that may have sent to one recipient at about the same time, whatever their outcome. A task
     * claimed a moment ago may be missing, and each may have moved on.
     *
     * @param matchKey {@link Match#key}
     * @param from the earliest {@link Claim#callDeadline()}
     * @param until the latest {@link Claim#callDeadline()}
     * @param limit how many at most
     */
    List<TaskId> neighbours(String matchKey, Instant from, Instant until, int limit);
}
