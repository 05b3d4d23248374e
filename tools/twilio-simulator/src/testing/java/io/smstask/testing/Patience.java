package io.smstask.testing;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/**
 * How long tests wait for what must come. It costs nothing where it comes at once, and where the machine has eight times as
 * much to do as it can, a short wait fails without a fault.
 */
public final class Patience {

    /** For one thing that must come. */
    public static final Duration PATIENCE = Duration.ofMinutes(3);

    private static final Duration FIRST = Duration.ofMillis(5);

    private static final Duration LONGEST = Duration.ofMillis(100);

    private Patience() {}

    /**
     * Waits.
     *
     * @param what the test waits for; the failure says it
     */
    public static ConditionFactory await(String what) {
        return Awaitility.await(what).pollInterval(Patience::next).atMost(PATIENCE);
    }

    /** Often at first, since most of what must come is nearly there; then seldom, so that waiting leaves others the machine. */
    private static Duration next(int polls, Duration last) {
        Duration longer = polls == 1 ? FIRST : last.multipliedBy(2);
        return longer.compareTo(LONGEST) < 0 ? longer : LONGEST;
    }
}
