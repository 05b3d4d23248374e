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

/** The console's server on 127.0.0.1: the page, its API and its events. */
public final class Console implements AutoCloseable {

    /** Between two reads; reading a large table takes longer. */
    private static final long LOOK_EVERY_MILLIS = 100;

    private static final int LOOKS_BETWEEN_COMMENTS = 100;

    private final StackAccess stack;
    private final TaskList tasks;
    private final OpenPages openPages = new OpenPages();
    private final List<DeliveredMessages> delivered;
    private final BulkSender bulk;
    private final Javalin server;
    private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(look -> {
        var thread = new Thread(look, "console-watch");
        thread.setDaemon(true);
        return thread;
    });
    private long writesSeen = -1;
    private long looks;

    private Console(StackAccess stack) {
        this.stack = stack;
        tasks = new TaskList(stack.dynamoDb(), stack.table(), stack.store(), stack.clock());
        delivered = stack.simulator().map(DeliveredMessages::new).stream().toList();
        TasksApiClient api = new TasksApiClient(stack.tasksUrl());
        bulk = new BulkSender(api);
        ConsoleApi consoleApi = new ConsoleApi(stack, tasks, api, bulk);
        server = Javalin.create(config -> {
            config.startup.showJavalinBanner = false;
            config.startup.showOldJavalinVersionWarning = false;
            config.http.maxRequestSize = 5_000_000L;
            config.routes.before(RequestGuard::addHeaders);
            config.routes.before(RequestGuard::check);
            config.routes.exception(
                    ConsoleRefusal.class,
                    (refused, http) -> http.status(refused.status())
                            .contentType("application/json")
                            .result(Json.write(TaskJson.error(refused.code(), refused.message()))));
            config.routes.sse("/api/events", this::sendAll);
            PageFiles.routes(config);
            consoleApi.routes(config);
        });
    }

    /**
     * Starts a console; it has read all tasks when this returns.
     *
     * @param port on 127.0.0.1; 0 lets the system choose
     */
    public static Console start(int port, StackAccess stack) {
        Console console = new Console(stack);
        console.look();
        console.server.start("127.0.0.1", port);
        console.watch.scheduleWithFixedDelay(
                console::lookAgain, LOOK_EVERY_MILLIS, LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
        return console;
    }

    /** The page's address, without a trailing slash. */
    public URI baseUrl() {
        return URI.create("http://127.0.0.1:" + server.port());
    }

    /** Sends everything to a new or reconnected page, so that it misses nothing. */
    private void sendAll(SseClient page) {
        watch.execute(() -> {
            openPages.add(page);
            page.sendEvent("all", Json.writeText(Map.of("tasks", rows(tasks.newestFirst()))));
            delivered.forEach(messages -> page.sendEvent("phone", Json.writeText(messages.json())));
            page.sendEvent("bulk", Json.writeText(bulk.json()));
        });
        page.keepAlive();
    }

    private void lookAgain() {
        try {
            look();
        } catch (RuntimeException e) { // would end the schedule
            writesSeen = -1;
        }
    }

    /** Runs on one thread, so that every page gets events in order. */
    private void look() {
        List<Task> changed = new ArrayList<>(tasks.overtaken());
        long writes = stack.writes().writes();
        if (writes != writesSeen) {
            writesSeen = writes;
            changed.addAll(tasks.refresh());
        }
        if (!changed.isEmpty()) {
            openPages.send("tasks", Map.of("tasks", rows(changed)));
        }
        for (DeliveredMessages messages : delivered) {
            if (messages.look()) {
                openPages.send("phone", messages.json());
            }
        }
        if (bulk.look()) {
            openPages.send("bulk", bulk.json());
        }
        if (++looks % LOOKS_BETWEEN_COMMENTS == 0) {
            openPages.keepAlive();
        }
    }

    private static List<Object> rows(List<Task> tasks) {
        Map<String, Object> rows = new LinkedHashMap<>();
        tasks.forEach(task -> rows.put(task.id().value(), TaskList.row(task)));
        return List.copyOf(rows.values());
    }

    @Override
    public void close() {
        watch.shutdownNow();
        bulk.close();
        openPages.close();
        server.stop();
        stack.dynamoDb().close();
    }
}
