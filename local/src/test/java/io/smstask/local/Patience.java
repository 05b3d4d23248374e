package io.smstask.local;

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

    private Patience() {}

    /**
     * Waits.
     *
     * @param what the test waits for; the failure says it
     */
    public static ConditionFactory await(String what) {
        return Awaitility.await(what).atMost(PATIENCE);
    }
}
