package io.smstask.local;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** The system's time, and as much on top as it was told: a day that a task waits need not be waited for. */
public final class AheadClock extends Clock {

    private final Clock system = Clock.systemUTC();
    private Duration ahead = Duration.ZERO;

    /** Jumps on; it never goes back. */
    public synchronized void jump(Duration by) {
        if (by.isNegative()) {
            throw new IllegalArgumentException("a clock goes forward");
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

    /** In UTC, whatever is asked for: an instant has no zone. */
    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
