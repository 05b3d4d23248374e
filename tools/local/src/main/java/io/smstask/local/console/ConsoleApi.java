package io.smstask.local.console;

import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.smstask.json.BadJson;
import io.smstask.json.Json;
import io.smstask.lambda.TaskJson;
import io.smstask.lambda.Wire;
import io.smstask.simulator.Fault;
import io.smstask.simulator.Segments;
import io.smstask.simulator.TwilioSimulator;
import io.smstask.task.MessageText;
import io.smstask.task.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The page's API, below {@code /api}: JSON in, JSON out. */
final class ConsoleApi {

    /** Shown in the editor instead of the form's token. */
    private static final String HIDDEN = "***";

    private static final int MOST_AT_ONCE = 1000;
    private static final int LONGEST_DELAY_MILLIS = 10_000;
    private static final Duration LONGEST_SKIP = Duration.ofDays(2);

    private final StackAccess stack;
    private final TaskList tasks;
    private final TasksApiClient api;
    private final BulkSender bulk;
    private final Optional<FaultsByTask> faults;

    ConsoleApi(StackAccess stack, TaskList tasks, TasksApiClient api, BulkSender bulk) {
        this.stack = stack;
        this.tasks = tasks;
        this.api = api;
        this.bulk = bulk;
        this.faults = stack.simulator().map(FaultsByTask::new);
    }

    void routes(JavalinConfig config) {
        config.routes.get("/api/setup", http -> answer(http, 200, setup()));
        config.routes.get("/api/tasks/{id}", this::task);
        config.routes.post("/api/tasks", this::add);
        config.routes.post("/api/tasks/{id}/cancel", this::cancel);
        config.routes.post("/api/segments", this::segments);
        config.routes.post("/api/bulk", this::addMany);
        config.routes.post("/api/bulk/stop", http -> {
            bulk.stop();
            answer(http, 200, bulk.json());
        });
        config.routes.post("/api/simulator", this::setDelay);
        config.routes.post("/api/time", this::passTime);
        config.routes.get("/api/export.csv", http -> file(http, "tasks.csv", "text/csv", Csv.of(tasks.newestFirst())));
        config.routes.get("/api/export.json", http -> file(http, "tasks.json", "application/json", all()));
    }

