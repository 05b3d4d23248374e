package io.smstask.lambdaprocess;

/**
 * What a function's runtime reported of an event. Times are of {@link System#nanoTime}.
 *
 * @param isError whether it was an error; then the body is Lambda's error JSON
 * @param handedOut when the event was handed to the runtime
 * @param received when the whole report was there
 */
public record Reported(boolean isError, String body, long handedOut, long received) {

    /** A report without times. */
    public Reported(boolean isError, String body) {
        this(isError, body, 0, 0);
    }
}
