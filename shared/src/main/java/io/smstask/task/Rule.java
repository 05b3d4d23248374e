package io.smstask.task;

/** What is to become of a task, whoever has written it in the meantime. */
@FunctionalInterface
public interface Rule {

    /**
     * The task as it should be.
     *
     * @param seen the task as it stands
     * @return {@code seen} itself where there is nothing to write
     */
    Task appliedTo(Task seen);
}
