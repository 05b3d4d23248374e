package io.smstask.store;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The network between a store and DynamoDB, with scripted faults: for each operation a list of faults, one per request;
 * after the last, requests pass.
 */
final class FaultyLink implements AutoCloseable {

    /** What happens to one request. */
    enum LinkFault {
        /** The request and its answer pass. */
        NONE,
        /** The database carries it out, then the connection breaks. */
        ANSWER_LOST,
        /** The connection breaks before the request reaches the database. */
        REQUEST_LOST,
        /** The connection breaks; the request reaches the database only when the test calls {@link #deliverLate()}. */
        LATE,
        /** The request hangs without an answer until the link is closed. */
        HANG,
        /** DynamoDB answers 500. */
        SERVER_ERROR,
        /** DynamoDB throttles. */
        THROTTLED,
        /** Something other than DynamoDB answers. */
        RUBBISH,
        /** A proxy refuses in DynamoDB's place. */
        PROXY_REFUSAL,
        /** The database carries it out, and a digit of its answer changes on the way; it is still JSON. */
        GARBLED,
        /** DynamoDB says that the function is not allowed to. */
        DENIED,
        /** DynamoDB says that the table's key is another one. */
        OTHER_SCHEMA,
        /** DynamoDB says that the table's KMS key is out of reach. */
        KEY_DISABLED,
        /** DynamoDB throttles, and says so by the HTTP status alone. */
        HTTP_429,
        /** The function's credentials have expired. */
        EXPIRED,
        /** The database carries it out, and says that there is no item by naming a null. */
        NULL_ITEM,
        /** Somebody else's JSON. */
        NO_ITEM,
        /** The condition does not hold, and there is no item: it is named as null. */
        REFUSED_WITHOUT_ITEM
    }

    private static final String ERROR = "{\"__type\":\"com.amazonaws.dynamodb.v20120810#%s\",\"message\":\"scripted\"}";

    private final URI database;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpClient client = HttpClient.newHttpClient();
    private final Map<String, Queue<LinkFault>> script = new ConcurrentHashMap<>();
    private final Queue<String> requests = new ConcurrentLinkedQueue<>();
    private volatile String replaced = "";
    private volatile String replacement = "";
    private final Queue<HttpRequest> late = new ConcurrentLinkedQueue<>();
    private final Queue<String> bodies = new ConcurrentLinkedQueue<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final AtomicInteger hanging = new AtomicInteger();

    private FaultyLink(URI database, HttpServer server) {
        this.database = database;
        this.server = server;
    }

    static FaultyLink to(URI database) throws IOException {
        FaultyLink link = new FaultyLink(database, HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0));
        link.server.setExecutor(link.threads);
        link.server.createContext("/", link::answer);
        link.server.start();
        return link;
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /**
     * Scripts the next requests of one operation.
     *
     * @param operation DynamoDB's name of it, for instance {@code PutItem}
     */
    FaultyLink on(String operation, LinkFault... faults) {
        script.put(operation, new ArrayDeque<>(List.of(faults)));
        return this;
    }

    /** Scripts every operation alike, for more requests than any client makes. */
    FaultyLink always(LinkFault fault) {
        for (String operation : List.of("PutItem", "UpdateItem", "GetItem", "Query")) {
            on(operation, fault, fault, fault, fault, fault, fault, fault, fault);
        }
        return this;
    }

    /** The requested operations, in order, retries included. */
    List<String> requests() {
        return List.copyOf(requests);
    }

    /** The bodies of {@link #requests}. */
    List<String> bodies() {
        return List.copyOf(bodies);
    }

