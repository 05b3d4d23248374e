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

    /** The time that is left; negative past the deadline. */
    Duration remaining() {
        return Duration.between(clock.instant(), at);
    }
}
