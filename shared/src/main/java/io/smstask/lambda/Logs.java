package io.smstask.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import io.smstask.settings.Settings;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicBoolean;

/** The log of one process: what the lines of all its events have in common. */
public final class Logs {

    private final String service;
    private final Level least;
    private final Clock clock;
    private final AtomicBoolean isStarted = new AtomicBoolean();

    private Logs(String service, Level least, Clock clock) {
        this.service = service;
        this.least = least;
        this.clock = clock;
    }

    /** As the environment wants it. */
    public Logs(Settings settings, Clock clock) {
        this(settings.service(), Level.valueOf(settings.logLevel()), clock);
    }

    /** For lines that belong to no event: without metrics, so without the time. */
    static Logs ofNoEvent() {
        return new Logs(Log.NAMESPACE, Level.INFO, Clock.fixed(Instant.EPOCH, ZoneOffset.UTC));
    }

    /** The log of one event. */
    public Log of(Context context) {
        return new Log(this, context.getLogger(), context.getAwsRequestId());
    }

    String service() {
        return service;
    }

    boolean takes(Level level) {
        return level.compareTo(least) >= 0;
    }

    /** Whether no line has been written before; true once. */
    boolean isFirstLine() {
        return isStarted.compareAndSet(false, true);
    }

    long millis() {
        return clock.millis();
    }
}
