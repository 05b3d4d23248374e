package io.smstask.send;

/**
 * Another call is sending this very task at this moment. Its full name is part of the contract: direct callers see it as
 * the error type, with the task's JSON as its message.
 */
public final class TaskInProgress extends RuntimeException {

    private static final long serialVersionUID = 1L;

    TaskInProgress(String json) {
        super(json);
    }
}
