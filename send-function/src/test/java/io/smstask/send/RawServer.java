package io.smstask.send;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;

/**
 * An HTTP server down to the bytes, on 127.0.0.1: it records every complete request and reacts to each by script,
 * perhaps with invalid HTTP.
 */
final class RawServer implements AutoCloseable {

    /** A complete request. */
    record Received(int connection, String head, String body) {}

    /** What to do after a request; it may close the connection. */
    interface Reaction {
        void to(Socket connection) throws IOException;
    }

    private record Early(Reaction reaction) implements Reaction {
        @Override
        public void to(Socket connection) throws IOException {
            reaction.to(connection);
        }
    }

    private static final long WAIT_SECONDS = 120;

    private final ServerSocket listener;
    private final String origin;
    private final String greeting;
    private final CountDownLatch door;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Queue<Reaction> script = new ConcurrentLinkedQueue<>();
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();

    private RawServer(ServerSocket listener, String origin, String greeting, CountDownLatch door) {
        this.listener = listener;
        this.origin = origin;
        this.greeting = greeting;
        this.door = door;
        var thread = new Thread(this::accept, "raw-server");
        thread.setDaemon(true);
        thread.start();
    }

    static RawServer http() {
        ServerSocket listener = plain();
        return new RawServer(listener, "http://127.0.0.1:", "", new CountDownLatch(0));
    }

    /** A server that says something first, as no TLS server does. */
    static RawServer httpGreeting(String greeting) {
        return new RawServer(plain(), "https://localhost:", greeting, new CountDownLatch(0));
    }

    static RawServer https(SSLContext context) {
        return new RawServer(tls(context), "https://localhost:", "", new CountDownLatch(0));
    }

    /** A server that takes connections, but does not begin a TLS handshake before {@link #openDoor()}. */
    static RawServer httpsBehindDoor(SSLContext context) {
        return new RawServer(tls(context), "https://localhost:", "", new CountDownLatch(1));
    }

    /** A URL where nothing listens. */
    static URI nowhere() {
        try (ServerSocket unused = plain()) {
            return URI.create("http://127.0.0.1:" + unused.getLocalPort());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ServerSocket plain() {
        try {
            return new ServerSocket(0, 50, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ServerSocket tls(SSLContext context) {
        try {
            return context.getServerSocketFactory()
                    .createServerSocket(0, 50, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Reaction answer(int status, String body, String... headers) {
        var head = new StringBuilder("HTTP/1.1 " + status + " Whatever\r\n");
        for (String header : headers) {
            head.append(header).append("\r\n");
        }
        head.append("Content-Length: ").append(body.getBytes(StandardCharsets.UTF_8).length);
        return raw(head + "\r\n\r\n" + body);
    }

    static Reaction raw(String bytes) {
        return connection -> {
            connection.getOutputStream().write(bytes.getBytes(StandardCharsets.UTF_8));
            connection.getOutputStream().flush();
        };
    }

    static Reaction rawThenHangUp(String bytes) {
        return connection -> {
            raw(bytes).to(connection);
            connection.close();
        };
    }

    static Reaction hangUp() {
        return Socket::close;
    }

    static Reaction silence() {
        return connection -> {};
    }

    /** Reacts to the head of a request, and reads its body afterwards. */
    static Reaction early(Reaction reaction) {
        return new Early(reaction);
    }

    /** A body without an end, as fast as the other side reads. */
    static Reaction endless() {
        return connection -> {
            raw("HTTP/1.1 201 Created\r\nContent-Length: 1000000000000\r\n\r\n").to(connection);
            byte[] part = new byte[64 * 1024];
            while (!connection.isClosed()) {
                connection.getOutputStream().write(part);
            }
        };
    }

    /** A body that comes one byte every 20 ms. */
    Reaction drip() {
        return connection -> {
            raw("HTTP/1.1 201 Created\r\nContent-Length: 1000000\r\n\r\n").to(connection);
            while (!passed(closed, 20, TimeUnit.MILLISECONDS)) {
                connection.getOutputStream().write(' ');
                connection.getOutputStream().flush();
            }
        };
    }

    /** Appends reactions to the script. */
    RawServer script(Reaction... reactions) {
        script.addAll(List.of(reactions));
        return this;
    }

    void openDoor() {
        door.countDown();
    }

    URI uri() {
        return URI.create(origin + listener.getLocalPort());
    }

    /** The complete requests, oldest first. */
    List<Received> received() {
        return List.copyOf(received);
    }

    int connectionsAccepted() {
        return accepted.get();
    }

    /** Waits until at most this many connections are open; false if that does not happen. */
    synchronized boolean openConnectionsFallTo(int count) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
        while (open.size() > count && System.nanoTime() < deadline) {
            wait(TimeUnit.SECONDS.toMillis(1));
        }
        return open.size() <= count;
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        door.countDown();
        listener.close();
        for (Socket connection : open) {
            connection.close();
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket connection = listener.accept();
                open.add(connection);
                int number = accepted.incrementAndGet();
                var thread = new Thread(() -> serve(connection, number), "raw-server-" + number);
                thread.setDaemon(true);
                thread.start();
            }
        } catch (IOException e) {
            closed.countDown();
        }
    }

    private void serve(Socket connection, int number) {
        try (connection) {
            passed(door, WAIT_SECONDS, TimeUnit.SECONDS);
            raw(greeting).to(connection);
            InputStream in = new BufferedInputStream(connection.getInputStream());
            while (!connection.isClosed()) {
                String head = head(in);
                if (script.peek() instanceof Early early) {
                    early.to(connection);
                }
                byte[] body = in.readNBytes(contentLength(head));
                received.add(new Received(number, head, new String(body, StandardCharsets.UTF_8)));
                Reaction reaction = script.poll();
                if (reaction == null) {
                    throw new IllegalStateException("a request more than the script knows of");
                }
                if (!(reaction instanceof Early)) {
                    reaction.to(connection);
                }
            }
        } catch (IOException e) {
            // The client has closed, as it may.
        } finally {
            open.remove(connection);
            synchronized (this) {
                notifyAll();
            }
        }
    }

    private static String head(InputStream in) throws IOException {
        var head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("the connection ended");
            }
            head.write(next);
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    private static int contentLength(String head) {
        return head.lines()
                .filter(line -> line.startsWith("Content-Length: "))
                .mapToInt(line -> Integer.parseInt(line.substring("Content-Length: ".length())))
                .findFirst()
                .orElse(0);
    }

    private static boolean passed(CountDownLatch latch, long time, TimeUnit unit) {
        try {
            return latch.await(time, unit);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
