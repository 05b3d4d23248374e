package io.smstask.bench;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import javax.net.ssl.SSLContext;

/** What the functions call, behind TLS and under its own names: what it answers is given, and how long it takes. */
final class Downstream implements AutoCloseable {

    private static final Function<DownstreamCall, DownstreamReply> NOTHING = call -> {
        throw new RunFailed("a call outside of a run: " + call.key());
    };

    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "downstream");
        thread.setDaemon(true);
        return thread;
    });
    private final HttpsServer server;
    private final Delays delays;
    private final List<Served> served = new ArrayList<>();
    private Function<DownstreamCall, DownstreamReply> replies = NOTHING;

    private Downstream(SSLContext tls, int port, Delays delays) throws IOException {
        this.delays = delays;
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    /**
     * Starts listening.
     *
     * @param port 443 where the names lead here; 0 lets the system choose
     */
    static Downstream start(SSLContext tls, int port, Delays delays) throws IOException {
        return new Downstream(tls, port, delays);
    }

    /** How long each takes to answer. */
    record Delays(Duration dynamoDb, Duration secretsManager, Duration twilio) {
        Duration of(DownstreamCall call) {
            if (call.isTwilio()) {
                return twilio;
            }
            return call.isSecretsManager() ? secretsManager : dynamoDb;
        }
    }

    /**
     * A call that was answered.
     *
     * @param nanos from the request's first line to the end of the answer
     * @param failure why there was no answer; empty where there was one
     */
    record Served(DownstreamCall call, DownstreamReply reply, long nanos, String failure) {}

    int port() {
        return server.getAddress().getPort();
    }

    /** Answers this way from now on, and forgets what was served. */
    synchronized void answer(Function<DownstreamCall, DownstreamReply> next) {
        replies = next;
        served.clear();
    }

    /** Answers nothing any more: the run is over. */
    void rest() {
        answer(NOTHING);
    }

    /** What was served since the last {@link #answer}, in the order of the answers. */
    synchronized List<Served> served() {
        return List.copyOf(served);
    }

    private synchronized Function<DownstreamCall, DownstreamReply> replies() {
        return replies;
    }

    private synchronized void add(Served one) {
        served.add(one);
    }

    private void handle(HttpExchange http) throws IOException {
        long start = System.nanoTime();
        DownstreamCall call = new DownstreamCall(
                http.getRequestHeaders().getFirst("Host"),
                http.getRequestMethod(),
                http.getRequestURI().toString(),
                http.getRequestHeaders(),
                http.getRequestBody().readAllBytes());
        DownstreamReply reply;
        String failure = "";
        try {
            reply = replies().apply(call);
        } catch (RuntimeException e) {
            failure = String.valueOf(e.getMessage());
            reply = new DownstreamReply(500, Map.of(), failure.getBytes(StandardCharsets.UTF_8));
        }
        waitUntil(start + delays.of(call).toNanos());
        reply.headers().forEach(http.getResponseHeaders()::set);
        if (!call.isTwilio() && !call.isSecretsManager()) {
            http.getResponseHeaders().set("x-amz-crc32", Long.toString(reply.crc32()));
        }
        // Before the caller can have read the answer and reported its own.
        add(new Served(call, reply, System.nanoTime() - start, failure));
        boolean hasBody = reply.body().length > 0 && !call.method().equals("HEAD");
        http.sendResponseHeaders(reply.status(), hasBody ? reply.body().length : -1);
        try (var body = http.getResponseBody()) {
            if (hasBody) {
                body.write(reply.body());
            }
        }
    }

    private static void waitUntil(long end) {
        long left = end - System.nanoTime();
        while (left > 0) {
            LockSupport.parkNanos(left);
            left = end - System.nanoTime();
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
