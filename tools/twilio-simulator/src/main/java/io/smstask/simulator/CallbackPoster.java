package io.smstask.simulator;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Advances messages through their statuses and posts a callback for each. The delay before the next status of a message
 * begins when the previous callback has been answered or given up.
 */
final class CallbackPoster implements AutoCloseable {
    private final ScheduledExecutorService scheduler = Executors.newScheduledThreadPool(2, task -> {
        var thread = new Thread(task, "twilio-simulator");
        thread.setDaemon(true);
        return thread;
    });
    private final BoundedLog<CallbackAttempt> attempts = new BoundedLog<>();
    private final CallbackClients clients = new CallbackClients();
    private volatile Duration delay;
    private final Clock clock;

    CallbackPoster(Duration delay, Clock clock) {
        this.delay = delay;
        this.clock = clock;
    }

    List<CallbackAttempt> attempts() {
        return attempts.all();
    }

    void clear() {
        attempts.clear();
    }

    Duration delay() {
        return delay;
    }

    /** Takes effect with the next status. */
    void delay(Duration next) {
        delay = next;
    }

    /**
     * Advances a message through these statuses.
     *
     * @param poster whose sid and signature the callbacks carry
     * @param posted whether callbacks are posted, if the message has a callback URL
     * @return completes after the last status
     */
    CompletableFuture<Void> run(SimulatedMessage message, Account poster, List<String> statuses, boolean posted) {
        var way = CompletableFuture.<Void>completedFuture(null);
        for (String status : statuses) {
            way = way.thenCompose(before -> after(delay)).thenCompose(now -> {
                if (message.isForgotten() || !message.reach(status, clock.instant())) {
                    return CompletableFuture.completedFuture(null);
                }
                return posted && message.statusCallback().isPresent()
                        ? post(message, poster, status)
                        : CompletableFuture.completedFuture(null);
            });
        }
        return way;
    }

    /** {@return completes after that time, or never if this is closed} */
    CompletableFuture<Void> after(Duration time) {
        var done = new CompletableFuture<Void>();
        if (!scheduler.isShutdown()) {
            scheduler.schedule(() -> done.complete(null), time.toNanos(), TimeUnit.NANOSECONDS);
        }
        return done;
    }

    /** Posts one callback of a message that has a callback URL. */
    CompletableFuture<Void> post(SimulatedMessage message, Account poster, String status) {
        var overrides = ConnectionOverrides.of(message.statusCallback().orElseThrow());
        var fields = message.callback(status, clock.instant());
        fields.put("AccountSid", poster.sid());
        var callback = CallbackRequest.of(message.statusCallback().orElseThrow(), fields, poster.authToken());
        return post(message, status, callback, overrides, 1, System.nanoTime());
    }

    private CompletableFuture<Void> post(
            SimulatedMessage message,
            String status,
            CallbackRequest callback,
            ConnectionOverrides overrides,
            int attempt,
            long firstAttempt) {
        var left = overrides.totalTime().minusNanos(System.nanoTime() - firstAttempt);
        if (left.toMillis() <= 0) {
            return CompletableFuture.completedFuture(null);
        }
        return clients.post(callback, overrides, left).thenCompose(result -> {
            var ended = new CallbackAttempt(
                    clock.instant(),
                    message.sid(),
                    status,
                    callback.url(),
                    attempt,
                    callback.idempotencyToken(),
                    result.responseCode(),
                    result.failure().map(ConnectionOverrides.Failure::word).orElse(""));
            // Check and add in one step, so that nothing of a forgotten message is added after clear().
            synchronized (attempts) {
                if (message.isForgotten()) {
                    return CompletableFuture.completedFuture(null);
                }
                attempts.add(ended);
            }
            boolean again =
                    result.failure().filter(overrides.retryOn()::contains).isPresent()
                            && attempt <= overrides.retries()
                            && overrides.totalTime().toNanos() > System.nanoTime() - firstAttempt + delay.toNanos();
            return again
                    ? after(delay)
                            .thenCompose(now -> post(message, status, callback, overrides, attempt + 1, firstAttempt))
                    : CompletableFuture.completedFuture(null);
        });
    }

    /** Starts nothing more; a POST in flight ends by itself. */
    @Override
    public void close() {
        scheduler.shutdownNow();
    }
}
