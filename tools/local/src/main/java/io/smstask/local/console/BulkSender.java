package io.smstask.local.console;

import io.smstask.json.BadJson;
import io.smstask.json.Json;
import io.smstask.lambda.Wire;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Adds many tasks, a few at a time, and reports progress. */
final class BulkSender implements AutoCloseable {

    private static final int AT_ONCE = 6;
    private static final int SHOWN = 50;
    private static final int MOST_CALLS = 3;

    /**
     * A task to add.
     *
     * @param number of its row in the file, from 1
     */
    record Row(int number, Map<String, Object> task) {}

    private final TasksApiClient api;
    private final ExecutorService executor = Executors.newFixedThreadPool(AT_ONCE, work -> {
        var thread = new Thread(work, "console-bulk");
        thread.setDaemon(true);
        return thread;
    });
    private final List<Object> refused = new ArrayList<>();
    private int total;
    private int done;
    private int refusals;
    private int unsent;
    private boolean isStopped;
    private boolean isChanged;

    BulkSender(TasksApiClient api) {
        this.api = api;
    }

    /** Starts to add these tasks, unless others are still being added. */
    synchronized void start(List<Row> rows) throws ConsoleRefusal {
        if (done + unsent < total) {
            throw new ConsoleRefusal(409, "busy", "other tasks are still being added");
        }
        total = rows.size();
        done = 0;
        refusals = 0;
        unsent = 0;
        isStopped = false;
        refused.clear();
        isChanged = true;
        for (Row row : rows) {
            executor.execute(() -> add(row));
        }
    }

    /** Sends nothing more. */
    synchronized void stop() {
        isStopped = true;
    }

    private void add(Row row) {
        if (isLeftOut()) {
            return;
        }
        TasksApiClient.ApiAnswer answer = addPatiently(row.task());
        // Every answer without a task counts as a refusal: the task is not in the list.
        count(row.number(), answer.hasTask() ? "" : message(answer));
    }

    /** Repeats the same call, as callers do: with the same id, nothing is sent twice. */
    private TasksApiClient.ApiAnswer addPatiently(Map<String, Object> task) {
        TasksApiClient.ApiAnswer answer = api.add(task);
        for (int calls = 1; calls < MOST_CALLS && answer.status() >= 500; calls++) {
            answer = api.add(task);
        }
        return answer;
    }

    private synchronized boolean isLeftOut() {
        if (isStopped) {
            unsent++;
            isChanged = true;
        }
        return isStopped;
    }

    private synchronized void count(int row, String refusal) {
        done++;
        isChanged = true;
        if (!refusal.isEmpty()) {
            refusals++;
            if (refused.size() < SHOWN) {
                refused.add(Map.of("row", row, "message", refusal));
            }
        }
    }

    private static String message(TasksApiClient.ApiAnswer answer) {
        try {
            Map<String, Object> json = Json.parseObject(answer.body());
            List<String> problems = new ArrayList<>();
            if (json.get(Wire.PROBLEMS) instanceof List<?> list) {
                for (Object problem : list) {
                    if (problem instanceof Map<?, ?> named) {
                        problems.add(named.get(Wire.FIELD) + " " + named.get(Wire.MESSAGE));
                    }
                }
            }
            return problems.isEmpty() ? String.valueOf(json.get(Wire.MESSAGE)) : String.join("; ", problems);
        } catch (BadJson e) {
            return "HTTP " + answer.status();
        }
    }

    /** {@return whether anything has changed since the last call} */
    synchronized boolean look() {
        boolean was = isChanged;
        isChanged = false;
        return was;
    }

    synchronized Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("total", total);
        json.put("done", done);
        json.put("refused", refusals);
        json.put("unsent", unsent);
        json.put("refusals", List.copyOf(refused));
        return json;
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
