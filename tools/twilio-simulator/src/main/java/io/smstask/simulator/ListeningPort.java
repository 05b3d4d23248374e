package io.smstask.simulator;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import org.eclipse.jetty.server.ServerConnector;

/** The listening port, which can be closed for a time: new connections are refused and open ones cut. */
final class ListeningPort implements AutoCloseable {
    /** Pause before opening is tried again. */
    private static final Duration AGAIN = Duration.ofMillis(50);

    private final ServerConnector connector;
    private final CallbackPoster timer;
    private final int number;
    private Socket placeholder = new Socket();
    private boolean isOver;

    /** @param connector started */
    ListeningPort(ServerConnector connector, CallbackPoster timer) {
        this.connector = connector;
        this.timer = timer;
        this.number = connector.getLocalPort();
    }

    int number() {
        return number;
    }

    /** Returns once the port is closed. A second call while it is closed does nothing. */
    synchronized void closeFor(Duration time) {
        if (isOver || !connector.isRunning()) {
            return;
        }
        run(connector::stop);
        reserve();
        timer.after(time).thenRun(this::open);
    }

    /**
     * Binds the port without listening: connections are refused, and no other program can take the port. If a cut
     * connection still holds the port, it cannot be bound; it is closed anyway.
     */
    private void reserve() {
        placeholder = new Socket();
        try {
            placeholder.setReuseAddress(true);
            placeholder.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), number));
        } catch (IOException e) {
            run(placeholder::close);
        }
    }

    private synchronized void open() {
        if (isOver) {
            return;
        }
        run(placeholder::close);
        connector.setPort(number);
        try {
            connector.start();
        } catch (Exception e) { // all that Jetty's life cycle declares; the port may be free a moment later
            timer.after(AGAIN).thenRun(this::open);
        }
    }

    /** Keeps it closed for good. */
    @Override
    public synchronized void close() {
        isOver = true;
        run(placeholder::close);
    }

    private interface Step {
        void run() throws Exception;
    }

    private static void run(Step step) {
        try {
            step.run();
        } catch (Exception e) { // all that Jetty's life cycle declares
            throw new IllegalStateException("the port cannot be closed or opened", e);
        }
    }
}
