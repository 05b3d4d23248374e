package io.smstask.send;

/**
 * The task id belongs to a task with other parameters. Its full class name is part of the contract: direct callers see
 * it as the error type, with the error's JSON as its message.
 */
public final class TaskConflict extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** The {@code code} by which callers know this error. */
    public static final String CODE = "task_conflict";

    TaskConflict(String json) {
        super(json);
    }
}
