package io.smstask.lambda;

import java.util.function.Consumer;

/**
 * What Lambda tells about an event.
 *
 * @param requestId the same if Lambda repeats an asynchronous call
 * @param remainingMillis until Lambda ends the function
 * @param log takes the lines of the function's log, each with its end
 */
public record Invocation(String requestId, int remainingMillis, Consumer<String> log) {}
