package io.smstask.http;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.crt.CRT;
import software.amazon.awssdk.crt.CrtResource;
import software.amazon.awssdk.crt.CrtRuntimeException;
import software.amazon.awssdk.crt.http.HttpClientConnection;
import software.amazon.awssdk.crt.http.HttpClientConnectionManager;
import software.amazon.awssdk.crt.http.HttpClientConnectionManagerOptions;
import software.amazon.awssdk.crt.http.HttpException;
import software.amazon.awssdk.crt.http.HttpProxyEnvironmentVariableSetting;
import software.amazon.awssdk.crt.http.HttpProxyEnvironmentVariableSetting.HttpProxyEnvironmentVariableType;
import software.amazon.awssdk.crt.http.HttpRequest;
import software.amazon.awssdk.crt.http.HttpStream;
import software.amazon.awssdk.crt.io.ClientBootstrap;
import software.amazon.awssdk.crt.io.SocketOptions;
import software.amazon.awssdk.crt.io.TlsConnectionOptions;

/**
 * One host. An exchange has two phases. While it connects (DNS, TCP, TLS) nothing has been written, and every failure is a
 * {@link ConnectFailed}. Once the request is handed over, every failure is a {@link NoAnswer}. Redirects are not followed.
 * Proxy settings of the environment are ignored.
 *
 * <p>If connecting takes long, further attempts race the first, so that a silent address does not hide a healthy one.
 *
 * <p>Connections are kept between exchanges, for a limited time. Their age is measured by the wall clock at the next
 * exchange, since neither timers nor event loops run while a function is frozen.
 *
 * <p>Safe for use by several threads: a thread that finds no kept connection opens its own.
 */
public final class Host implements Http, AutoCloseable {

    /** The most bytes of an answer's body. An item of DynamoDB has 400 KB at most, in JSON up to six times as much. */
    public static final int MAX_BODY_BYTES = 4 * 1024 * 1024;

    private static final int CONNECT_ATTEMPTS = 4;
    private static final int CONNECT_TIMEOUT_MILLIS = 5_000;
    // CRT's TLS reports a failed handshake only after 10 to 30 s, as a defence against timing attacks. This ends it
    // sooner.
    private static final int TLS_TIMEOUT_MILLIS = 5_000;

    /** A connection between two exchanges. */
    private record KeptConnection(HttpClientConnection connection, Instant lastUse) {}

    private final URI origin;
    private final Tls tls;
    private final Clock clock;
    private final Duration maxIdle;
    private final Duration nextAttempt;
    private final LinkedBlockingDeque<KeptConnection> kept;
    private @Nullable HttpClientConnectionManagerOptions options;

    /**
     * @param origin {@code http} or {@code https} URL; its path is ignored
     * @param maxIdle how long a connection may have been idle and still carry a request
     * @param mostKept how many idle connections are kept
     * @param nextAttempt how long to wait for a connection before another attempt begins beside it, at most
     *     {@value #CONNECT_ATTEMPTS} in all
     */
    public Host(URI origin, Tls tls, Clock clock, Duration maxIdle, int mostKept, Duration nextAttempt) {
        this.origin = origin;
        this.tls = tls;
        this.clock = clock;
        this.maxIdle = maxIdle;
        this.nextAttempt = nextAttempt;
        this.kept = new LinkedBlockingDeque<>(mostKept);
    }

    /** Made by the first attempt to connect: it loads the native library, which may go beside other work. */
    synchronized HttpClientConnectionManagerOptions options() {
        HttpClientConnectionManagerOptions made = options;
        if (made == null) {
            SocketOptions socket = new SocketOptions();
            socket.connectTimeoutMs = CONNECT_TIMEOUT_MILLIS;
            acquire(socket);
            var noProxy = new HttpProxyEnvironmentVariableSetting();
            noProxy.setEnvironmentVariableType(HttpProxyEnvironmentVariableType.DISABLED);
            made = new HttpClientConnectionManagerOptions()
                    .withClientBootstrap(ClientBootstrap.getOrCreateStaticDefault())
                    .withSocketOptions(socket)
                    .withUri(origin)
                    .withMaxConnections(1)
                    .withProxyEnvironmentVariableSetting(noProxy);
            if (origin.getScheme().equals("https")) {
                TlsConnectionOptions secure = new TlsConnectionOptions(tls.context())
                        .withServerName(origin.getHost())
                        .withTimeoutMs(TLS_TIMEOUT_MILLIS);
                acquire(secure);
                made.withTlsConnectionOptions(secure);
            }
            options = made;
        }
        return made;
    }

    /** CRT makes the native part of such options when it is first asked for, and throws if two threads ask at once. */
    private static void acquire(CrtResource options) {
        options.getNativeHandle();
    }

    @Override
    public HttpAnswer exchange(HttpRequest request, Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        HttpClientConnection taken = takeKept();
        HttpClientConnection connection = taken == null ? connect(end) : taken;
        try {
            HttpAnswer answer = exchange(connection, request, end);
            keep(connection);
            return answer;
        } catch (ConnectFailed | NoAnswer e) {
            drop(connection);
            if (taken != null) {
                // Whatever ended this one, such as a freeze of the process, may have ended all: the next call connects.
                dropKept();
            }
            throw e;
        }
    }

    /**
     * Opens the connection that the next exchange will use, if it comes soon enough.
     *
     * @throws ConnectFailed if none is made
     */
    public void connectAhead(Duration limit) {
        keep(connect(System.nanoTime() + limit.toNanos()));
    }

    private void dropKept() {
        for (KeptConnection old = kept.poll(); old != null; old = kept.poll()) {
            drop(old.connection());
        }
    }

