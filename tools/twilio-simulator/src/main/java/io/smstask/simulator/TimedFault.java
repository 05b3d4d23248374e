package io.smstask.simulator;

import java.time.Duration;

/**
 * A fault of one message.
 *
 * @param time how long it lasts; meaningless for faults without a time
 */
public record TimedFault(Fault fault, Duration time) {
    /** A fault with its default time. */
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
