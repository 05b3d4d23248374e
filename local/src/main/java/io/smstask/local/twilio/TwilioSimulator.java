package io.smstask.local.twilio;

import io.javalin.Javalin;
import java.net.URI;
import java.util.List;

/**
 * Twilio's Messages API on 127.0.0.1: takes messages, answers as Twilio does and posts signed status callbacks.
 *
 * <pre>{@code
 * try (var twilio = TwilioSimulator.start(SimulatorOptions.of(new Account(sid, token)))) {
 *     twilio.nextAnswer(Answer.acceptThen(Answer.closeWithoutAnswer()));
 *     // … send a message to twilio.baseUrl() …
 *     twilio.callbacks();
 * }
 * }</pre>
 *
 * <p>Scripted answers and plans are used up in order, one a message; without them a message takes the way of its
 * {@link Outcome}.
 */
public final class TwilioSimulator implements AutoCloseable {
    private final StatusCallbacks callbacks;
    private final MessagesApi api;
    private final Javalin server;

    private TwilioSimulator(SimulatorOptions options) {
        callbacks = new StatusCallbacks(options.callbackDelay(), options.clock());
        api = new MessagesApi(options, callbacks);
        server = Javalin.create(config -> {
            config.startup.showJavalinBanner = false;
            config.startup.showOldJavalinVersionWarning = false;
            config.jetty.modifyServer(jetty -> jetty.setHandler(new Exchanges()));
            api.routes(config);
        });
    }

    /** Starts a simulator; it answers when this returns. */
    public static TwilioSimulator start(SimulatorOptions options) {
        var simulator = new TwilioSimulator(options);
        simulator.server.start("127.0.0.1", options.port());
        return simulator;
    }

    /** {@return the port it listens on} */
    public int port() {
        return server.port();
    }

    /** {@return what takes the place of {@code https://api.twilio.com}, without a slash at the end} */
    public URI baseUrl() {
        return URI.create("http://127.0.0.1:" + port());
    }

    /** Scripts the answer to the next message that has none yet. */
    public void nextAnswer(Answer answer) {
        api.nextAnswers.add(answer);
    }

    /** Scripts the way of the next message that is accepted and has none yet. */
    public void nextCallbacks(CallbackPlan plan) {
        api.nextPlans.add(plan);
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
        server.stop();
    }
}
