package io.smstask.testing;

import io.smstask.lambda.Invocation;
import java.time.Duration;
import java.util.function.Consumer;

/** An invocation with a fixed request id, a fixed remaining time and a readable log. */
public final class TestContext implements Consumer<String> {

    /** The id of every request. */
    public static final String REQUEST_ID = "00000000-0000-4000-8000-000000000001";

    private final Duration remaining;
    private final StringBuilder log = new StringBuilder();

    /** With this much time remaining. */
    public TestContext(Duration remaining) {
        this.remaining = remaining;
    }

    /** What the function is told. */
    public Invocation invocation() {
        return new Invocation(REQUEST_ID, Math.toIntExact(remaining.toMillis()), this);
    }

    /** Everything that was logged. */
    public String logged() {
        return log.toString();
    }

    /** The lines without what all have in common, and without what CloudWatch needs for the metrics. */
    public String lines() {
        return lines(log.toString());
    }

    /** {@link #lines()} of what was logged elsewhere. */
    public static String lines(String logged) {
        return logged.replaceAll("\"level\":\"[A-Z]+\",", "").replaceAll(",\"service\":\"[^\n]*", "}");
    }

    @Override
    public void accept(String line) {
        log.append(line);
    }
}
