package io.smstask.local;

import io.smstask.simulator.Account;
import java.net.URI;
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

    /** The account of a stack that talks to the simulator; its token is public. */
    public static final Account SIMULATED_ACCOUNT = Account.EXAMPLE;

    /** Copies the list. */
    public LocalOptions {
        callers = List.copyOf(callers);
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
                log,
                List.of(),
                Clock.systemUTC());
    }

    /** {@return these options with a folder that keeps the tasks} */
    LocalOptions withData(Path folder) {
        return new LocalOptions(
                port,
                Optional.of(folder),
                account,
                twilioUrl,
                callbackBaseUrl,
                callbackDelay,
                eventBus,
                log,
                callers,
                clock);
    }

    /** {@return these options with another account of the stack} */
    public LocalOptions withAccount(Account own) {
        return new LocalOptions(
                port, data, own, twilioUrl, callbackBaseUrl, callbackDelay, eventBus, log, callers, clock);
    }

    /** {@return these options with a Twilio that already runs} */
    public LocalOptions withTwilio(URI url) {
        return new LocalOptions(
                port,
                data,
                account,
                Optional.of(url.toString()),
                callbackBaseUrl,
                callbackDelay,
                eventBus,
                log,
                callers,
                clock);
    }

    /** {@return these options with an event bus} */
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
