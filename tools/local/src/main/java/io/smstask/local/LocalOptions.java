package io.smstask.local;

import io.smstask.simulator.Account;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * How the local stack runs.
 *
 * @param port the first of four ports in a row: tasks API, callback API, Twilio simulator, DynamoDB; 0 lets the system choose
 *     each
 * @param data the folder that keeps the tasks; empty keeps them in memory only
 * @param account the stack's own Twilio account
 * @param twilioUrl Twilio's API; empty starts a simulator
 * @param callbackBaseUrl where Twilio reaches the callback API; empty is the callback API's own address
 * @param callbackDelay the time between two statuses of the simulator
 * @param eventBus the name of the event bus that gets an event for every task's end; empty is off
 * @param log where the functions' log lines go
 * @param callers further accounts of the simulator; the stack holds no credentials for them
 * @param clock what the functions and the simulator go by
 */
public record LocalOptions(
        int port,
        Optional<Path> data,
        Account account,
        Optional<String> twilioUrl,
        Optional<String> callbackBaseUrl,
        Duration callbackDelay,
        Optional<String> eventBus,
        Consumer<String> log,
        List<Account> callers,
        Clock clock) {

    /** The account of a stack that talks to the simulator. Anyone may know its token. */
    public static final Account SIMULATED_ACCOUNT =
            new Account("AC00000000000000000000000000000001", "0123456789abcdef0123456789abcdef");

    /** Copies the list. */
    public LocalOptions {
        callers = List.copyOf(callers);
    }

    /** With one account, and by the system's clock. */
    public LocalOptions(
            int port,
            Optional<Path> data,
            Account account,
            Optional<String> twilioUrl,
            Optional<String> callbackBaseUrl,
            Duration callbackDelay,
            Optional<String> eventBus,
            Consumer<String> log) {
        this(
                port,
                data,
                account,
                twilioUrl,
                callbackBaseUrl,
                callbackDelay,
                eventBus,
                log,
                List.of(),
                Clock.systemUTC());
    }

    /** In memory, on free ports, with the simulator, and as fast as it can: for tests. */
    public static LocalOptions forTests(Consumer<String> log) {
        return new LocalOptions(
                0,
                Optional.empty(),
                SIMULATED_ACCOUNT,
                Optional.empty(),
                Optional.empty(),
                Duration.ofMillis(5),
                Optional.empty(),
                log);
    }

    /** These, with an event bus. */
    LocalOptions withEventBus(String name) {
        return new LocalOptions(
                port, data, account, twilioUrl, callbackBaseUrl, callbackDelay, Optional.of(name), log, callers, clock);
    }

    /** {@return these options with further accounts of the simulator} */
    public LocalOptions withCallers(Account... others) {
        return new LocalOptions(
                port, data, account, twilioUrl, callbackBaseUrl, callbackDelay, eventBus, log, List.of(others), clock);
    }

    /** {@return these options with another clock} */
    public LocalOptions withClock(Clock other) {
        return new LocalOptions(
                port, data, account, twilioUrl, callbackBaseUrl, callbackDelay, eventBus, log, callers, other);
    }

    int port(int offset) {
        return port == 0 ? 0 : port + offset;
    }
}
