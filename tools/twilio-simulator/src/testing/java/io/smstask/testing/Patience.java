package io.smstask.testing;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/**
 * How long tests wait for an expected event. A long limit costs nothing if the event comes at once; a short one fails
 * for no reason on a machine that is eight times overloaded.
 */
public final class Patience {

    /** The limit for one expected event. */
    public static final Duration PATIENCE = Duration.ofMinutes(3);

    private static final Duration FIRST = Duration.ofMillis(5);

    private static final Duration LONGEST = Duration.ofMillis(100);

    private Patience() {}

    /**
     * Waits.
     *
     * @param what the expected event, for the failure message
     */
    public static ConditionFactory await(String what) {
        return Awaitility.await(what).pollInterval(Patience::next).atMost(PATIENCE);
    }

    /** Often at first, since most events are near; then seldom, to leave the machine to others. */
    private static Duration next(int polls, Duration last) {
        Duration longer = polls == 1 ? FIRST : last.multipliedBy(2);
        return longer.compareTo(LONGEST) < 0 ? longer : LONGEST;
    }
}
