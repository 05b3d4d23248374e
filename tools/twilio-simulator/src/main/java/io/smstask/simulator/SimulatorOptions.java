package io.smstask.simulator;

import java.time.Clock;
import java.time.Duration;
import java.util.List;

/**
 * Options of a simulator.
 *
 * @param port on 127.0.0.1; 0 lets the system choose
 * @param accounts who may use it
 * @param statuses the usual statuses, one callback each, except for the one that a message begins with
 * @param callbackDelay the time before each status, and between two attempts of one callback
 * @param clock for dates in answers and for the limits of {@code SendAt}
 * @param faultRates the share of messages with each fault
 */
public record SimulatorOptions(
        int port,
        List<Account> accounts,
        List<String> statuses,
        Duration callbackDelay,
        Clock clock,
        FaultRates faultRates) {

    /** Copies the lists. */
    public SimulatorOptions {
        accounts = List.copyOf(accounts);
        statuses = List.copyOf(statuses);
    }

    /** {@return the defaults: a free port, {@code queued sending sent delivered}, 300 ms, the system's clock, no faults} */
    public static SimulatorOptions of(Account... accounts) {
        return new SimulatorOptions(
                0,
                List.of(accounts),
                List.of("queued", "sending", "sent", "delivered"),
                Duration.ofMillis(300),
                Clock.systemUTC(),
                FaultRates.NONE);
    }

    /** {@return these options with another port} */
    public SimulatorOptions withPort(int port) {
        return new SimulatorOptions(port, accounts, statuses, callbackDelay, clock, faultRates);
    }

    /** {@return these options with other usual statuses} */
    public SimulatorOptions withStatuses(String... statuses) {
        return new SimulatorOptions(port, accounts, List.of(statuses), callbackDelay, clock, faultRates);
    }

    /** {@return these options with another delay} */
    public SimulatorOptions withCallbackDelay(Duration callbackDelay) {
        return new SimulatorOptions(port, accounts, statuses, callbackDelay, clock, faultRates);
    }

    /** {@return these options with another clock} */
    public SimulatorOptions withClock(Clock clock) {
        return new SimulatorOptions(port, accounts, statuses, callbackDelay, clock, faultRates);
    }

    /** {@return these options with faults by rate} */
    public SimulatorOptions withFaultRates(FaultRates faultRates) {
        return new SimulatorOptions(port, accounts, statuses, callbackDelay, clock, faultRates);
    }
}
