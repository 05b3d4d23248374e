package io.smstask.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Map;
import javax.net.ssl.SSLContext;

/** Runs the endpoints until they are compiled, so that the first variant does not pay for them. */
final class EndpointWarmUp {

    private static final int CONNECTIONS = 300;
    private static final int REQUESTS = 4;

    private EndpointWarmUp() {}

    static void run(Downstream downstream, Path trustStore) throws IOException, GeneralSecurityException {
        downstream.answer(call -> new DownstreamReply(
                200, Map.of("Content-Type", "application/json"), "{}".getBytes(StandardCharsets.UTF_8)));
        for (int i = 0; i < CONNECTIONS; i++) {
            // A new context each time, so that no session is taken up again: a fresh process has none.
            connect(TlsContexts.client(trustStore), downstream.port());
        }
        downstream.rest();
    }

    private static void connect(SSLContext tls, int port) throws IOException {
        String head = "POST / HTTP/1.1\r\nHost: warm-up\r\nContent-Length: 2\r\n\r\n{}";
        try (var socket = tls.getSocketFactory().createSocket("127.0.0.1", port)) {
            for (int i = 0; i < REQUESTS; i++) {
                socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
                readAnswer(socket.getInputStream());
            }
        }
    }

    /** Its body is {@code {}}. */
    private static void readAnswer(InputStream in) throws IOException {
        int last = 0;
        for (int now = in.read(); now >= 0; now = in.read()) {
            if (last == '{' && now == '}') {
                return;
            }
            last = now;
        }
        throw new IOException("an endpoint has hung up");
    }
}
