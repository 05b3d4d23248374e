package io.smstask.simulator;

import io.javalin.Javalin;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.eclipse.jetty.server.ServerConnector;
import org.jspecify.annotations.Nullable;

/**
 * Twilio's Messages API on 127.0.0.1: takes messages, answers as Twilio does and posts signed status callbacks.
 *
 * <pre>{@code
 * try (var twilio = TwilioSimulator.start(SimulatorOptions.of(new Account(sid, token)))) {
 *     twilio.nextAnswer(SimulatedAnswer.acceptThen(SimulatedAnswer.closeWithoutAnswer()));
 *     // … send a message to twilio.baseUrl() …
 *     twilio.callbacks();
 * }
 * }</pre>
 *
 * <p>Scripted answers and plans are used up in order, one a message; without them a message takes the way of its
 * {@link DeliveryOutcome}, and may get a {@link Fault}: one that was asked for, or one by the rates of a {@link FaultRates}.
 */
public final class TwilioSimulator implements AutoCloseable {
    private final CallbackPoster callbacks;
    private final BehaviourChooser chooser;
    private final MessagesApi api;
    private final Javalin server;
    private volatile @Nullable ListeningPort port;

    private TwilioSimulator(SimulatorOptions options) {
        callbacks = new CallbackPoster(options.callbackDelay(), options.clock());
        chooser = new BehaviourChooser(options.faultRates());
        api = new MessagesApi(options, callbacks, chooser, this::refuseConnectionsSoon);
        var control = new ControlApi(this, new Accounts(options.accounts()).secrets());
        server = Javalin.create(config -> {
            config.startup.showJavalinBanner = false;
            config.startup.showOldJavalinVersionWarning = false;
            config.jetty.modifyServer(jetty -> jetty.setHandler(new JettyExchanges()));
            api.routes(config);
            control.routes(config);
        });
    }

    /** Starts a simulator; it answers when this returns. */
    public static TwilioSimulator start(SimulatorOptions options) {
        var simulator = new TwilioSimulator(options);
        simulator.server.start("127.0.0.1", options.port());
        var connector =
                (ServerConnector) simulator.server.jettyServer().server().getConnectors()[0];
        simulator.port = new ListeningPort(connector, simulator.callbacks);
        return simulator;
    }

    /**
     * {@return the magic recipients that are refused, and with what; in the order of the numbers}
     *
     * @see <a href="https://www.twilio.com/docs/iam/test-credentials">Test credentials</a>
     */
    public static SortedMap<String, ApiError> refusedRecipients() {
        return new TreeMap<>(Addresses.MAGIC_RECIPIENTS);
    }

    /** {@return the port it listens on} */
    public int port() {
        return startedPort().number();
    }

    /** {@return what takes the place of {@code https://api.twilio.com}, without a slash at the end} */
    public URI baseUrl() {
        return URI.create("http://127.0.0.1:" + port());
    }

    /** Scripts the answer to the next message that has none yet. */
    public void nextAnswer(SimulatedAnswer answer) {
        chooser.add(answer);
    }

    /** Scripts the way of the next message that is accepted and has none yet. */
    public void nextCallbacks(CallbackPlan plan) {
        chooser.add(plan);
    }

    /** Gives the next message that has nothing scripted a fault, which lasts as long as it usually does. */
    public void nextFault(Fault fault) {
        nextFault(fault, fault.time());
    }

    /**
     * Gives the next message that has nothing scripted a fault. {@link Fault#CONNECTION_REFUSED} waits for no message: it
     * closes the port before this returns.
     *
     * @param time how long it lasts, where it has a time at all
     */
    public void nextFault(Fault fault, Duration time) {
        if (fault == Fault.CONNECTION_REFUSED) {
            refuseConnections(time);
        } else {
            chooser.add(new TimedFault(fault, time));
        }
    }

    /** Gives the messages from the next one on, which is number 0, faults by rate. */
    public void useFaultRates(FaultRates faultRates) {
        chooser.useFaultRates(faultRates);
    }

    /**
     * Lets faults hang on what is asked for, and not on the order in which it comes: who sends in parallel can give a
     * message the same fault each time. They go before those by rate.
     *
     * @param faults the fault of a message by its form's fields; called for one message at a time
     */
    public void chooseFaults(Function<Map<String, List<String>>, Optional<TimedFault>> faults) {
        chooser.choose(faults);
    }

    /** {@return the time before each status} */
    public Duration callbackDelay() {
        return callbacks.delay();
    }

    /** Changes the time before each status, for messages that are on their way too. */
    public void callbackDelay(Duration delay) {
        callbacks.delay(delay);
    }

    /**
     * Closes the port for a time, and cuts the connections that are open. Returns once it is closed; where it was closed
     * already, that time is not changed.
     */
    public void refuseConnections(Duration time) {
        startedPort().closeFor(time);
    }

    /** For those who must not wait, such as a thread of the server's. */
    void refuseConnectionsSoon(Duration time) {
        CompletableFuture.runAsync(() -> refuseConnections(time));
    }

    /**
     * Is as it was at the start: no requests, messages and callbacks, nothing scripted or asked for, the fault rates of
     * the options. A message that is on its way stops where it stands.
     */
    public void forget() {
        chooser.reset();
        api.forget();
    }

    private ListeningPort startedPort() {
        return Objects.requireNonNull(port, "start() sets it before anyone gets the simulator");
    }

    /** {@return every request so far, oldest first} */
    public List<ReceivedRequest> requests() {
        return api.requests.all();
    }

    /** {@return every message that was accepted, oldest first} */
    public List<SimulatedMessage> messages() {
        return api.messages.all();
    }

    /** {@return every attempt to post a callback that has ended, oldest first} */
    public List<CallbackAttempt> callbacks() {
        return callbacks.attempts();
    }

    /** Stops listening, drops what it would still post; connections that wait for an answer are closed. */
    @Override
    public void close() {
        callbacks.close();
        startedPort().close();
        server.stop();
    }
}
