package io.smstask.local;

import io.smstask.simulator.Account;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Options of the local stack.
 *
 * @param port the first of four consecutive ports: tasks API, callback API, Twilio simulator, DynamoDB; with 0 the
 *     system chooses each
 * @param data the folder for the tasks; empty keeps them in memory
 * @param account the stack's own Twilio account
 * @param twilioUrl Twilio's API; empty starts a simulator
 * @param callbackBaseUrl where Twilio reaches the callback API; empty for its own address
 * @param callbackDelay the time between two statuses of the simulator
 * @param eventBus the name of the event bus for the ends of tasks; empty for none
 * @param log where the functions' log lines go
 * @param callers further accounts of the simulator; the stack holds no credentials for them
 * @param clock of the functions and the simulator
 * @param parameters of the template that differ from their default
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
        Clock clock,
        Map<String, String> parameters) {

    /** The account of a stack that talks to the simulator; its token is public. */
    public static final Account SIMULATED_ACCOUNT = Account.EXAMPLE;

    /** Copies the collections. */
    public LocalOptions {
        callers = List.copyOf(callers);
        parameters = Map.copyOf(parameters);
    }

    /** For tests: in memory, on free ports, with a fast simulator. */
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
                Clock.systemUTC(),
                Map.of());
    }

    /** {@return these options with a folder for the tasks} */
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
                clock,
                parameters);
    }

    /** {@return these options with another account} */
    public LocalOptions withAccount(Account own) {
        return new LocalOptions(
                port, data, own, twilioUrl, callbackBaseUrl, callbackDelay, eventBus, log, callers, clock, parameters);
    }

    /** {@return these options with this Twilio instead of a simulator} */
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
                clock,
                parameters);
    }

    /** {@return these options with an event bus} */
    LocalOptions withEventBus(String name) {
        return new LocalOptions(
                port,
                data,
                account,
                twilioUrl,
                callbackBaseUrl,
                callbackDelay,
                Optional.of(name),
                log,
                callers,
                clock,
                parameters);
    }

    /** {@return these options with further accounts of the simulator} */
    public LocalOptions withCallers(Account... others) {
        return new LocalOptions(
                port,
                data,
                account,
                twilioUrl,
                callbackBaseUrl,
                callbackDelay,
                eventBus,
                log,
                List.of(others),
                clock,
                parameters);
    }

    /** {@return these options with another clock} */
    public LocalOptions withClock(Clock other) {
        return new LocalOptions(
                port,
                data,
                account,
                twilioUrl,
                callbackBaseUrl,
                callbackDelay,
                eventBus,
                log,
                callers,
                other,
                parameters);
    }

    /** {@return these options with parameters of the template that differ from their default} */
    public LocalOptions withParameters(Map<String, String> others) {
        return new LocalOptions(
                port, data, account, twilioUrl, callbackBaseUrl, callbackDelay, eventBus, log, callers, clock, others);
    }

    int port(int offset) {
        return port == 0 ? 0 : port + offset;
    }
}
