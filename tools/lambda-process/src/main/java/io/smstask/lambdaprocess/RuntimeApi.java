package io.smstask.lambdaprocess;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Lambda's side of the Runtime API for one process, with the times of what passes; all are of {@link System#nanoTime}. The
 * server is as small as can be, because the benchmark measures through it.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html">AWS: Lambda runtime API</a>
 */
final class RuntimeApi implements AutoCloseable {

    private static final String ROOT = "/2018-06-01/runtime/";

    /** When the runtime asked for each event; an empty one once it is gone. */
    private final BlockingQueue<OptionalLong> asked = new LinkedBlockingQueue<>();

    private final BlockingQueue<Invocation> invocations = new LinkedBlockingQueue<>();
    private final Map<String, Invocation> unfinished = new ConcurrentHashMap<>();
    private final CompletableFuture<String> initError = new CompletableFuture<>();
    private final CompletableFuture<String> end = new CompletableFuture<>();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "runtime-api");
        thread.setDaemon(true);
        return thread;
    });
    private final HttpServer server;

    private RuntimeApi() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext(ROOT, this::handle);
        server.start();
    }

    /** Starts one on a port that the system chooses. */
    static RuntimeApi start() throws IOException {
        return new RuntimeApi();
    }

    /** What {@code AWS_LAMBDA_RUNTIME_API} holds. */
    String hostAndPort() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    /**
     * Waits until the runtime asks for the next event.
     *
     * @return when it asked
     * @throws ProcessFailed if it does not, or reports that it cannot start
     */
    long awaitNext(Duration limit) {
        try {
            OptionalLong next = asked.poll(limit.toMillis(), TimeUnit.MILLISECONDS);
            if (next == null) {
                throw new ProcessFailed("it asked for no event within " + limit.toSeconds() + " s");
            }
            return next.orElseThrow(() -> new ProcessFailed("it asked for no event: " + end.join()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProcessFailed("interrupted");
        }
    }

    /**
     * Hands one event to the runtime.
     *
     * @param limit the time that the function has for the event
     * @return the report; fails with {@link ProcessFailed} if the runtime ends before
     */
    CompletableFuture<Reported> begin(String event, Duration limit) {
        var invocation = new Invocation(event, limit);
        unfinished.put(invocation.id, invocation);
        invocations.add(invocation);
        if (end.isDone()) {
            end("");
        }
        return invocation.reported;
    }

    /** The error that the runtime reports if it cannot start; fails with {@link ProcessFailed} if it ends before. */
    CompletableFuture<String> initError() {
        return initError;
    }

    /** Whether the runtime has asked for an event that nobody has waited for. */
    boolean hasAsked() {
        return asked.stream().anyMatch(OptionalLong::isPresent);
    }

    /** Fails whatever still waits for the runtime. */
    void end(String why) {
        end.complete(why);
        var failure = new ProcessFailed(end.join());
        asked.add(OptionalLong.empty());
        initError.completeExceptionally(failure);
        unfinished.values().forEach(invocation -> invocation.reported.completeExceptionally(failure));
    }

    private static final class Invocation {

        private final String id = UUID.randomUUID().toString();
        private final CompletableFuture<Reported> reported = new CompletableFuture<>();
        private final byte[] event;
        private final Duration limit;
        private volatile long handedOut;

        Invocation(String event, Duration limit) {
            this.event = event.getBytes(StandardCharsets.UTF_8);
            this.limit = limit;
        }
    }

    private void handle(HttpExchange http) throws IOException {
        String path = http.getRequestURI().getPath().substring(ROOT.length());
        if (path.equals("invocation/next")) {
            handOut(http);
            return;
        }
        String body = new String(http.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        long received = System.nanoTime();
        if (path.equals("init/error")) {
            initError.complete(body);
            end(body);
        } else {
            var invocation = unfinished.remove(path.split("/")[1]);
            invocation.reported.complete(new Reported(path.endsWith("/error"), body, invocation.handedOut, received));
        }
        http.sendResponseHeaders(202, -1);
        http.close();
    }

    private void handOut(HttpExchange http) throws IOException {
        asked.add(OptionalLong.of(System.nanoTime()));
        Invocation invocation;
        try {
            invocation = invocations.take();
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
            http.close();
            return;
        }
        var headers = http.getResponseHeaders();
        headers.set("Content-Type", "application/json");
        headers.set("Lambda-Runtime-Aws-Request-Id", invocation.id);
        headers.set(
                "Lambda-Runtime-Deadline-Ms", Long.toString(System.currentTimeMillis() + invocation.limit.toMillis()));
        headers.set("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:eu-central-1:000000000000:function:local");
        headers.set("Lambda-Runtime-Trace-Id", "Root=1-6924c590-000000000000000000000001;Sampled=0");
        invocation.handedOut = System.nanoTime();
        http.sendResponseHeaders(200, invocation.event.length);
        try (var body = http.getResponseBody()) {
            body.write(invocation.event);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
