package io.smstask.simulator;

import java.time.Duration;

/**
 * A fault of one message.
 *
 * @param time how long it lasts, where it has a time at all
 */
public record TimedFault(Fault fault, Duration time) {
    /** A fault that lasts as long as it usually does. */
    public static TimedFault of(Fault fault) {
        return new TimedFault(fault, fault.time());
    }

    SimulatedAnswer answer() {
        return fault.answer(time);
    }

    CallbackPlan plan(CallbackPlan usual) {
        return fault.plan(usual, time);
    }
}
