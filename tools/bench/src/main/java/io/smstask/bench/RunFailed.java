package io.smstask.bench;

/** A run did not do what it should: there is no figure. The message is for people, and holds the run's log. */
final class RunFailed extends RuntimeException {

    private static final long serialVersionUID = 1L;

    RunFailed(String message) {
        super(message);
    }

    RunFailed(String message, Throwable cause) {
        super(message, cause);
    }
}
