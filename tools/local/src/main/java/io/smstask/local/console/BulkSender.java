package io.smstask.local.console;

import io.smstask.json.BadJson;
import io.smstask.json.Json;
import io.smstask.lambda.Wire;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
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

    /** What came of a call. */
    private enum Outcome {
        /** Twilio took the message. */
        SENT,
        /** The task is an earlier one: nothing was sent again. */
        KNOWN,
        /** Certainly nothing was sent. */
        REFUSED,
        /** An SMS may have gone out. */
        UNKNOWN;

        static Outcome of(int status, Map<String, Object> json) {
            return switch (status) {
                case 201 -> SENT;
                case 200, 202 -> KNOWN;
                // The tasks API's one 503: that call did not call Twilio.
                case 503 -> REFUSED;
                default -> status < 500 || "yes".equals(json.get(Wire.RETRYABLE)) ? REFUSED : UNKNOWN;
            };
        }
    }

    private final TasksApiClient api;
    private final ExecutorService executor = Executors.newFixedThreadPool(AT_ONCE, work -> {
        var thread = new Thread(work, "console-bulk");
        thread.setDaemon(true);
        return thread;
    });
    private final List<Object> troubles = new ArrayList<>();
    private final Map<Outcome, Integer> outcomes = new EnumMap<>(Outcome.class);
    private int total;
    private int done;
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
        unsent = 0;
        isStopped = false;
        outcomes.clear();
        troubles.clear();
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
        count(row, addPatiently(row.task()));
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

    private synchronized void count(Row row, TasksApiClient.ApiAnswer answer) {
        Map<String, Object> json = read(answer);
        Outcome outcome = Outcome.of(answer.status(), json);
        done++;
        outcomes.merge(outcome, 1, Integer::sum);
        isChanged = true;
        boolean isTrouble = outcome == Outcome.REFUSED || outcome == Outcome.UNKNOWN;
        if (isTrouble && troubles.size() < SHOWN) {
            Map<String, Object> trouble = new LinkedHashMap<>();
            trouble.put("row", row.number());
            trouble.put("outcome", word(outcome));
            trouble.put("message", message(answer.status(), json));
            if (json.containsKey(Wire.NODE)) {
                trouble.put(Wire.TASK_ID, String.valueOf(row.task().get(Wire.TASK_ID)));
            }
            troubles.add(trouble);
        }
    }

    private static String word(Outcome outcome) {
        return outcome.name().toLowerCase(Locale.ROOT);
    }

    private static Map<String, Object> read(TasksApiClient.ApiAnswer answer) {
        try {
            return Json.parseObject(answer.body());
        } catch (BadJson e) {
            return Map.of();
        }
    }

    private static String message(int status, Map<String, Object> json) {
        List<String> problems = new ArrayList<>();
        if (json.get(Wire.PROBLEMS) instanceof List<?> list) {
            for (Object problem : list) {
                if (problem instanceof Map<?, ?> named) {
                    problems.add(named.get(Wire.FIELD) + " " + named.get(Wire.MESSAGE));
                }
            }
        }
        return problems.isEmpty()
                ? String.valueOf(json.getOrDefault(Wire.MESSAGE, "HTTP " + status))
                : String.join("; ", problems);
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
        for (Outcome outcome : Outcome.values()) {
            json.put(word(outcome), outcomes.getOrDefault(outcome, 0));
        }
        json.put("unsent", unsent);
        json.put("troubles", List.copyOf(troubles));
        return json;
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
