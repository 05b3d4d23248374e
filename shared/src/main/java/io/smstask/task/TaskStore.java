package io.smstask.task;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Keeps the tasks, one item each. Every write is conditional, so that of two writers neither undoes the other; every read
 * is consistent. All methods throw {@link StoreUnavailable} when the store does not answer in time, or {@link Misconfigured}
 * where it refuses, and those that give a task throw {@link UnreadableTask} where the item is none.
 */
public interface TaskStore {

    /**
     * Claims a new task: writes it if there is none of its id. A claim whose answer was lost, or that was written twice,
     * recognises itself by its {@link Claim#id()}.
     *
     * <p>Where it is not known whether the claim was written, it is released: in one write the task becomes one that the same
     * call can run, so that the claim finds its own condition broken if it arrives after all.
     *
     * @throws StoreUnavailable if the task was released, or could not be: Twilio must not be called then
     */
    ClaimResult claim(Task task);

    /**
     * Claims a task for a further attempt, if it {@link Task#mayRunAgain()} and nobody else was faster. It is released like a
     * first claim.
     *
     * @param seen the stored task
     * @param again the same with its next claim, from {@link Task#claimedAgain}
     * @throws StoreUnavailable as {@link #claim} does
     */
    ClaimResult claimAgain(Task seen, Task again);

    /**
     * Writes a task over the one that was seen, if nobody has written since: same claim, same {@link Task#revision}. Only what
     * differs between the two is written, and nothing where that is nothing. A write whose answer was lost, or that was
     * repeated, recognises itself.
     *
     * @param next what {@code seen} is to become, of the same id and claim
     */
    WriteResult replace(Task seen, Task next);

    /** The task of that id. */
    Optional<Task> find(TaskId id);

    /** The task of that message. The index follows the table: a task just recorded may not be found for a moment. */
    Optional<Task> findBySid(MessageSid sid);

    /**
     * The tasks that are to be looked at, those that have waited longest first. The index follows the table: a task may have
     * moved on since.
     *
     * @param limit how many at most
     */
    List<TaskId> toPoll(Instant now, int limit);

    /**
     * The tasks that may have sent to one recipient at about one time, whatever became of them. The index follows the table:
     * a task claimed a moment ago may be missing, and each may have moved on.
     *
     * @param matchKey {@link Match#key}
     * @param from the earliest {@link Claim#callDeadline()}
     * @param until the latest {@link Claim#callDeadline()}
     * @param limit how many at most
     */
    List<TaskId> neighbours(String matchKey, Instant from, Instant until, int limit);

    /**
     * Lets a task that cannot be read be looked at later, so that it does not stand before the others for ever. Nothing of
     * the item is read; nothing is written where the task is not to be looked at by now.
     */
    void setAside(TaskId id, Instant now, Instant until);

    /** How a claim ended. */
    sealed interface ClaimResult {

        /** The task that has the id. */
        Task task();

        /** The task is the caller's to send. */
        record Claimed(Task task) implements ClaimResult {}

        /** The id is taken; this is the task that has it. */
        record Taken(Task task) implements ClaimResult {}
    }

    /** How a conditional write ended. */
    sealed interface WriteResult {

        /** It is stored; this is the task as it stands now. */
        record Written(Task task) implements WriteResult {}

        /** The task has moved on since it was read: it stands like this now. */
        record Overtaken(Task now) implements WriteResult {}

        /** There is no such task any more. */
        record Gone() implements WriteResult {}
    }
}
