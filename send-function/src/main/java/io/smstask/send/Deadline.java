package io.smstask.send;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * The moment at which Lambda ends the function.
 *
 * @param at by the wall clock
 */
record Deadline(Clock clock, Instant at) {

    /** This deadline, or that time if it comes first. */
    Deadline notAfter(Instant latest) {
        return latest.isBefore(at) ? new Deadline(clock, latest) : this;
    }

    /** The time that is left; negative past the deadline. */
    Duration remaining() {
        return Duration.between(clock.instant(), at);
    }
}
