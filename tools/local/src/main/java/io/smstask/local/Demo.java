package io.smstask.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** Sends one SMS through the local stack and prints each step of its task. */
final class Demo {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LOOK_EVERY = Duration.ofMillis(10);
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSS");

    private final URI tasksUrl;
    private final WaitingCaller caller;
    private final PrintStream out;
    private final HttpClient http = HttpClient.newHttpClient();
    private final Set<String> shown = new LinkedHashSet<>();

    Demo(URI tasksUrl, WaitingCaller caller, PrintStream out) {
        this.tasksUrl = tasksUrl;
        this.caller = caller;
        this.out = out;
    }

    /**
     * Sends and follows one SMS.
     *
     * @param patience how long to wait for the task's end
     * @return whether the task reached its green end
     */
    boolean run(String taskId, String from, String to, Duration patience) throws InterruptedException, IOException {
        out.printf("POST %s/tasks   task_id %s%n%n", tasksUrl, taskId);
        out.printf("  %-12s  %-20s  %-11s  %s%n", "time", "node", "status", "sid");
        CompletableFuture<HttpResponse<String>> call = post(taskId, from, to);
        Optional<String> token = Optional.empty();
        String node = "";
        long end = System.nanoTime() + patience.toNanos();
        while (System.nanoTime() < end) {
            JsonNode task = look(taskId);
            node = show(task);
            if (token.isEmpty() && node.equals("Waiting for Callback")) {
                token = caller.waitFor(taskId);
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY.toMillis());
            // There is no task, or its claim was released. Repeat the same call, as callers do: with the same id,
            // nothing is sent twice.
            if (node.isEmpty() || task.path("code").asText().equals("store_unavailable")) {
                if (call.isDone() && !isTaken(call)) {
                    if (isFinal(call)) {
                        return false;
                    }
                    call = post(taskId, from, to);
                }
                continue;
            }
            boolean isTold = token.isEmpty() || caller.outcome(token.get()).isPresent();
            if (isTold && (node.equals("Final") || node.equals("Escalation"))) {
                printAnswer(call);
                out.printf("%n%s%n", task.toPrettyString());
                printOutcome(token.flatMap(caller::outcome));
                return node.equals("Final");
            }
        }
        out.printf(
                "%nStopped waiting for %s after %d s. %s%n",
                node.equals("Final") || node.equals("Escalation") ? "the caller to be notified" : "the task's end",
                patience.toSeconds(),
                node.isEmpty() ? "There is no task." : "The task is at " + node + ".");
        return false;
    }

    private CompletableFuture<HttpResponse<String>> post(String taskId, String from, String to) throws IOException {
        return http.sendAsync(
                HttpRequest.newBuilder(tasksUrl.resolve("/tasks"))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(Map.of(
                                "task_id",
                                taskId,
                                "number_from",
                                from,
                                "number_to",
                                to,
                                "body",
                                "Hello from smstask"))))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static boolean isTaken(CompletableFuture<HttpResponse<String>> call) {
        return !call.isCompletedExceptionally() && call.join().statusCode() < 300;
    }

    /** Prints why there is no task; returns whether repeating the call is useless. */
    private boolean isFinal(CompletableFuture<HttpResponse<String>> call) {
        try {
            HttpResponse<String> answer = call.join();
            out.printf("POST answered %d: %s%n", answer.statusCode(), answer.body());
            return answer.statusCode() < 500;
        } catch (CompletionException e) {
            out.printf("POST was not answered: %s%n", e.getCause());
            return false;
        }
    }

    private void printAnswer(CompletableFuture<HttpResponse<String>> call) {
        try {
            out.printf("%nPOST answered %d; the task at its end:%n", call.join().statusCode());
        } catch (CompletionException e) {
            out.printf("%nPOST was not answered; the task at its end:%n");
        }
    }

    private void printOutcome(Optional<String> outcome) throws IOException {
        if (outcome.isPresent()) {
            out.printf(
                    "%nA stand-in for a waiting state machine was resumed, with node %s.%n",
                    JSON.readTree(outcome.get()).path("node").asText());
        }
    }

    private JsonNode look(String taskId) throws InterruptedException, IOException {
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(tasksUrl.resolve("/tasks/" + taskId)).build(),
                HttpResponse.BodyHandlers.ofString());
        return JSON.readTree(answer.body());
    }

    /** Prints what is new: the statuses in the history, and the task's node. */
    private String show(JsonNode task) {
        String node = task.path("node").asText();
        if (node.isEmpty()) {
            return node;
        }
        String sid = task.path("sid").asText();
        if (node.equals("Calling API")) {
            step(node, "", sid);
        }
        for (JsonNode entry : task.path("history")) {
            String status = entry.path("status").asText();
            if (!status.isEmpty() && !entry.has("note")) {
                boolean isLast = status.equals(task.path("status").asText());
                step(isLast ? node : "Waiting for Callback", status, sid);
            }
        }
        if (node.equals("Escalation")) {
            step(node, task.path("code").asText(), sid);
        }
        return node;
    }

    private void step(String node, String status, String sid) {
        if (shown.add(node + "/" + status)) {
            String time = TIME.format(LocalTime.now().truncatedTo(ChronoUnit.MILLIS));
            out.println("  %-12s  %-20s  %-11s  %s"
                    .formatted(time, node, status, sid)
                    .stripTrailing());
            out.flush();
        }
    }
}
