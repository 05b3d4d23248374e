package io.smstask.local.console;

import io.javalin.http.sse.SseClient;
import io.smstask.json.Json;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The open pages, which get server-sent events. */
final class OpenPages implements AutoCloseable {

    private final Set<SseClient> pages = ConcurrentHashMap.newKeySet();

    /** Adds a page until it is closed. */
    void add(SseClient page) {
        page.onClose(() -> pages.remove(page));
        pages.add(page);
    }

    /** Sends an event to all pages. */
    void send(String event, Map<String, Object> data) {
        String json = Json.writeText(data);
        pages.forEach(page -> page.sendEvent(event, json));
    }

    /** Keeps idle connections open, and drops dead ones. */
    void keepAlive() {
        pages.removeIf(SseClient::terminated);
        pages.forEach(page -> page.sendComment("still here"));
    }

    @Override
    public void close() {
        pages.forEach(SseClient::close);
    }
}
