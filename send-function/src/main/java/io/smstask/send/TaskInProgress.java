package io.smstask.send;

/**
 * Another call is sending this task at the moment. Its full class name is part of the contract: direct callers see it
 * as the error type, with the error's JSON as its message.
 */
public final class TaskInProgress extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** The {@code code} by which callers know this error. */
    public static final String CODE = "task_in_progress";

    TaskInProgress(String json) {
        super(json);
    }
}
