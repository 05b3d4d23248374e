package io.smstask.lambdaprocess;

/** A process has not done what every function's process does: start, ask for events, report. */
public final class ProcessFailed extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ProcessFailed(String message) {
        super(message);
    }
}
