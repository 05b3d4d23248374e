package io.smstask.proof;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Stands between a function and all that it calls. It lists the calls, as steps: a call that repeats the one before it is none.
 * Just before one step, it kills.
 */
final class KillingGate implements AutoCloseable {

    private static final Set<String> NOT_PASSED_ON =
            Set.of("connection", "content-length", "expect", "host", "upgrade", "http2-settings", "transfer-encoding");

    private final HttpClient http = HttpClient.newHttpClient();
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<String> steps = new ArrayList<>();
    private int fatal = -1;
    private Runnable kill = () -> {};
    private boolean hasKilled;

    private KillingGate(HttpServer server) {
        this.server = server;
    }

    /**
     * Starts it on a port that the system chooses.
     *
     * @param doors what lies behind each door, which is the first segment of a path
     */
    static KillingGate start(Map<String, URI> doors) throws IOException {
        var gate = new KillingGate(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
        doors.forEach((door, behind) -> gate.server.createContext("/" + door, call -> gate.pass(call, door, behind)));
        gate.server.setExecutor(gate.threads);
        gate.server.start();
        return gate;
    }

    String url(String door) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/" + door;
    }

    /** Forgets the steps so far, and kills before a step from now on, counted from 0. */
    synchronized void killBefore(int step, Runnable how) {
        steps.clear();
        fatal = step;
        kill = how;
        hasKilled = false;
    }

    /** The steps since then. */
    synchronized List<String> steps() {
        return List.copyOf(steps);
    }

    synchronized boolean hasKilled() {
        return hasKilled;
    }

    private void pass(HttpExchange call, String door, URI behind) throws IOException {
        try (call) {
            String target = call.getRequestHeaders().getFirst("X-Amz-Target");
            if (isFatal(
                    target == null
                            ? call.getRequestMethod() + " " + door
                            : target.substring(target.indexOf('.') + 1))) {
                return;
            }
            String path = call.getRequestURI().toString().substring(1 + door.length());
            var request = HttpRequest.newBuilder(behind.resolve(path.isEmpty() ? "/" : path))
                    .method(
                            call.getRequestMethod(),
                            HttpRequest.BodyPublishers.ofByteArray(
                                    call.getRequestBody().readAllBytes()));
            call.getRequestHeaders().forEach((name, values) -> {
                if (!NOT_PASSED_ON.contains(name.toLowerCase(Locale.ROOT))) {
                    values.forEach(value -> request.header(name, value));
                }
            });
            var answer = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            answer.headers().map().forEach((name, values) -> {
                if (!NOT_PASSED_ON.contains(name.toLowerCase(Locale.ROOT))) {
                    call.getResponseHeaders().put(name, values);
                }
            });
            call.sendResponseHeaders(answer.statusCode(), answer.body().length == 0 ? -1 : answer.body().length);
            call.getResponseBody().write(answer.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** One at a time, so that nothing passes while a process is being killed. */
    private synchronized boolean isFatal(String step) {
        if (steps.isEmpty() || !steps.get(steps.size() - 1).equals(step)) {
            steps.add(step);
            if (steps.size() - 1 == fatal) {
                hasKilled = true;
                kill.run();
            }
        }
        return hasKilled;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
