package io.smstask.local.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smstask.json.Json;
import io.smstask.local.AheadClock;
import io.smstask.local.LocalOptions;
import io.smstask.local.LocalStack;
import io.smstask.local.template.Template;
import io.smstask.local.twilio.TwilioSimulator;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** A local stack with its console, and a client that speaks to it as the page does. */
final class ConsoleStage implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final LocalStack stack = LocalStack.start(
            LocalOptions.forTests(line -> {}).withClock(new AheadClock()), Template.read(Template.find()));
    private final Console console = stack.console(0);

    ConsoleStage() {
        // Callbacks that come before the sender has written a red end would leave nothing to heal.
        simulator().callbackDelay(Duration.ofMillis(200));
    }

    URI url() {
        return console.baseUrl();
    }

    TwilioSimulator simulator() {
        return stack.simulator().orElseThrow();
    }

    static Map<String, Object> aTask(String id) {
        Map<String, Object> task = new LinkedHashMap<>();
        task.put("task_id", id);
        task.put("number_to", "+15558675310");
        task.put("number_from", "+15005550006");
        task.put("body", "Your code is 4711");
        return task;
    }

    HttpResponse<String> get(String path) {
        return send(HttpRequest.newBuilder(url().resolve(path)));
    }

    HttpResponse<String> post(String path, Map<String, ?> json) {
        return post(path, "application/json", Json.writeText(json));
    }

    HttpResponse<String> post(String path, String type, String body) {
        return send(HttpRequest.newBuilder(url().resolve(path))
                .header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    /** Adds a task; the tasks API's answer. */
    JsonNode add(Map<String, ?> task) {
        return json(post("/api/tasks", Map.of("task", task)));
    }

    JsonNode add(Map<String, ?> task, String fault) {
        return json(post("/api/tasks", Map.of("task", task, "fault", fault)));
    }

    /** A task as the page sees it, with its way. */
    JsonNode task(String id) {
        return json(get("/api/tasks/" + id));
    }

    String way(String id) {
        StringBuilder way = new StringBuilder();
        task(id).path("way").forEach(place -> way.append(place.asText()).append(' '));
        return way.toString().strip();
    }

    boolean isAt(String id, String node) {
        return task(id).path("task").path("node").asText().equals(node);
    }

    static JsonNode json(HttpResponse<String> answer) {
        try {
            return JSON.readTree(answer.body());
        } catch (IOException e) {
            throw new IllegalStateException("not JSON: " + answer.body(), e);
        }
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** A request as it is written: java.net.http lets nobody choose the host. */
    String raw(String request, String headers) throws IOException {
        try (Socket socket = open(request, headers + "\r\nContent-Length: 0\r\nConnection: close")) {
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** The events that a page is told. */
    Events events() throws IOException {
        return new Events(open("GET /api/events", "Host: localhost\r\nAccept: text/event-stream"));
    }

    private Socket open(String request, String headers) throws IOException {
        Socket socket = new Socket("127.0.0.1", url().getPort());
        socket.setSoTimeout(30_000);
        socket.getOutputStream()
                .write((request + " HTTP/1.1\r\n" + headers + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    /** A page's connection. */
    record Events(Socket socket, BufferedReader lines) implements AutoCloseable {

        Events(Socket socket) throws IOException {
            this(socket, new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8)));
        }

        /** Waits for the next event of that name, and gives its data. */
        JsonNode next(String name) throws IOException {
            String line = lines.readLine();
            while (line != null && !line.equals("event: " + name)) {
                line = lines.readLine();
            }
            String data = lines.readLine();
            return JSON.readTree(data.substring("data: ".length()));
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @Override
    public void close() {
        console.close();
        stack.close();
    }
}
