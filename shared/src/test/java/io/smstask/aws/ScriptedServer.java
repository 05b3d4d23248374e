package io.smstask.aws;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;

/** A server that answers each request with the next scripted bytes, whatever they are, and then hangs up. */
final class ScriptedServer implements AutoCloseable {

    /** No answer; the connection stays open. */
    static final String SILENCE = "";

    private final ServerSocket socket;
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final Queue<String> script = new ConcurrentLinkedQueue<>();
    private volatile Duration firstFor = Duration.ZERO;
    private volatile String first = "";
    private volatile long firstRequest;

    ScriptedServer() {
        try {
            socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread thread = new Thread(this::serve, "scripted-server");
        thread.setDaemon(true);
        thread.start();
    }

    /** An answer with a JSON body. */
    static String answer(int status, String json, String... headers) {
        List<String> lines = new ArrayList<>(List.of(headers));
        lines.add(0, "HTTP/1.1 " + status + " scripted");
        lines.add("Content-Length: " + json.getBytes(UTF_8).length);
        lines.add("Connection: close");
        return String.join("\r\n", lines) + "\r\n\r\n" + json;
    }

    ScriptedServer script(String... answers) {
        script.addAll(List.of(answers));
        return this;
    }

    /** Answers like this for a time, which begins with the first request; after it, as scripted. */
    ScriptedServer scriptFor(Duration time, String answer) {
        firstFor = time;
        first = answer;
        return this;
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + socket.getLocalPort());
    }

    /** Head and body of each request. */
    List<String> requests() {
        return List.copyOf(requests);
    }

    private void serve() {
        try {
            while (true) {
                Socket connection = socket.accept();
                open.add(connection);
                Thread thread = new Thread(() -> serve(connection), "scripted-connection");
                thread.setDaemon(true);
                thread.start();
            }
        } catch (IOException e) {
            return; // the test is over
        }
    }

    private void serve(Socket connection) {
        try {
            String request = read(connection.getInputStream());
            if (request.isEmpty()) {
                return;
            }
            long now = System.nanoTime();
            firstRequest = requests.isEmpty() ? now : firstRequest;
            requests.add(request);
            String answer = now - firstRequest < firstFor.toNanos() ? first : script.poll();
            if (!SILENCE.equals(answer)) {
                if (answer != null) {
                    connection.getOutputStream().write(answer.getBytes(UTF_8));
                }
                connection.close();
            }
        } catch (IOException e) {
            return; // the client has hung up
        }
    }

    private static String read(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                return "";
            }
            head.append((char) next);
        }
        int length = Integer.parseInt(head.toString().replaceFirst("(?is).*\r\ncontent-length: *(\\d+).*", "$1"));
        return head + new String(in.readNBytes(length), ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        socket.close();
        for (Socket connection : open) {
            connection.close();
        }
    }
}
