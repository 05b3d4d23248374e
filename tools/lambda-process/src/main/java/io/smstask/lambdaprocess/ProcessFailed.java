package io.smstask.lambdaprocess;

/** A process did not start, did not ask for an event, or did not report. */
public final class ProcessFailed extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ProcessFailed(String message) {
        super(message);
    }
}
