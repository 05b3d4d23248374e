package io.smstask.lambdaprocess;

import io.javalin.Javalin;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Lambda's side of the Runtime API, for one execution environment: the runtime in it asks for the next invocation and posts
 * what became of it.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html">AWS: Lambda runtime API</a>
 */
public final class LambdaRuntimeApi implements AutoCloseable {

    /** How long what must come is waited for, on a machine that is eight times overloaded too. */
    static final Duration PATIENCE = Duration.ofMinutes(3);

    private static final String ROOT = "/2018-06-01/runtime";

    /** Lets a runtime go that waits for an invocation. */
    private static final Invocation END = new Invocation("", "", Duration.ZERO);

    private final BlockingQueue<Invocation> invocations = new LinkedBlockingQueue<>();
    private final Map<String, CompletableFuture<Reported>> running = new ConcurrentHashMap<>();
    private final CompletableFuture<Reported> initError = new CompletableFuture<>();
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final Javalin server;

    private LambdaRuntimeApi() {
        server = Javalin.create(config -> {
            config.startup.showJavalinBanner = false;
            config.startup.showOldJavalinVersionWarning = false;
            config.http.maxRequestSize = 6_291_456L;
            config.routes.before(http -> calls.add(
                    http.path().replaceFirst(ROOT, "").replaceFirst("invocation/[0-9a-f-]{36}", "invocation/{id}")));
            config.routes.get(ROOT + "/invocation/next", this::next);
            config.routes.post(ROOT + "/invocation/{id}/response", http -> ended(http, false));
            config.routes.post(ROOT + "/invocation/{id}/error", http -> ended(http, true));
            config.routes.post(ROOT + "/init/error", this::failed);
        });
    }

    /** Starts one on a port that the system chooses. */
    public static LambdaRuntimeApi start() {
        var api = new LambdaRuntimeApi();
        api.server.start("127.0.0.1", 0);
        return api;
    }

    /** What {@code AWS_LAMBDA_RUNTIME_API} holds. */
    public String hostAndPort() {
        return "127.0.0.1:" + server.port();
    }

    /**
     * What the runtime posted.
     *
     * @param isError whether it was an error; then the body is Lambda's error JSON
     */
    public record Reported(boolean isError, String body) {}

    /**
     * Hands one event to the runtime and waits for what it reports.
     *
     * @param limit what the function's context counts down from, once it has the event; before, it has to start
     */
    public Reported invoke(String event, Duration limit) {
        return await(begin(event, limit), limit.plus(PATIENCE), "the end of an invocation");
    }

    /** Hands one event to the runtime. What comes back fails if the process is gone before it has reported anything. */
    public CompletableFuture<Reported> begin(String event, Duration limit) {
        var invocation = new Invocation(UUID.randomUUID().toString(), event, limit);
        CompletableFuture<Reported> end = new CompletableFuture<>();
        running.put(invocation.id(), end);
        invocations.add(invocation);
        return end;
    }

    /** Nothing is reported any more: the process is gone. */
    public void abandon() {
        running.values().forEach(end -> end.completeExceptionally(new IllegalStateException("the process is gone")));
    }

    /** Waits until the function has failed to start. */
    public Reported awaitInitError(Duration limit) {
        return await(initError, limit, "an error at start");
    }

    /** The paths that were called so far below the API's root, oldest first. */
    public List<String> calls() {
        return List.copyOf(calls);
    }

    private record Invocation(String id, String event, Duration limit) {}

    private void next(Context http) throws InterruptedException {
        var invocation = invocations.take();
        if (invocation == END) {
            http.status(410);
            return;
        }
        http.header("Lambda-Runtime-Aws-Request-Id", invocation.id());
        http.header(
                "Lambda-Runtime-Deadline-Ms",
                Long.toString(System.currentTimeMillis() + invocation.limit().toMillis()));
        http.header("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:us-east-1:000000000000:function:local");
        http.header("Lambda-Runtime-Trace-Id", "Root=1-6924c590-000000000000000000000001;Sampled=0");
        http.contentType("application/json").result(invocation.event());
    }

    private void ended(Context http, boolean isError) {
        running.remove(http.pathParam("id")).complete(new Reported(isError, http.body()));
        http.status(202);
    }

    private void failed(Context http) {
        initError.complete(new Reported(true, http.body()));
        http.status(202);
    }

    private static <T> T await(CompletableFuture<T> what, Duration limit, String name) {
        try {
            return what.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("waited " + limit + " for " + name, e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        invocations.add(END);
        server.stop();
    }
}
