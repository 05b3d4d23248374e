package io.smstask.local.twilio;

import java.time.Duration;

/** A fault that befalls one message, and how long it lasts. */
record Mishap(Fault fault, Duration time) {
    /** A fault that lasts as long as it usually does. */
    static Mishap of(Fault fault) {
        return new Mishap(fault, fault.time());
    }

    Answer answer() {
        return fault.answer(time);
    }

    CallbackPlan plan(CallbackPlan usual) {
        return fault.plan(usual, time);
    }
}
