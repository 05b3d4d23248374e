package io.smstask.simulator;

import com.twilio.security.RequestValidator;
import io.javalin.Javalin;
import io.javalin.http.Context;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;

/** Receives callbacks and checks each with Twilio's own validator. */
final class CallbackReceiver implements AutoCloseable {
    /** A received callback; {@code body} is not decoded. */
    record Received(String body, Map<String, String> fields, Map<String, String> headers, boolean valid) {
        String status() {
            return fields.getOrDefault("MessageStatus", "");
        }
    }

    private final List<Received> received = new CopyOnWriteArrayList<>();
    private volatile String password = "";
    private final Queue<Integer> answers = new ConcurrentLinkedQueue<>();
    private final RequestValidator validator;
    private final Javalin server;

    CallbackReceiver(String authToken) {
        validator = new RequestValidator(authToken);
        server = Javalin.create(config -> {
                    config.startup.showJavalinBanner = false;
                    config.startup.showOldJavalinVersionWarning = false;
                    config.routes.post("/*", this::receive);
                })
                .start("127.0.0.1", 0);
    }

    private void receive(Context context) {
        var fields = new HashMap<String, String>();
        context.formParamMap().forEach((name, values) -> fields.put(name, String.join("|", values)));
        String signature = context.header("X-Twilio-Signature");
        received.add(new Received(
                context.body(), fields, context.headerMap(), validator.validate(context.fullUrl(), fields, signature)));
        var pair = context.basicAuthCredentials();
        if (!password.isEmpty() && (pair == null || !password.equals(pair.getUsername() + ":" + pair.getPassword()))) {
            context.status(401).header("WWW-Authenticate", "Basic realm=\"callbacks\"");
            return;
        }
        var answer = answers.poll();
        context.status(answer == null ? 204 : answer);
    }

    String url(String path) {
        return "http://127.0.0.1:" + server.port() + path;
    }

    CallbackReceiver answering(Integer... statuses) {
        answers.addAll(List.of(statuses));
        return this;
    }

    /** @param pair user and password */
    void askingForPassword(String pair) {
        password = pair;
    }

    List<Received> received() {
        return List.copyOf(received);
    }

    List<String> statuses() {
        return received.stream().map(Received::status).toList();
    }

    @Override
    public void close() {
        server.stop();
    }
}
