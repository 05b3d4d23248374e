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

/**
 * Posts callbacks. In java.net.http the connect timeout belongs to the client, so there is a client for each timeout.
 */
final class CallbackClients {
    /** The result of one attempt: an answer, or why there is none. */
    record Result(Optional<Integer> responseCode, Optional<Failure> failure) {}

    private final Map<Duration, HttpClient> byConnectTimeout = new ConcurrentHashMap<>();

    /**
     * One attempt is one POST: java.net.http does not repeat it. Only if the receiver asks for a password, and the URL
     * has one, is there a second POST, with it.
     *
     * @param left what is left of the total time
     * @return never completes exceptionally
     */
    CompletableFuture<Result> post(CallbackRequest callback, ConnectionOverrides overrides, Duration left) {
        var client = byConnectTimeout.computeIfAbsent(overrides.connectTimeout(), CallbackClients::client);
        var timeout = overrides.readTimeout().compareTo(left) < 0 ? overrides.readTimeout() : left;
        // The request's own timeout covers the headers only; orTimeout also covers an endless body.
        var request = callback.withTimeout(timeout);
        return client.sendAsync(request, HttpResponse.BodyHandlers.discarding())
                .thenCompose(response ->
                        asksForPassword(response) && callback.userInfo().isPresent()
                                ? client.sendAsync(callback.authorized(request), HttpResponse.BodyHandlers.discarding())
                                : CompletableFuture.completedFuture(response))
                .orTimeout(left.toNanos(), TimeUnit.NANOSECONDS)
                .handle((response, thrown) -> thrown == null
                        ? new Result(Optional.of(response.statusCode()), Failure.ofStatus(response.statusCode()))
                        : new Result(Optional.empty(), Optional.of(failure(thrown))));
    }

    private static boolean asksForPassword(HttpResponse<Void> response) {
        return response.statusCode() == 401
                && response.headers().allValues("WWW-Authenticate").stream()
                        .anyMatch(challenge -> challenge.regionMatches(true, 0, "Basic", 0, 5));
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
        // What is left cannot even be tried. Thrown, it would end the message's callbacks unseen.
        return cause instanceof IOException || cause instanceof TimeoutException ? Failure.READ : Failure.CONNECT;
    }
}
