package io.smstask.bench;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Lambda's side of the Runtime API for one process, with the times of what passes. All times are of {@link System#nanoTime}.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html">AWS: Lambda runtime API</a>
 */
final class RuntimeApi implements AutoCloseable {

    private static final String ROOT = "/2018-06-01/runtime/";
    private static final Duration STEP = Duration.ofMillis(100);
    private static final long FUNCTION_LIMIT_MILLIS = 28_000;

    private final BlockingQueue<Long> asked = new LinkedBlockingQueue<>();
    private final BlockingQueue<byte[]> events = new ArrayBlockingQueue<>(1);
    private final BlockingQueue<Answer> answers = new LinkedBlockingQueue<>();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "runtime-api");
        thread.setDaemon(true);
        return thread;
    });
    private final HttpServer server;
    private volatile long handedOut;

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

    /**
     * What became of an event.
     *
     * @param handedOut when the event was handed to the runtime
     * @param received when the whole answer was there
     * @param body the answer; if {@code isError} Lambda's error JSON
     */
    record Answer(boolean isError, String body, long handedOut, long received) {}

    /** What {@code AWS_LAMBDA_RUNTIME_API} holds. */
    String hostAndPort() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    /**
     * Waits until the runtime asks for the next event.
     *
     * @param isAlive whether there is still something to wait for
     * @return when it asked
     * @throws RunFailed if it does not, or reports that it cannot start
     */
    long awaitNext(BooleanSupplier isAlive, Duration limit) {
        return await(asked, isAlive, limit, "it asked for no event");
    }

    /**
     * Hands out an event and waits for the answer.
     *
     * @throws RunFailed if none comes
     */
    Answer invoke(String event, BooleanSupplier isAlive, Duration limit) {
        events.add(event.getBytes(StandardCharsets.UTF_8));
        return await(answers, isAlive, limit, "it did not answer");
    }

    private <T> T await(BlockingQueue<T> queue, BooleanSupplier isAlive, Duration limit, String otherwise) {
        long end = System.nanoTime() + limit.toNanos();
        try {
            while (System.nanoTime() < end) {
                T there = queue.poll(STEP.toMillis(), TimeUnit.MILLISECONDS);
                if (there != null) {
                    return there;
                }
                if (!isAlive.getAsBoolean()) {
                    throw new RunFailed(otherwise + ": the process has ended");
                }
                Answer error = answers.peek();
                if (error != null && error.isError()) {
                    throw new RunFailed(otherwise + ": " + error.body());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RunFailed("interrupted", e);
        }
        throw new RunFailed(otherwise + " within " + limit.toSeconds() + " s");
    }

    private void handle(HttpExchange http) throws IOException {
        String path = http.getRequestURI().getPath().substring(ROOT.length());
        if (path.equals("invocation/next")) {
            handOut(http);
        } else {
            byte[] body = http.getRequestBody().readAllBytes();
            long received = System.nanoTime();
            boolean isError = path.endsWith("/error");
            answers.add(new Answer(isError, new String(body, StandardCharsets.UTF_8), handedOut, received));
            http.sendResponseHeaders(202, -1);
            http.close();
        }
    }

    private void handOut(HttpExchange http) throws IOException {
        asked.add(System.nanoTime());
        byte[] event;
        try {
            event = events.take();
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
            http.close();
            return;
        }
        var headers = http.getResponseHeaders();
        headers.set("Content-Type", "application/json");
        headers.set("Lambda-Runtime-Aws-Request-Id", UUID.randomUUID().toString());
        headers.set("Lambda-Runtime-Deadline-Ms", Long.toString(System.currentTimeMillis() + FUNCTION_LIMIT_MILLIS));
        headers.set("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:eu-central-1:000000000000:function:bench");
        headers.set("Lambda-Runtime-Trace-Id", "Root=1-6924c590-000000000000000000000001;Sampled=0");
        handedOut = System.nanoTime();
        http.sendResponseHeaders(200, event.length);
        try (var body = http.getResponseBody()) {
            body.write(event);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
