package io.smstask.local;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** The system's time plus an offset, so that nobody has to wait a day for a task that does. */
public final class AheadClock extends Clock {

    private final Clock system = Clock.systemUTC();
    private Duration ahead = Duration.ZERO;

    /** Adds to the offset. */
    public synchronized void jump(Duration by) {
        if (by.isNegative()) {
            throw new IllegalArgumentException("by must not be negative");
        }
        ahead = ahead.plus(by);
    }

    @Override
    public synchronized Instant instant() {
        return system.instant().plus(ahead);
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    /** Ignores the zone: an instant has none. */
    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
