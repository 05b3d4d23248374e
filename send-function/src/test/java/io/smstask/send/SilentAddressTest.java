package io.smstask.send;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import com.twilio.http.HttpMethod;
import com.twilio.http.Request;
import io.smstask.http.Tls;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** A host with two addresses, of which the first never answers. The test is a process with a hosts file of its own. */
@EnabledIf(value = "canRun", disabledReason = "no process may have a hosts file of its own here (unshare, mount)")
final class SilentAddressTest {

    private static final String HOST = "two-addresses.invalid";
    private static final String SILENT = "127.0.0.2";
    private static final String HEALTHY = "127.0.0.3";
    private static final Duration LONG = Duration.ofMinutes(1);

    @TempDir
    private static Path folder;

    static boolean canRun() throws IOException, InterruptedException {
        Path hosts = Files.createTempFile("hosts", "");
        try {
            return withHosts(hosts, List.of("true")).waitFor() == 0;
        } catch (IOException e) { // there is no such program
            return false;
        } finally {
            Files.delete(hosts);
        }
    }

    @Test
    void incident_40_a_silent_address_does_not_hide_the_healthy_one() throws Exception {
        Path hosts =
                Files.writeString(folder.resolve("hosts"), SILENT + " " + HOST + "\n" + HEALTHY + " " + HOST + "\n");
        Process process = withHosts(
                hosts,
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-classpath",
                        System.getProperty("java.class.path"),
                        SilentAddressTest.class.getName()));

        String printed = new String(process.getInputStream().readAllBytes(), UTF_8);

        assertThat(process.waitFor()).as(printed).isZero();
        assertThat(printed).endsWith("answered 201\n");
    }

    /** What runs in the process. */
    public static void main(String[] arguments) throws IOException {
        HttpServer healthy = HttpServer.create(new InetSocketAddress(HEALTHY, 0), 0);
        healthy.createContext("/", exchange -> exchange.sendResponseHeaders(201, -1));
        healthy.start();
        int port = healthy.getAddress().getPort();
        URI origin = URI.create("http://" + HOST + ":" + port);
        List<SocketChannel> queue = new ArrayList<>();
        try (ServerSocket silent = new ServerSocket()) {
            silent.bind(new InetSocketAddress(SILENT, port), 1);
            // Nothing accepts these connections, and once the queue is full Linux stops answering.
            for (int i = 0; i < 8; i++) {
                SocketChannel waiting = SocketChannel.open();
                queue.add(waiting);
                waiting.configureBlocking(false);
                waiting.connect(silent.getLocalSocketAddress());
            }
            try (var http = new OnePostHttpClient(origin, new Tls(), Clock.systemUTC(), Duration.ofMillis(100))) {
                Request request = new Request(HttpMethod.POST, origin + "/");
                System.out.println("answered " + http.makeRequest(request, LONG).getStatusCode());
            }
        } finally {
            for (SocketChannel waiting : queue) {
                waiting.close();
            }
            healthy.stop(0);
        }
    }

    private static Process withHosts(Path hosts, List<String> command) throws IOException {
        List<String> whole = new ArrayList<>(List.of(
                "unshare",
                "--map-root-user",
                "--mount",
                "sh",
                "-c",
                "mount --bind \"$0\" /etc/hosts && exec \"$@\"",
                hosts.toString()));
        whole.addAll(command);
        return new ProcessBuilder(whole).redirectErrorStream(true).start();
    }
}
