package io.smstask.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smstask.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.Map;

/** A caller of an HTTP API, over real HTTP. Each call and its answer must be as {@link OpenApi} says. */
public final class TasksClient {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final URI tasksUrl;

    public TasksClient(URI tasksUrl) {
        this.tasksUrl = tasksUrl;
    }

    /**
     * An answer; {@code json} is missing if the body is empty.
     *
     * @param name in {@link OpenApi#answers}
     */
    public record Reply(int status, JsonNode json, HttpResponse<String> http, String name) {

        public String text(String field) {
            return json.path(field).asText();
        }
    }

    /** A valid call for a task. */
    public static Map<String, Object> aTask(String id) {
        Map<String, Object> task = new LinkedHashMap<>();
        task.put("task_id", id);
        task.put("number_to", "+15558675310");
        task.put("number_from", "+15005550006");
        task.put("body", "Your code is 4711");
        return task;
    }

    public Reply send(Map<String, Object> task) {
        return post("/tasks", "application/json", Json.writeText(task));
    }

    public Reply post(String path, String contentType, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(tasksUrl.resolve(path))
                .header("Content-Type", contentType)
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return answer(request.build(), body);
    }

    public Reply get(String path) {
        return answer(HttpRequest.newBuilder(tasksUrl.resolve(path)).build(), "");
    }

    public Reply task(String id) {
        return get("/tasks/" + id);
    }

    private Reply answer(HttpRequest request, String body) {
        try {
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            var call = new OpenApi.Call(request.method(), request.uri().getPath(), first(request.headers()), body);
            var said = new OpenApi.Answer(answer.statusCode(), first(answer.headers()), answer.body());
            OpenApi.document().check(call, said);
            return new Reply(
                    answer.statusCode(),
                    JSON.readTree(answer.body()),
                    answer,
                    OpenApi.document().nameOf(call, said));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, String> first(HttpHeaders headers) {
        Map<String, String> first = new LinkedHashMap<>();
        headers.map().forEach((name, values) -> first.put(name, values.get(0)));
        return first;
    }
}
