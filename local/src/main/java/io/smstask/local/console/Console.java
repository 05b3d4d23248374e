package io.smstask.local.console;

import io.javalin.Javalin;
import io.javalin.http.sse.SseClient;
import io.smstask.json.Json;
import io.smstask.lambda.TaskJson;
import io.smstask.task.Task;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The console's server on 127.0.0.1: the page, what it asks for, and what it is told. */
public final class Console implements AutoCloseable {

    /** Between two looks; a look at a large table makes the pause longer. */
    private static final long LOOK_EVERY_MILLIS = 100;

    private static final int LOOKS_BETWEEN_GREETINGS = 100;

    private final Stage stage;
    private final TaskBoard board;
    private final Audience audience = new Audience();
    private final List<Phone> phones;
    private final Bulk bulk;
    private final Javalin server;
    private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(look -> {
        var thread = new Thread(look, "console-watch");
        thread.setDaemon(true);
        return thread;
    });
    private long writesSeen = -1;
    private long looks;

    private Console(Stage stage) {
        this.stage = stage;
        board = new TaskBoard(stage.dynamoDb(), stage.table(), stage.store(), stage.clock());
        phones = stage.simulator().map(Phone::new).stream().toList();
        TasksApi api = new TasksApi(stage.tasksUrl());
        bulk = new Bulk(api);
        Desk desk = new Desk(stage, board, api, bulk);
        server = Javalin.create(config -> {
            config.startup.showJavalinBanner = false;
            config.startup.showOldJavalinVersionWarning = false;
            config.http.maxRequestSize = 5_000_000L;
            config.routes.before(Door::dress);
            config.routes.before(Door::check);
            config.routes.exception(
                    Refusal.class,
                    (refused, http) -> http.status(refused.status())
                            .contentType("application/json")
                            .result(Json.write(TaskJson.error(refused.code(), refused.message()))));
            config.routes.sse("/api/events", this::welcome);
            Pages.routes(config);
            desk.routes(config);
        });
    }

    /**
     * Starts a console; it knows all tasks when this returns.
     *
     * @param port on 127.0.0.1; 0 lets the system choose
     */
    public static Console start(int port, Stage stage) {
        Console console = new Console(stage);
        console.look();
        console.server.start("127.0.0.1", port);
        console.watch.scheduleWithFixedDelay(
                console::lookAgain, LOOK_EVERY_MILLIS, LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
        return console;
    }

    /** The page's address, without a slash at the end. */
    public URI baseUrl() {
        return URI.create("http://127.0.0.1:" + server.port());
    }

    /** A page begins, or begins again, with everything; so it may miss nothing, however long it was away. */
    private void welcome(SseClient page) {
        watch.execute(() -> {
            audience.add(page);
            page.sendEvent("all", Json.writeText(Map.of("tasks", rows(board.newestFirst()))));
            phones.forEach(phone -> page.sendEvent("phone", Json.writeText(phone.json())));
            page.sendEvent("bulk", Json.writeText(bulk.json()));
        });
        page.keepAlive();
    }

    private void lookAgain() {
        try {
            look();
        } catch (RuntimeException e) { // one that got out would end the watch
            writesSeen = -1;
        }
    }

    /** On the one thread of the watch, so that no page hears of two things in the wrong order. */
    private void look() {
        List<Task> changed = new ArrayList<>(board.overtaken());
        long writes = stage.writes().writes();
        if (writes != writesSeen) {
            writesSeen = writes;
            changed.addAll(board.refresh());
        }
        if (!changed.isEmpty()) {
            audience.tell("tasks", Map.of("tasks", rows(changed)));
        }
        for (Phone phone : phones) {
            if (phone.look()) {
                audience.tell("phone", phone.json());
            }
        }
        if (bulk.look()) {
            audience.tell("bulk", bulk.json());
        }
        if (++looks % LOOKS_BETWEEN_GREETINGS == 0) {
            audience.greet();
        }
    }

    private static List<Object> rows(List<Task> tasks) {
        Map<String, Object> rows = new LinkedHashMap<>();
        tasks.forEach(task -> rows.put(task.id().value(), TaskBoard.row(task)));
        return List.copyOf(rows.values());
    }

    @Override
    public void close() {
        watch.shutdownNow();
        bulk.close();
        audience.close();
        server.stop();
        stage.dynamoDb().close();
    }
}
