package io.smstask.local.console;

import io.smstask.json.Json;
import io.smstask.lambda.TaskJson;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/** The stack's own tasks API, called as any caller does. */
final class TasksApi {

    /** API Gateway gives up after 29 s. */
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final URI tasksUrl;

    TasksApi(URI tasksUrl) {
        this.tasksUrl = tasksUrl;
    }

    /** An answer as it came. */
    record Answer(int status, byte[] body) {

        /** Whether there is a task now, green, red or on its way. */
        boolean hasTask() {
            return new String(body, StandardCharsets.UTF_8).contains("\"node\":");
        }
    }

    /** Adds a task. An API that does not answer is answered for. */
    Answer add(Map<String, Object> task) {
        HttpRequest request = HttpRequest.newBuilder(tasksUrl.resolve("/tasks"))
                .timeout(LIMIT)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(Json.write(task)))
                .build();
        try {
            HttpResponse<byte[]> answer = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
            return new Answer(answer.statusCode(), answer.body());
        } catch (IOException e) {
            return noAnswer();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return noAnswer();
        }
    }

    private static Answer noAnswer() {
        return new Answer(502, Json.write(TaskJson.error("no_answer", "the tasks API did not answer")));
    }
}
