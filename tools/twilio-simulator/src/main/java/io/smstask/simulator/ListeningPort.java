package io.smstask.simulator;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import org.eclipse.jetty.server.ServerConnector;

/** The listening port, which can be closed for a time: then connections to it are refused, and open ones are cut. */
final class ListeningPort implements AutoCloseable {
    /** When opening is tried again. */
    private static final Duration AGAIN = Duration.ofMillis(50);

    private final ServerConnector connector;
    private final CallbackPoster timer;
    private final int number;
    private Socket placeholder = new Socket();
    private boolean isOver;

    /** Takes a connector that is started. */
    ListeningPort(ServerConnector connector, CallbackPoster timer) {
        this.connector = connector;
        this.timer = timer;
        this.number = connector.getLocalPort();
    }

    int number() {
        return number;
    }

    /** Returns once the port is closed. While it is, a second call does nothing. */
    synchronized void closeFor(Duration time) {
        if (isOver || !connector.isRunning()) {
            return;
        }
        run(connector::stop);
        reserve();
        timer.after(time).thenRun(this::open);
    }

    /**
     * Bound, but nobody listens: connections are refused, and no other program gets the port meanwhile. Where that cannot be
     * had, since a cut connection still holds the port, it is closed all the same.
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

    /** It is not opened again. */
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
