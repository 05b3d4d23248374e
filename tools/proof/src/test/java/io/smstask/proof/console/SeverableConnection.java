package io.smstask.proof.console;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A connection from a browser to a server that can be cut, as if the server were gone, and restored. */
final class SeverableConnection implements AutoCloseable {

    private final ServerSocket listener;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final int port;
    private volatile boolean isCut;

    /** Forwards to a server on this machine. */
    SeverableConnection(URI server) throws IOException {
        port = server.getPort();
        listener = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        work(this::accept);
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + listener.getLocalPort());
    }

    /** Breaks every connection, and every later one at once. */
    void cut() {
        isCut = true;
        open.forEach(SeverableConnection::end);
    }

    void restore() {
        isCut = false;
    }

    private void accept() throws IOException {
        while (!listener.isClosed()) {
            Socket browser = listener.accept();
            if (isCut) {
                end(browser);
            } else {
                Socket server = new Socket("127.0.0.1", port);
                open.add(browser);
                open.add(server);
                if (isCut) {
                    cut();
                }
                work(() -> pass(browser, server));
                work(() -> pass(server, browser));
            }
        }
    }

    private void pass(Socket from, Socket to) throws IOException {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
        } finally {
            end(from);
            end(to);
            open.remove(from);
            open.remove(to);
        }
    }

    private static void end(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new IllegalStateException("a socket could not be closed", e);
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void work(Work work) {
        var thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException e) {
                        // Closed by one end or by a cut, as intended.
                    }
                },
                "link");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        cut();
    }
}
