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
 * Twilio's Messages API on 127.0.0.1: accepts messages, answers as Twilio does and posts signed status callbacks.
 *
 * <pre>{@code
 * try (var twilio = TwilioSimulator.start(SimulatorOptions.of(new Account(sid, token)))) {
 *     twilio.nextAnswer(SimulatedAnswer.acceptThen(SimulatedAnswer.closeWithoutAnswer()));
 *     // … send a message to twilio.baseUrl() …
 *     twilio.callbacks();
 * }
 * }</pre>
 *
 * <p>Scripted answers and plans are used up in order, one for each message. Otherwise a message follows its {@link
 * DeliveryOutcome}, and may get a {@link Fault}: a requested one, or one by {@link FaultRates}.
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
        var control = new ControlApi(
                api, callbacks, chooser, this::refuseConnectionsSoon, new Accounts(options.accounts()).secrets());
        server = Javalin.create(config -> {
            config.startup.showJavalinBanner = false;
            config.startup.showOldJavalinVersionWarning = false;
            config.jetty.modifyServer(jetty -> jetty.setHandler(new JettyExchanges()));
            api.routes(config);
            control.routes(config);
        });
    }

    /** Starts a simulator; it accepts requests when this returns. */
    public static TwilioSimulator start(SimulatorOptions options) {
        var simulator = new TwilioSimulator(options);
        simulator.server.start("127.0.0.1", options.port());
        var connector =
                (ServerConnector) simulator.server.jettyServer().server().getConnectors()[0];
        simulator.port = new ListeningPort(connector, simulator.callbacks);
        return simulator;
    }

    /**
     * {@return the error of each magic recipient that is refused, in the order of the numbers}
     *
     * @see <a href="https://www.twilio.com/docs/iam/test-credentials">Test credentials</a>
     */
    public static SortedMap<String, ApiError> refusedRecipients() {
        return new TreeMap<>(Addresses.MAGIC_RECIPIENTS);
    }

    /** {@return the port} */
    public int port() {
        return startedPort().number();
    }

    /** {@return the URL to use instead of {@code https://api.twilio.com}, without a trailing slash} */
    public URI baseUrl() {
        return URI.create("http://127.0.0.1:" + port());
    }

    /** Refuses an account's reads as too many (429), or takes them again; messages are still taken. */
    public void limitReads(String accountSid, boolean isLimited) {
        api.limitReads(accountSid, isLimited);
    }

    /** Refuses an API key from now on, as after a rotation. */
    public void revokeApiKey(String keySid) {
        api.revoke(keySid);
    }

    /** Scripts the answer to the next message without one. */
    public void nextAnswer(SimulatedAnswer answer) {
        chooser.add(answer);
    }

    /** Scripts the callbacks of the next accepted message without a plan. */
    public void nextCallbacks(CallbackPlan plan) {
        chooser.add(plan);
    }

    /** Gives a fault, with its default time, to the next message that has nothing scripted. */
    public void nextFault(Fault fault) {
        nextFault(fault, fault.time());
    }

    /**
     * Gives a fault to the next message that has nothing scripted. {@link Fault#CONNECTION_REFUSED} does not wait for a
     * message: the port is closed when this returns.
     *
     * @param time how long it lasts; ignored by faults without a time
     */
    public void nextFault(Fault fault, Duration time) {
        if (fault == Fault.CONNECTION_REFUSED) {
            refuseConnections(time);
        } else {
            chooser.add(new TimedFault(fault, time));
        }
    }

    /** Sets the fault rates from the next message on, which becomes number 0. */
    public void useFaultRates(FaultRates faultRates) {
        chooser.useFaultRates(faultRates);
    }

    /**
     * Chooses faults by request, not by order of arrival, so that parallel senders can give a message the same fault
     * each time. Chosen faults come before faults by rate.
     *
     * @param faults returns the fault for a message's form; called for one message at a time
     */
    public void chooseFaults(Function<Map<String, List<String>>, Optional<TimedFault>> faults) {
        chooser.choose(faults);
    }

    /** {@return the time before each status} */
    public Duration callbackDelay() {
        return callbacks.delay();
    }

    /** Changes the time before each status, also for messages under way. */
    public void callbackDelay(Duration delay) {
        callbacks.delay(delay);
    }

    /**
     * Closes the port for a time and cuts open connections. Returns once it is closed. If it was closed already, its
     * time does not change.
     */
    public void refuseConnections(Duration time) {
        startedPort().closeFor(time);
    }

    /** For callers that must not block, such as a server thread. */
    void refuseConnectionsSoon(Duration time) {
        CompletableFuture.runAsync(() -> refuseConnections(time));
    }

    /**
     * Returns to the initial state: no requests, messages and callbacks, nothing scripted or requested, the fault rates
     * of the options. Messages under way stop at their current status.
     */
    public void forget() {
        api.forget();
    }

    private ListeningPort startedPort() {
        return Objects.requireNonNull(port, "start() sets it before it returns the simulator");
    }

    /** {@return every request so far, oldest first} */
    public List<ReceivedRequest> requests() {
        return api.requests.all();
    }

    /** {@return every message that was accepted, oldest first} */
    public List<SimulatedMessage> messages() {
        return api.messages.all();
    }

    /** {@return every completed attempt to post a callback, oldest first} */
    public List<CallbackAttempt> callbacks() {
        return callbacks.attempts();
    }

    /** Stops listening, drops pending callbacks, and closes connections that wait for an answer. */
    @Override
    public void close() {
        callbacks.close();
        startedPort().close();
        server.stop();
    }
}
