package io.smstask.send;

import com.twilio.http.HttpClient;
import com.twilio.http.HttpMethod;
import com.twilio.http.Request;
import com.twilio.http.Response;
import io.smstask.task.CallFailure;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.crt.CRT;
import software.amazon.awssdk.crt.CrtRuntimeException;
import software.amazon.awssdk.crt.http.HttpClientConnection;
import software.amazon.awssdk.crt.http.HttpClientConnectionManager;
import software.amazon.awssdk.crt.http.HttpClientConnectionManagerOptions;
import software.amazon.awssdk.crt.http.HttpException;
import software.amazon.awssdk.crt.http.HttpHeader;
import software.amazon.awssdk.crt.http.HttpProxyEnvironmentVariableSetting;
import software.amazon.awssdk.crt.http.HttpProxyEnvironmentVariableSetting.HttpProxyEnvironmentVariableType;
import software.amazon.awssdk.crt.http.HttpRequest;
import software.amazon.awssdk.crt.http.HttpRequestBodyStream;
import software.amazon.awssdk.crt.http.HttpStream;
import software.amazon.awssdk.crt.io.ClientBootstrap;
import software.amazon.awssdk.crt.io.SocketOptions;
import software.amazon.awssdk.crt.io.TlsConnectionOptions;
import software.amazon.awssdk.crt.io.TlsContext;
import software.amazon.awssdk.crt.io.TlsContextOptions;

/**
 * A transport for twilio-java that writes a form at most once per call. twilio-java's own repeats a POST up to three
 * times on a 5xx, and the HTTP client under it does so again on 429 and 503, although sending a message is not
 * idempotent.
 *
 * <p>A call has two phases. While it connects (DNS, TCP, TLS) nothing has been written, and every failure is a
 * {@link ConnectFailed}. Once the request is handed over, every failure is an {@link OutcomeUnknown}. Redirects are not
 * followed. Proxy settings of the environment are ignored.
 *
 * <p>If connecting takes long, further attempts race the first, so that a silent address does not hide a healthy one.
 *
 * <p>One connection is kept between calls, for at most {@link #MAX_IDLE}. Its age is measured by the wall clock at the
 * next call, since neither timers nor event loops run while a function is frozen.
 *
 * <p>Safe for use by several threads: a thread that finds no kept connection opens its own.
 *
 * @see <a href="https://www.twilio.com/docs/api/errors/20500">Twilio: error 20500, on repeated POST requests</a>
 */
final class OnePostHttpClient extends HttpClient implements AutoCloseable {

    /** How long a connection may have been idle and still carry a request. */
    static final Duration MAX_IDLE = Duration.ofSeconds(5);

    /** The patience of a call that names none. */
    static final Duration DEFAULT_PATIENCE = Duration.ofSeconds(15);

    private static final int CONNECT_TIMEOUT_MILLIS = 5_000;
    // CRT's TLS reports a failed handshake only after 10 to 30 s, as a defence against timing attacks. This ends it
    // sooner.
    private static final int TLS_TIMEOUT_MILLIS = 5_000;
    /**
     * How long to wait for a connection before another attempt begins beside it; at most {@value #CONNECT_ATTEMPTS} in
     * all.
     */
    private static final Duration NEXT_ATTEMPT = Duration.ofMillis(500);

    private static final int CONNECT_ATTEMPTS = 4;

    /** A connection between two calls. */
    private record Kept(HttpClientConnection connection, Instant lastUse) {}

    private final URI origin;
    private final Clock clock;
    private final Duration nextAttempt;
    private final SocketOptions socket = new SocketOptions();
    private final TlsContext context;
    private final TlsConnectionOptions tls;
    private final HttpClientConnectionManagerOptions connections;
    private final AtomicReference<@Nullable Kept> kept = new AtomicReference<>();

    /**
     * A transport to one host, with the platform's trust store.
     *
     * @param origin {@code http} or {@code https} URL; its path is ignored
     */
    OnePostHttpClient(URI origin, Clock clock) {
        this(origin, clock, TlsContextOptions.createDefaultClient(), NEXT_ATTEMPT);
    }

    /**
     * A transport to one host, with these TLS options, which it closes.
     *
     * @param nextAttempt how long to wait for a connection before another attempt begins beside it
     */
    OnePostHttpClient(URI origin, Clock clock, TlsContextOptions tlsOptions, Duration nextAttempt) {
        this.origin = origin;
        this.clock = clock;
        this.nextAttempt = nextAttempt;
        try (tlsOptions) {
            this.context = new TlsContext(tlsOptions);
        }
        this.tls = new TlsConnectionOptions(context);
        tls.withServerName(origin.getHost()).withTimeoutMs(TLS_TIMEOUT_MILLIS);
        socket.connectTimeoutMs = CONNECT_TIMEOUT_MILLIS;
        var noProxy = new HttpProxyEnvironmentVariableSetting();
        noProxy.setEnvironmentVariableType(HttpProxyEnvironmentVariableType.DISABLED);
        this.connections = new HttpClientConnectionManagerOptions()
                .withClientBootstrap(ClientBootstrap.getOrCreateStaticDefault())
                .withSocketOptions(socket)
                .withTlsConnectionOptions(tls)
                .withUri(origin)
                .withMaxConnections(1)
                .withProxyEnvironmentVariableSetting(noProxy);
    }

