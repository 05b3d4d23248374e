package io.smstask.local.console;

import io.smstask.json.Json;
import io.smstask.lambda.TaskJson;
import io.smstask.lambda.Wire;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/** The stack's own tasks API, called as any caller does. */
final class TasksApiClient {

    /** API Gateway gives up after 29 s. */
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final URI tasksUrl;

    TasksApiClient(URI tasksUrl) {
        this.tasksUrl = tasksUrl;
    }

    /** The answer, unchanged. */
    record ApiAnswer(int status, byte[] body) {}

    /**
     * Adds a task. Without an answer it calls once more if the task has an id, since the idle connection may have been
     * closed. If there is no answer then either, it returns an error of its own.
     */
    ApiAnswer add(Map<String, Object> task) {
        try {
            try {
                return call(task);
            } catch (IOException e) {
                if (!task.containsKey(Wire.TASK_ID)) {
                    throw e;
                }
                return call(task);
            }
        } catch (IOException e) {
            return noAnswer(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return noAnswer(e);
        }
    }

    /** Cancels a task with the stack's credentials. Without an answer it calls once more, as for {@link #add}. */
    ApiAnswer cancel(String id) {
        String path = "/tasks/" + URLEncoder.encode(id, StandardCharsets.UTF_8) + "/cancel";
        try {
            try {
                return call(path, Map.of());
            } catch (IOException e) {
                return call(path, Map.of());
            }
        } catch (IOException e) {
            return noAnswer(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return noAnswer(e);
        }
    }

    private ApiAnswer call(Map<String, Object> task) throws IOException, InterruptedException {
        return call("/tasks", task);
    }

    private ApiAnswer call(String path, Map<String, Object> json) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(tasksUrl.resolve(path))
                .timeout(LIMIT)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(Json.write(json)))
                .build();
        HttpResponse<byte[]> answer = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        return new ApiAnswer(answer.statusCode(), answer.body());
    }

    private static ApiAnswer noAnswer(Exception e) {
        String message =
                "the tasks API did not answer (" + e.getClass().getSimpleName() + "); the same call may be repeated";
        return new ApiAnswer(502, Json.write(TaskJson.error("no_answer", message)));
    }
}
