package io.smstask.local.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smstask.aws.SdkClients;
import io.smstask.json.Json;
import io.smstask.local.AheadClock;
import io.smstask.local.LocalOptions;
import io.smstask.local.LocalStack;
import io.smstask.local.template.Template;
import io.smstask.settings.Settings;
import io.smstask.simulator.Account;
import io.smstask.simulator.SimulatedAnswer;
import io.smstask.simulator.TwilioSimulator;
import io.smstask.testing.Patience;
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
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** A local stack with its console, and a client that calls it as the page does. */
public final class ConsoleFixture implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final LocalStack stack;
    private final Console console;

    public ConsoleFixture() {
        this(LocalOptions.forTests(line -> {}).withClock(new AheadClock()));
        // If callbacks came before the sender has written a red end, there would be nothing to heal.
        simulator().callbackDelay(Duration.ofMillis(200));
    }

    private ConsoleFixture(LocalOptions options) {
        stack = LocalStack.start(options, Template.read(Template.find()));
        console = stack.console(0);
    }

    /** A stack without a simulator. Nothing listens at its Twilio URL. */
    public static ConsoleFixture withoutSimulator() {
        return new ConsoleFixture(LocalOptions.forTests(line -> {})
                .withAccount(new Account("AC00000000000000000000000000000001", "fedcba9876543210fedcba9876543210"))
                .withTwilio(URI.create("http://127.0.0.1:1")));
    }

    /** Delays Twilio's answers to the next messages. */
    public void slowAnswers(int messages, Duration by) {
        for (int i = 0; i < messages; i++) {
            simulator().nextAnswer(SimulatedAnswer.slow(by, SimulatedAnswer.created()));
        }
    }

    public URI url() {
        return console.baseUrl();
    }

    public TwilioSimulator simulator() {
        return stack.simulator().orElseThrow();
    }

    public static Map<String, Object> aTask(String id) {
        Map<String, Object> task = new LinkedHashMap<>();
        task.put("task_id", id);
        task.put("number_to", "+15558675310");
        task.put("number_from", "+15005550006");
        task.put("body", "Your code is 4711");
        return task;
    }

    /** Puts copies of a task into the table, with different ids; nothing is sent. */
    public void copy(String id, int times) {
        Settings settings = Settings.from(stack.environment(LocalStack.SEND_FUNCTION));
        try (DynamoDbClient dynamoDb = SdkClients.dynamoDb(settings, Patience.PATIENCE)) {
            Map<String, AttributeValue> key = Map.of("task_id", AttributeValue.fromS(id));
            Map<String, AttributeValue> item = new HashMap<>(
                    dynamoDb.getItem(get -> get.tableName(LocalStack.TABLE).key(key))
                            .item());
            for (int i = 0; i < times; i++) {
                item.put("task_id", AttributeValue.fromS(id + "-" + i));
                dynamoDb.putItem(put -> put.tableName(LocalStack.TABLE).item(item));
            }
        }
    }

    public HttpResponse<String> get(String path) {
        return send(HttpRequest.newBuilder(url().resolve(path)));
    }

    public HttpResponse<String> post(String path, Map<String, ?> json) {
        return post(path, "application/json", Json.writeText(json));
    }

    public HttpResponse<String> post(String path, String type, String body) {
        return send(HttpRequest.newBuilder(url().resolve(path))
                .header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    /** Adds a task and returns the answer of the tasks API. */
    public JsonNode add(Map<String, ?> task) {
        return json(post("/api/tasks", Map.of("task", task)));
    }

    public JsonNode add(Map<String, ?> task, String fault) {
        return json(post("/api/tasks", Map.of("task", task, "fault", fault)));
    }

    /** A task as the page sees it, with its path. */
    public JsonNode task(String id) {
        return json(get("/api/tasks/" + id));
    }

    public String path(String id) {
        StringBuilder path = new StringBuilder();
        task(id).path("path").forEach(node -> path.append(node.asText()).append(' '));
        return path.toString().strip();
    }

    public boolean isAt(String id, String node) {
        return task(id).path("task").path("node").asText().equals(node);
    }

    public static JsonNode json(HttpResponse<String> answer) {
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

    /** Sends a raw request: java.net.http does not let a client choose the host. */
    public String raw(String request, String headers) throws IOException {
        try (Socket socket = open(request, headers + "\r\nContent-Length: 0\r\nConnection: close")) {
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** The events that a page gets. */
    public EventStream events() throws IOException {
        return new EventStream(open("GET /api/events", "Host: localhost\r\nAccept: text/event-stream"));
    }

    private Socket open(String request, String headers) throws IOException {
        Socket socket = new Socket("127.0.0.1", url().getPort());
        socket.setSoTimeout((int) Patience.PATIENCE.toMillis());
        socket.getOutputStream()
                .write((request + " HTTP/1.1\r\n" + headers + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    /** A page's connection. */
    public record EventStream(Socket socket, BufferedReader lines) implements AutoCloseable {

        EventStream(Socket socket) throws IOException {
            this(socket, new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8)));
        }

        /** Waits for the next event of that name and returns its data. */
        public JsonNode next(String name) throws IOException {
            long end = System.nanoTime() + Patience.PATIENCE.toNanos();
            String line = lines.readLine();
            while (line != null && !line.equals("event: " + name)) {
                // Other events and comments keep coming.
                if (System.nanoTime() > end) {
                    throw new AssertionError("waited " + Patience.PATIENCE + " for the event " + name);
                }
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
