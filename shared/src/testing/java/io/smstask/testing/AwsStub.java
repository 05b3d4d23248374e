package io.smstask.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.smstask.json.BadJson;
import io.smstask.json.Json;
import io.smstask.settings.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** In place of AWS's services with a JSON protocol: keeps what it is asked for, and gives one answer to everything. */
public final class AwsStub implements AutoCloseable {

    private final List<String> targets = new CopyOnWriteArrayList<>();
    private final List<Map<String, Object>> requests = new CopyOnWriteArrayList<>();
    private final HttpServer server;
    private volatile int status = 200;
    private volatile String answer = "{}";

    /** Listens on a free port of 127.0.0.1. */
    public AwsStub() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::handle);
        server.start();
    }

    private void handle(HttpExchange exchange) throws IOException {
        targets.add(exchange.getRequestHeaders().getFirst("X-Amz-Target"));
        try {
            requests.add(Json.parseObject(exchange.getRequestBody().readAllBytes()));
        } catch (BadJson e) {
            throw new IOException(e);
        }
        byte[] bytes = answer.getBytes(UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    /** Settings whose AWS this is. */
    public Settings settings() {
        return Settings.from(Map.of(
                "AWS_ACCESS_KEY_ID",
                "key",
                "AWS_SECRET_ACCESS_KEY",
                "secret",
                "AWS_ENDPOINT_URL",
                "http://127.0.0.1:" + server.getAddress().getPort()));
    }

    /** From now on answers with this JSON. */
    public void answer(String json) {
        answer(200, json);
    }

    /** From now on answers with this HTTP status and JSON. */
    public void answer(int httpStatus, String json) {
        status = httpStatus;
        answer = json;
    }

    /** The operations that were called, {@code X-Amz-Target}. */
    public List<String> targets() {
        return targets;
    }

    /** The bodies of the requests. */
    public List<Map<String, Object>> requests() {
        return requests;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
