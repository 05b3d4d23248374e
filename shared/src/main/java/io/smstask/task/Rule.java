package io.smstask.task;

/** Decides what a task becomes; applied again if another writer was faster. */
@FunctionalInterface
public interface Rule {

    /**
     * The task as it should be.
     *
     * @param seen the task as it stands
     * @return {@code seen} itself if there is nothing to write
     */
    Task appliedTo(Task seen);
}
