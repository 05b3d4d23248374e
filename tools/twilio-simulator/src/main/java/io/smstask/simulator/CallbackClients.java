package io.smstask.simulator;

import io.smstask.simulator.ConnectionOverrides.Failure;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/** Posts callbacks. java.net.http has one connect timeout a client, so there is a client for each that was asked for. */
final class CallbackClients {
    /** What became of one attempt: an answer, or none and why. */
    record Result(Optional<Integer> responseCode, Optional<Failure> failure) {}

    private final Map<Duration, HttpClient> byConnectTimeout = new ConcurrentHashMap<>();

    /**
     * One attempt, one POST: java.net.http repeats none.
     *
     * @param left of the total time
     * @return never completes exceptionally
     */
    CompletableFuture<Result> post(CallbackRequest callback, ConnectionOverrides overrides, Duration left) {
        var client = byConnectTimeout.computeIfAbsent(overrides.connectTimeout(), CallbackClients::client);
        var timeout = overrides.readTimeout().compareTo(left) < 0 ? overrides.readTimeout() : left;
        // The request's own timeout ends with the headers; the second one also ends a body that never stops.
        return client.sendAsync(callback.withTimeout(timeout), HttpResponse.BodyHandlers.discarding())
                .orTimeout(left.toNanos(), TimeUnit.NANOSECONDS)
                .handle((response, thrown) -> thrown == null
                        ? new Result(Optional.of(response.statusCode()), Failure.ofStatus(response.statusCode()))
                        : new Result(Optional.empty(), Optional.of(failure(thrown))));
    }

    private static HttpClient client(Duration connectTimeout) {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(connectTimeout)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    private static Failure failure(Throwable thrown) {
        var cause = thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        if (cause instanceof ConnectException
                || cause instanceof HttpConnectTimeoutException
                || cause instanceof SSLException) {
            return Failure.CONNECT;
        }
        if (cause instanceof IOException || cause instanceof TimeoutException) {
            return Failure.READ;
        }
        throw new IllegalStateException("no failure of the network", cause);
    }
}