    /** What the page needs at its start. The token in it is public. */
    private Map<String, Object> setup() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("tasks_url", stack.tasksUrl().toString());
        json.put("account_sid", stack.account().sid());
        json.put("max_characters", MessageText.MAX_CODE_POINTS);
        json.put("time", stack.time().isPresent());
        stack.simulator().ifPresent(simulator -> {
            json.put("auth_token", stack.account().authToken());
            json.put("delay_millis", simulator.callbackDelay().toMillis());
            json.put("faults", SimulatorLabels.faults());
            json.put("ends", SimulatorLabels.ends());
        });
        return json;
    }

    private void task(Context http) throws ConsoleRefusal {
        Task task = tasks.find(http.pathParam("id"))
                .orElseThrow(() -> new ConsoleRefusal(404, "not_found", "there is no such task"));
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("task", TaskJson.of(task));
        json.put("path", DiagramNode.names(DiagramNode.path(task)));
        answer(http, 200, json);
    }

    /** Adds one task, with a fault if one was chosen, and returns the answer of the tasks API. */
    private void add(Context http) throws ConsoleRefusal {
        Map<String, Object> asked = object(http);
        Map<String, Object> task = new LinkedHashMap<>(map(asked, "task"));
        if (asked.containsKey("hidden")) {
            map(asked, "hidden").forEach((name, value) -> task.replace(name, HIDDEN, value));
        }
        if (asked.containsKey("fault")) {
            // Faults are chosen by task id, so a missing one is made here. The tasks API refuses an empty one.
            if (!task.containsKey(Wire.TASK_ID)) {
                task.put(Wire.TASK_ID, newId());
            }
            Fault fault = fault(asked.get("fault"));
            faults.orElseThrow(ConsoleApi::noSimulator).put(String.valueOf(task.get(Wire.TASK_ID)), fault);
        } else {
            faults.ifPresent(known -> known.clear(String.valueOf(task.get(Wire.TASK_ID))));
        }
        TasksApiClient.ApiAnswer answer = api.add(task);
        http.status(answer.status()).contentType("application/json").result(answer.body());
    }

    /** Cancels a task and returns the answer of the tasks API, with a message where that is the task alone. */
    private void cancel(Context http) {
        TasksApiClient.ApiAnswer answer = api.cancel(http.pathParam("id"));
        if (answer.status() == 409) {
            answer(
                    http,
                    409,
                    TaskJson.error("too_late", "This task cannot be cancelled: it has no sid yet, or it is too late."));
        } else {
            http.status(answer.status()).contentType("application/json").result(answer.body());
        }
    }

    /** Adds copies of one task, or the tasks of a file. A file is checked first, and only what was checked is sent. */
    private void addMany(Context http) throws ConsoleRefusal {
        Map<String, Object> asked = object(http);
        Map<String, Object> defaults = asked.containsKey("defaults") ? map(asked, "defaults") : Map.of();
        if (asked.get("csv") instanceof String csv) {
            Recipients recipients = Csv.recipients(csv, defaults);
            if (!asked.containsKey("checked")) {
                answer(http, 200, recipients.json());
                return;
            }
            if (!recipients.checked().equals(asked.get("checked"))) {
                throw new ConsoleRefusal(
                        409, "changed", "the file or the form is not what was checked: check it again");
            }
            bulk.start(recipients.good());
        } else if (stack.simulator().isEmpty()) {
            throw noSimulator();
        } else {
            int count = number(asked, "count", MOST_AT_ONCE);
            List<BulkSender.Row> rows = new ArrayList<>();
            for (int i = 1; i <= count; i++) {
                Map<String, Object> task = new LinkedHashMap<>(defaults);
                task.put(Wire.TASK_ID, newId());
                rows.add(new BulkSender.Row(i, task));
            }
            bulk.start(rows);
        }
        answer(http, 202, bulk.json());
    }

    /** How a text is split into segments, by the simulator's rules. */
    private void segments(Context http) throws ConsoleRefusal {
        String body = String.valueOf(object(http).getOrDefault(Wire.BODY, ""));
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("characters", body.codePointCount(0, body.length()));
        json.put("encoding", Segments.isGsm7(body) ? "GSM-7" : "UCS-2");
        json.put("segments", body.isEmpty() ? 0 : Segments.count(body));
        answer(http, 200, json);
    }

    private void setDelay(Context http) throws ConsoleRefusal {
        TwilioSimulator simulator = stack.simulator().orElseThrow(ConsoleApi::noSimulator);
        int millis = number(object(http), "delay_millis", LONGEST_DELAY_MILLIS);
        simulator.callbackDelay(Duration.ofMillis(millis));
        answer(http, 200, Map.of("delay_millis", millis));
    }

    private void passTime(Context http) throws ConsoleRefusal {
        int minutes = number(object(http), "minutes", (int) LONGEST_SKIP.toMinutes());
        stack.time()
                .orElseThrow(() -> new ConsoleRefusal(409, "no_clock", "time cannot be skipped here"))
                .accept(Duration.ofMinutes(minutes));
        answer(http, 200, Map.of("now", TaskJson.time(stack.clock().instant())));
    }

    private String all() {
        List<Object> json = new ArrayList<>();
        tasks.newestFirst().forEach(task -> json.add(TaskJson.of(task)));
        return Json.writeText(Map.of("tasks", json));
    }

    private static String newId() {
        return "task-" + UUID.randomUUID();
    }

    private static ConsoleRefusal noSimulator() {
        return new ConsoleRefusal(409, "no_simulator", "this stack talks to the real Twilio");
    }

    private static Fault fault(Object name) throws ConsoleRefusal {
        return Arrays.stream(Fault.values())
                .filter(known -> known.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new ConsoleRefusal(
                        400, "bad_request", "the fault must be one of " + Arrays.toString(Fault.values())));
    }

    private static Map<String, Object> object(Context http) throws ConsoleRefusal {
        try {
            return Json.parseObject(http.bodyAsBytes());
        } catch (BadJson e) {
            throw new ConsoleRefusal(400, "bad_json", String.valueOf(e.getMessage()));
        }
    }

    private static Map<String, Object> map(Map<String, Object> from, String name) throws ConsoleRefusal {
        if (from.get(name) instanceof Map<?, ?> map) {
            Map<String, Object> typed = new LinkedHashMap<>();
            map.forEach((key, value) -> typed.put(String.valueOf(key), value));
            return typed;
        }
        throw new ConsoleRefusal(400, "bad_request", name + " must be an object");
    }

    private static int number(Map<String, Object> from, String name, int most) throws ConsoleRefusal {
        if (from.get(name) instanceof Integer number && number >= 0 && number <= most) {
            return number;
        }
        throw new ConsoleRefusal(400, "bad_request", name + " must be a whole number from 0 to " + most);
    }

    private static void answer(Context http, int status, Map<String, Object> json) {
        http.status(status).contentType("application/json").result(Json.write(json));
    }

    private static void file(Context http, String name, String type, String content) {
        http.header("Content-Disposition", "attachment; filename=\"" + name + "\"")
                .contentType(type + "; charset=utf-8")
                .result(content);
    }
}