    /** One exchange within {@link #DEFAULT_PATIENCE}. */
    @Override
    public Response makeRequest(Request request) {
        return makeRequest(request, DEFAULT_PATIENCE);
    }

    /** One exchange: nothing is repeated. */
    @Override
    public Response reliableRequest(Request request) {
        return makeRequest(request);
    }

    /** One exchange: nothing is repeated, whatever is asked for. */
    @Override
    public Response reliableRequest(Request request, int[] retryCodes, int retries, long delayMillis) {
        return makeRequest(request);
    }

    /**
     * One exchange.
     *
     * @param request a POST of a form to this transport's host
     * @param patience how long it may take, from connecting to the answer's last byte
     * @return the whole answer, whatever its status
     * @throws ConnectFailed if the request was not written
     * @throws OutcomeUnknown if it may have been written and no usable answer came
     */
    Response makeRequest(Request request, Duration patience) {
        HttpRequest post = post(request);
        long deadline = System.nanoTime() + patience.toNanos();
        HttpClientConnection connection = takeKept();
        if (connection == null) {
            connection = connect(deadline);
        }
        try {
            Response answer = exchange(connection, post, deadline);
            keep(new Kept(connection, clock.instant()));
            return answer;
        } catch (ConnectFailed | OutcomeUnknown e) {
            drop(connection);
            throw e;
        }
    }

    /**
     * Opens the connection that the next call will use, if it comes within {@link #MAX_IDLE}.
     *
     * @throws ConnectFailed if none is made
     */
    void connectAhead(Duration patience) {
        HttpClientConnection connection = connect(System.nanoTime() + patience.toNanos());
        keep(new Kept(connection, clock.instant()));
    }

    @Override
    public void close() {
        Kept old = kept.getAndSet(null);
        if (old != null) {
            drop(old.connection());
        }
        tls.close();
        context.close();
        socket.close();
    }

    private @Nullable HttpClientConnection takeKept() {
        Kept found = kept.getAndSet(null);
        if (found == null) {
            return null;
        }
        if (isFresh(found)) {
            return found.connection();
        }
        drop(found.connection());
        return null;
    }

    private boolean isFresh(Kept found) {
        Duration idle = Duration.between(found.lastUse(), clock.instant());
        // If the clock was set back, the time that passed is unknown.
        return !idle.isNegative()
                && idle.compareTo(MAX_IDLE) <= 0
                && found.connection().isOpen();
    }

    private void keep(Kept used) {
        if (!used.connection().isOpen() || !kept.compareAndSet(null, used)) {
            drop(used.connection());
        }
    }

