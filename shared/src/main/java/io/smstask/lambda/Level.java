package io.smstask.lambda;

/** How much a log line matters. */
public enum Level {
    /** What happens all the time. */
    INFO,
    /** Worth a look if there are many: an outage, a refused callback, an account at rest. */
    WARN,
    /** Somebody must do something: a bug, a wrong configuration, a dead letter. */
    ERROR
}