    @Override
    public synchronized void close() {
        dropKept();
        HttpClientConnectionManagerOptions made = options;
        if (made != null) {
            made.getSocketOptions().close();
            if (made.getTlsConnectionOptions() != null) {
                made.getTlsConnectionOptions().close();
            }
        }
    }

    private @Nullable HttpClientConnection takeKept() {
        for (KeptConnection found = kept.pollFirst(); found != null; found = kept.pollFirst()) {
            if (isFresh(found)) {
                return found.connection();
            }
            drop(found.connection());
        }
        return null;
    }

    private boolean isFresh(KeptConnection found) {
        Duration idle = Duration.between(found.lastUse(), clock.instant());
        // If the clock was set back, the time that passed is unknown.
        return !idle.isNegative()
                && idle.compareTo(maxIdle) <= 0
                && found.connection().isOpen();
    }

    private void keep(HttpClientConnection used) {
        if (!used.isOpen() || !kept.offerFirst(new KeptConnection(used, clock.instant()))) {
            drop(used);
        }
    }

    HttpClientConnection connect(long end) {
        return new Race().firstConnection(end);
    }

    /**
     * Attempts to connect to one host; the connection that comes first is taken.
     *
     * <p>A name may have several addresses, and one of them may be silent. CRT hands out the addresses in turn, but
     * starts over whenever it resolves the name, once a second; a time-out does not change that. So an attempt after a
     * time-out would get the silent address again, while one that begins soon enough gets another.
     */
    private final class Race implements BiConsumer<@Nullable HttpClientConnection, @Nullable Throwable> {

        /** One for each attempt: a shared one would hand the first connection to an attempt that was given up. */
        private final List<HttpClientConnectionManager> managers = new ArrayList<>();

        private @Nullable HttpClientConnection first;
        private @Nullable Throwable failure;
        private int pending;
        private boolean isOver;

        synchronized HttpClientConnection firstConnection(long end) {
            try {
                for (int i = 0; i < CONNECT_ATTEMPTS && first == null && nanosUntil(end) > 0; i++) {
                    begin();
                    // If one fails, the next begins at once.
                    await(pending - 1, Math.min(nextAttempt.toNanos(), nanosUntil(end)));
                }
                await(0, nanosUntil(end));
            } catch (InterruptedException e) {
                if (first != null) {
                    drop(first);
                }
                Thread.currentThread().interrupt();
                throw new ConnectFailed("connecting was interrupted");
            } finally {
                isOver = true;
                // Ends pending attempts; a connection that was handed out stays open.
                for (HttpClientConnectionManager manager : managers) {
                    manager.close();
                }
            }
            if (first != null) {
                return first;
            }
            throw new ConnectFailed(
                    failure == null || pending > 0
                            ? "no connection in time"
                            : "no connection (" + errorName(failure) + ")");
        }

        private void begin() {
            pending++;
            try {
                HttpClientConnectionManager manager = HttpClientConnectionManager.create(options());
                managers.add(manager);
                manager.acquireConnection().whenComplete(this);
            } catch (CrtRuntimeException e) {
                accept(null, e);
            }
        }

        /** Waits for a connection, or until no more than so many attempts are pending. */
        private void await(int mostPending, long nanos) throws InterruptedException {
            long end = System.nanoTime() + nanos;
            while (first == null && pending > mostPending && nanosUntil(end) > 0) {
                TimeUnit.NANOSECONDS.timedWait(this, nanosUntil(end));
            }
        }

        /**
         * One attempt is over. A connection that comes too late is dropped here: had the attempt been cancelled, CRT would
         * keep it in its pool, open and ageing.
         */
        @Override
        public synchronized void accept(@Nullable HttpClientConnection connection, @Nullable Throwable error) {
            pending--;
            if (connection == null) {
                failure = error;
            } else if (isOver || first != null) {
                drop(connection);
            } else {
                first = connection;
            }
            notifyAll();
        }
    }

    /** Closes a connection for good: one that is open when it is handed back goes into CRT's pool. */
    private static void drop(HttpClientConnection connection) {
        connection.shutdown();
        connection.close();
    }

    private static HttpAnswer exchange(HttpClientConnection connection, HttpRequest request, long end) {
        if (nanosUntil(end) == 0) {
            throw new ConnectFailed("no time left after connecting");
        }
        Collector answer = new Collector();
        try (HttpStream stream = stream(connection, request, answer)) {
            activate(stream);
            return answer.await(nanosUntil(end));
        }
    }

    /** Until here nothing can have been written: a stream does nothing until it is activated. */
    static HttpStream stream(HttpClientConnection connection, HttpRequest request, Collector answer) {
        try {
            return connection.makeRequest(request, answer);
        } catch (CrtRuntimeException e) {
            throw new ConnectFailed("the connection was closed before the request (" + e.errorName + ")");
        }
    }

    /** From here on the request may have been written, even where CRT says that it could not begin. */
    static void activate(HttpStream stream) {
        try {
            stream.activate();
        } catch (CrtRuntimeException e) {
            throw new NoAnswer(NoAnswer.Cause.CONNECTION_LOST, "the connection broke (" + e.errorName + ")");
        }
    }

    private static long nanosUntil(long end) {
        return Math.max(0, end - System.nanoTime());
    }

    private static String errorName(Throwable cause) {
        if (cause instanceof CrtRuntimeException known) {
            return known.errorName;
        }
        return cause instanceof HttpException known ? CRT.awsErrorName(known.getErrorCode()) : "unknown error";
    }
}