    HttpClientConnection connect(long deadline) {
        List<HttpClientConnectionManager> managers = new ArrayList<>();
        CompletableFuture<HttpClientConnection> pending = begin(managers);
        try {
            return pending.get(Math.min(nextAttempt.toNanos(), nanosUntil(deadline)), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException e) {
            return connectElsewhere(pending, managers, deadline);
        } catch (InterruptedException e) {
            throw interrupted(pending);
        } finally {
            // Ends pending attempts; a connection that was handed out stays open.
            for (HttpClientConnectionManager manager : managers) {
                manager.close();
            }
        }
    }

    /**
     * Begins further attempts beside the first, and takes the connection that comes first.
     *
     * <p>A name may have several addresses, and one of them may be silent. CRT hands out the addresses in turn, but
     * starts over whenever it resolves the name, once a second; a time-out does not change that. So an attempt after a
     * time-out would get the silent address again, while one that begins soon enough gets another.
     */
    private HttpClientConnection connectElsewhere(
            CompletableFuture<HttpClientConnection> pending,
            List<HttpClientConnectionManager> managers,
            long deadline) {
        CompletableFuture<HttpClientConnection> first = new CompletableFuture<>();
        CompletableFuture<Void> all = pending.thenAccept(connection -> offer(connection, first));
        try {
            for (int i = 1; i < CONNECT_ATTEMPTS && !first.isDone() && nanosUntil(deadline) > 0; i++) {
                CompletableFuture<Void> one = begin(managers).thenAccept(connection -> offer(connection, first));
                all = CompletableFuture.allOf(all, one);
                awaitEnd(CompletableFuture.anyOf(first, one), Math.min(nextAttempt.toNanos(), nanosUntil(deadline)));
            }
            Throwable failure = awaitEnd(CompletableFuture.anyOf(first, all), nanosUntil(deadline));
            if (first.isDone()) {
                return first.join();
            }
            dropOnArrival(first);
            throw new ConnectFailed(
                    failure == null ? "no connection in time" : "no connection (" + errorName(failure) + ")");
        } catch (InterruptedException e) {
            throw interrupted(first);
        }
    }

    /**
     * Begins to connect.
     *
     * @param managers gets a manager for this attempt alone: a shared one would hand the first connection to the oldest
     *     attempt, even if that was given up
     */
    private CompletableFuture<HttpClientConnection> begin(List<HttpClientConnectionManager> managers) {
        try {
            HttpClientConnectionManager manager = HttpClientConnectionManager.create(connections);
            managers.add(manager);
            return manager.acquireConnection();
        } catch (CrtRuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static void offer(HttpClientConnection connection, CompletableFuture<HttpClientConnection> first) {
        if (!first.complete(connection)) {
            drop(connection);
        }
    }

    /** Waits, and returns the failure; null if there was none, or the time is over. */
    private static @Nullable Throwable awaitEnd(CompletableFuture<?> awaited, long nanos) throws InterruptedException {
        try {
            awaited.get(nanos, TimeUnit.NANOSECONDS);
            return null;
        } catch (ExecutionException e) {
            return e.getCause();
        } catch (TimeoutException e) {
            return null;
        }
    }

    private static ConnectFailed interrupted(CompletableFuture<HttpClientConnection> pending) {
        dropOnArrival(pending);
        Thread.currentThread().interrupt();
        return new ConnectFailed("connecting was interrupted");
    }

    // Cancelling the future instead would put a late connection into CRT's pool, open and ageing, for some later call.
    private static void dropOnArrival(CompletableFuture<HttpClientConnection> pending) {
        pending.thenAccept(OnePostHttpClient::drop);
    }

    /** Closes a connection for good: one that is open when it is handed back goes into CRT's pool. */
    private static void drop(HttpClientConnection connection) {
        connection.shutdown();
        connection.close();
    }

    private static Response exchange(HttpClientConnection connection, HttpRequest post, long deadline) {
        if (nanosUntil(deadline) == 0) {
            throw new ConnectFailed("no time left after connecting");
        }
        ResponseCollector answer = new ResponseCollector();
        try (HttpStream stream = stream(connection, post, answer)) {
            activate(stream);
            return answer.await(Duration.ofNanos(nanosUntil(deadline)));
        }
    }

    /** Until here nothing can have been written: a stream does nothing until it is activated. */
    static HttpStream stream(HttpClientConnection connection, HttpRequest post, ResponseCollector answer) {
        try {
            return connection.makeRequest(post, answer);
        } catch (CrtRuntimeException e) {
            throw new ConnectFailed("the connection was closed before the request (" + e.errorName + ")");
        }
    }

    /** From here on the request may have been written, even where CRT says that it could not begin. */
    static void activate(HttpStream stream) {
        try {
            stream.activate();
        } catch (CrtRuntimeException e) {
            throw new OutcomeUnknown(CallFailure.CONNECTION_LOST, "the connection broke (" + e.errorName + ")");
        }
    }

    private HttpRequest post(Request request) {
        URI target = URI.create(request.getUrl());
        if (request.getMethod() != HttpMethod.POST || !target.getRawAuthority().equals(origin.getRawAuthority())) {
            throw new IllegalArgumentException("this transport makes POST requests to its own host only");
        }
        byte[] form = request.encodeFormBody().getBytes(StandardCharsets.UTF_8);
        List<HttpHeader> headers = new ArrayList<>();
        headers.add(new HttpHeader("Host", target.getRawAuthority()));
        headers.add(new HttpHeader("User-Agent", "smstask"));
        headers.add(new HttpHeader("Accept", "application/json"));
        headers.add(new HttpHeader("Content-Type", "application/x-www-form-urlencoded"));
        headers.add(new HttpHeader("Content-Length", Integer.toString(form.length)));
        if (request.requiresAuthentication()) {
            headers.add(new HttpHeader("Authorization", request.getAuthString()));
        }
        for (Map.Entry<String, List<String>> header : request.getHeaderParams().entrySet()) {
            for (String value : header.getValue()) {
                headers.add(new HttpHeader(header.getKey(), value));
            }
        }
        String query = request.encodeQueryParams();
        String path = query.isEmpty() ? target.getRawPath() : target.getRawPath() + "?" + query;
        return new HttpRequest("POST", path, headers.toArray(new HttpHeader[0]), new FormBody(form));
    }

    private static long nanosUntil(long deadline) {
        return Math.max(0, deadline - System.nanoTime());
    }

    private static String errorName(@Nullable Throwable cause) {
        if (cause instanceof CrtRuntimeException known) {
            return known.errorName;
        }
        return cause instanceof HttpException known ? CRT.awsErrorName(known.getErrorCode()) : "unknown error";
    }

    /** The body of a request, as CRT asks for it: buffer by buffer. */
    private static final class FormBody implements HttpRequestBodyStream {

        private final ByteBuffer left;
        private final int length;

        private FormBody(byte[] form) {
            this.left = ByteBuffer.wrap(form);
            this.length = form.length;
        }

        @Override
        public boolean sendRequestBody(ByteBuffer out) {
            while (left.hasRemaining() && out.hasRemaining()) {
                out.put(left.get());
            }
            return !left.hasRemaining();
        }

        @Override
        public boolean resetPosition() {
            left.rewind();
            return true;
        }

        @Override
        public long getLength() {
            return length;
        }
    }
}
