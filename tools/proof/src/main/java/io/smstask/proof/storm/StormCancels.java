package io.smstask.proof.storm;

import io.smstask.json.BadJson;
import io.smstask.json.Json;
import io.smstask.local.gateway.LocalFunction;
import io.smstask.task.StoreUnavailable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Cancels tasks, every other one over HTTP, and remembers what callers were told. */
final class StormCancels {

    private static final int DONE = 200;

    /** No credentials, no such task, too late. */
    private static final Set<Integer> REFUSED = Set.of(400, 404, 409);

    private static final int LEAST_OUTAGE = 502;

    private final LocalFunction send;
    private final URI tasksApi;
    private final HttpClient http = HttpClient.newHttpClient();
    private final Set<Integer> done = ConcurrentHashMap.newKeySet();
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicInteger canceled = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger outages = new AtomicInteger();

    StormCancels(LocalFunction send, URI tasksApi) {
        this.send = send;
        this.tasksApi = tasksApi;
    }

    /** Cancels it once; whatever comes of it, the caller may do so again. */
    void cancel(StormTask task) {
        calls.incrementAndGet();
        Map<String, Object> body =
                task.hasToken() ? Map.of("AuthToken", task.account().authToken()) : Map.of();
        try {
            boolean isDone = task.number() % 2 == 0 ? isDoneOverHttp(task, body) : isDoneDirectly(task, body);
            if (isDone) {
                done.add(task.number());
            }
        } catch (StoreUnavailable e) {
            outages.incrementAndGet();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (BadJson e) {
            throw new IllegalStateException("send-function answered no JSON", e);
        } catch (InterruptedException e) {
            throw new IllegalStateException("the storm was interrupted", e);
        }
    }

    private boolean isDoneOverHttp(StormTask task, Map<String, Object> body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(tasksApi.resolve("/tasks/" + task.id() + "/cancel"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(Json.write(body)))
                .build();
        int status = http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        if (status != DONE && !REFUSED.contains(status) && status < LEAST_OUTAGE) {
            throw new IllegalStateException("a call to cancel was answered with " + status);
        }
        (status == DONE ? canceled : REFUSED.contains(status) ? refused : outages).incrementAndGet();
        return status == DONE;
    }

    private boolean isDoneDirectly(StormTask task, Map<String, Object> body) throws IOException, BadJson {
        Map<String, Object> call = new LinkedHashMap<>(body);
        call.put("cancel", task.id());
        Map<String, Object> answer = Json.parseObject(send.invoke(Json.write(call)));
        boolean isDone = Boolean.TRUE.equals(answer.get("done"));
        boolean isUnknown = answer.containsKey("code") && answer.containsKey("task");
        (isDone ? canceled : isUnknown ? outages : refused).incrementAndGet();
        return isDone;
    }

    /** Whether a caller was told that it is cancelled. */
    boolean isDone(StormTask task) {
        return done.contains(task.number());
    }

    void rows(StormReport report) {
        report.row("calls to cancel, half of them over HTTP", calls.get());
        report.row("… answered that the task is cancelled", canceled.get());
        report.row("… answered that it is too late, or too early", refused.get());
        report.row("… without an answer of Twilio's or the store's", outages.get());
    }
}