    /** How many requests are hanging. */
    int hanging() {
        return hanging.get();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
        String operation = target.substring(target.indexOf('.') + 1);
        byte[] body = exchange.getRequestBody().readAllBytes();
        requests.add(operation);
        bodies.add(new String(body, StandardCharsets.UTF_8));
        switch (next(operation)) {
            case NONE -> pass(exchange, body);
            case ANSWER_LOST -> {
                forward(exchange, body);
                exchange.close();
            }
            case REQUEST_LOST -> exchange.close();
            case LATE -> {
                late.add(request(exchange, body));
                exchange.close();
            }
            case HANG -> hang(exchange);
            case SERVER_ERROR -> send(exchange, 500, String.format(ERROR, "InternalServerError"));
            case THROTTLED -> send(exchange, 400, String.format(ERROR, "ProvisionedThroughputExceededException"));
            case RUBBISH -> send(exchange, 200, "<html>captive portal</html>");
            case PROXY_REFUSAL -> send(exchange, 403, "<html>access denied by policy</html>");
            case GARBLED -> garble(exchange, body);
            case DENIED -> send(exchange, 400, String.format(ERROR, "AccessDeniedException"));
            case OTHER_SCHEMA -> send(exchange, 400, String.format(ERROR, "ValidationException"));
            case HTTP_429 -> send(exchange, 429, "{}");
            case EXPIRED -> send(exchange, 400, String.format(ERROR, "ExpiredTokenException"));
            case NULL_ITEM -> send(exchange, 200, "{\"Item\":null}");
            case NO_ITEM -> send(exchange, 200, "{\"Item\":7}");
            case REFUSED_WITHOUT_ITEM ->
                send(exchange, 400, "{\"__type\":\"#ConditionalCheckFailedException\",\"Item\":null}");
            case KEY_DISABLED -> send(exchange, 400, String.format(ERROR, "KMSDisabledException"));
        }
    }

    private synchronized LinkFault next(String operation) {
        LinkFault fault = script.getOrDefault(operation, new ArrayDeque<>()).poll();
        return fault == null ? LinkFault.NONE : fault;
    }

    /** Replaces a text in the JSON of every answer. */
    FaultyLink replacing(String text, String by) {
        replaced = text;
        replacement = by;
        return this;
    }

    private void pass(HttpExchange exchange, byte[] body) throws IOException {
        HttpResponse<byte[]> answer = forward(exchange, body);
        if (!replaced.isEmpty()) {
            String json = new String(answer.body(), StandardCharsets.UTF_8).replace(replaced, replacement);
            send(exchange, answer.statusCode(), json);
            return;
        }
        pass(exchange, answer, answer.body());
    }

    private void garble(HttpExchange exchange, byte[] body) throws IOException {
        HttpResponse<byte[]> answer = forward(exchange, body);
        String text = new String(answer.body(), StandardCharsets.UTF_8);
        int digit = text.lastIndexOf('1');
        if (digit < 0 || answer.headers().firstValue("x-amz-crc32").isEmpty()) {
            throw new IOException("there is nothing to garble, or no checksum to tell it by");
        }
        String garbled = text.substring(0, digit) + '2' + text.substring(digit + 1);
        pass(exchange, answer, garbled.getBytes(StandardCharsets.UTF_8));
    }

    private void pass(HttpExchange exchange, HttpResponse<byte[]> answer, byte[] body) throws IOException {
        for (Map.Entry<String, List<String>> header : answer.headers().map().entrySet()) {
            if (isAmazons(header.getKey())) {
                exchange.getResponseHeaders().put(header.getKey(), header.getValue());
            }
        }
        exchange.sendResponseHeaders(answer.statusCode(), body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    /** Lets the held requests reach the database, in order; their answers are discarded. */
    void deliverLate() throws IOException, InterruptedException {
        for (HttpRequest request = late.poll(); request != null; request = late.poll()) {
            client.send(request, HttpResponse.BodyHandlers.discarding());
        }
    }

    private HttpRequest request(HttpExchange exchange, byte[] body) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(database).POST(HttpRequest.BodyPublishers.ofByteArray(body));
        for (Map.Entry<String, List<String>> header :
                exchange.getRequestHeaders().entrySet()) {
            if (isAmazons(header.getKey())) {
                request.header(header.getKey(), header.getValue().get(0));
            }
        }
        return request.build();
    }

    private HttpResponse<byte[]> forward(HttpExchange exchange, byte[] body) throws IOException {
        try {
            return client.send(request(exchange, body), HttpResponse.BodyHandlers.ofByteArray());
        } catch (InterruptedException e) {
            throw new IOException("the link was closed", e);
        }
    }

    private static boolean isAmazons(String header) {
        String name = header.toLowerCase(Locale.ROOT);
        return name.startsWith("x-amz") || name.equals("authorization") || name.equals("content-type");
    }

    private void hang(HttpExchange exchange) throws IOException {
        hanging.incrementAndGet();
        try {
            closing.await();
        } catch (InterruptedException e) {
            throw new IOException("the link was closed", e);
        } finally {
            hanging.decrementAndGet();
            exchange.close();
        }
    }

    private static void send(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.0");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public void close() {
        closing.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
