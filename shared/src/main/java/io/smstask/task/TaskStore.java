package io.smstask.task;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Stores the tasks, one item each. Every write is conditional, so no writer undoes another; every read of a task is
 * consistent. All methods throw {@link StoreUnavailable} if the store does not answer in time, or {@link Misconfigured}
 * if it refuses; those that return a task throw {@link UnreadableTask} if the item is not one.
 */
public interface TaskStore {

    /** This store with one time limit, which begins now, for all calls together; a store in memory needs none. */
    default TaskStore within(Duration limit) {
        return this;
    }

    /**
     * Claims a new task: writes it if its id is free. A claim whose answer was lost, or that was written twice, is
     * recognised by its {@link Claim#id()}.
     *
     * <p>If it is unknown whether the claim was written, it is released: one write makes the task runnable by the same
     * call, so that a claim that arrives late fails its condition.
     *
     * @throws StoreUnavailable if the claim was released or could not be; Twilio must not be called then
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
     * Writes a task over the one that was seen, if nobody has written since: same claim, same {@link Task#revision}.
     * Only the difference is written; if there is none, nothing is. A write whose answer was lost, or that was
     * repeated, is recognised.
     *
     * @param next what {@code seen} becomes, with the same id and claim
     */
    WriteResult replace(Task seen, Task next);

    /** The task with this id. */
    Optional<Task> find(TaskId id);

    /**
     * Moves a task's poll to another time, if it is still at the time that was seen. The task is not read, so this works for
     * an unreadable one, too.
     *
     * @param seen {@link Task#pollAt} as it is stored, in milliseconds since 1970
     */
    Rescheduled reschedule(TaskId id, BigDecimal seen, Instant to);

    /** How moving a poll ended. */
    sealed interface Rescheduled {

        /** Does what the case asks for: a forgotten case does not compile. */
        void match(Consumer<Moved> moved, Runnable overtaken, Runnable refused);

        /**
         * It is at the new time. What the item does not show is empty.
         *
         * @param dueAt {@link Task#dueAt()}
         */
        record Moved(Optional<AccountSid> account, Optional<Instant> dueAt) implements Rescheduled {

            @Override
            public void match(Consumer<Moved> moved, Runnable overtaken, Runnable refused) {
                moved.accept(this);
            }
        }

        /** The task has moved on since it was seen, is done, or no longer exists. */
        record Overtaken() implements Rescheduled {

            @Override
            public void match(Consumer<Moved> moved, Runnable overtaken, Runnable refused) {
                overtaken.run();
            }
        }

        /** The store does not take a write of this item, for instance since it is as large as an item may be. */
        record Refused() implements Rescheduled {

            @Override
            public void match(Consumer<Moved> moved, Runnable overtaken, Runnable refused) {
                refused.run();
            }
        }
    }

    /** How a claim ended. */
    sealed interface ClaimResult {

        /** The task that has the id. */
        Task task();

        /** The task is claimed and must be sent by this call. */
        record Claimed(Task task) implements ClaimResult {}

        /** The id is taken by this task. */
        record Taken(Task task) implements ClaimResult {}
    }

    /** How a conditional write ended. */
    sealed interface WriteResult {

        /** Whether the store has what was to be written. */
        boolean isWritten();

        /** The task as it stands now; empty if it no longer exists. */
        Optional<Task> stored();

        /** It is stored; this is the task as it stands now. */
        record Written(Task task) implements WriteResult {

            @Override
            public boolean isWritten() {
                return true;
            }

            @Override
            public Optional<Task> stored() {
                return Optional.of(task);
            }
        }

        /** The task has moved on since it was read; this is how it stands now. */
        record Overtaken(Task now) implements WriteResult {

            @Override
            public boolean isWritten() {
                return false;
            }

            @Override
            public Optional<Task> stored() {
                return Optional.of(now);
            }
        }

        /** The task no longer exists. */
        record Gone() implements WriteResult {

            @Override
            public boolean isWritten() {
                return false;
            }

            @Override
            public Optional<Task> stored() {
                return Optional.empty();
            }
        }
    }
}
