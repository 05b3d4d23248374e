package io.smstask.lambdaprocess;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One process that Lambda would call an execution environment. Closing it ends the process, whatever it is doing. */
public final class LambdaProcess implements AutoCloseable {

    /** How long to wait for what must come: enough for a machine that is eight times overloaded. */
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    /** How long a process may take to end; then it is killed. */
    private static final Duration END = Duration.ofSeconds(10);

    private final Duration timeout;
    private final RuntimeApi api;
    private final Process process;
    private final Path log;

    private LambdaProcess(Duration timeout, RuntimeApi api, Process process, Path log) {
        this.timeout = timeout;
        this.api = api;
        this.process = process;
        this.log = log;
        process.onExit().thenRun(() -> api.end("the process has ended"));
    }

    /**
     * Starts a process.
     *
     * @param work gets a new folder for the log and the temporary files
     */
    public static LambdaProcess start(Launch launch, Path work) throws IOException {
        return start(launch, Files.createTempDirectory(work, "run"), List.of());
    }

    /**
     * Starts a process through another program.
     *
     * @param folder for its log and its temporary files
     * @param gate the program and its arguments; it replaces itself by the command that follows
     */
    public static LambdaProcess start(Launch launch, Path folder, List<String> gate) throws IOException {
        Path tmp = Files.createDirectory(folder.resolve("tmp"));
        Path log = folder.resolve("log.txt");
        List<String> command = new ArrayList<>(gate);
        launch.command().forEach(word -> command.add(word.replace("{tmp}", tmp.toString())));
        var builder = new ProcessBuilder(command)
                .directory(launch.taskRoot().toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        var api = RuntimeApi.start();
        builder.environment().clear();
        builder.environment().putAll(launch.environment());
        builder.environment().put("AWS_LAMBDA_RUNTIME_API", api.hostAndPort());
        builder.environment().put("TMPDIR", tmp.toString());
        try {
            return new LambdaProcess(launch.timeout(), api, builder.start(), log);
        } catch (IOException e) {
            api.close();
            throw e;
        }
    }

    /** The process of the operating system. */
    public Process process() {
        return process;
    }

    /**
     * Waits until it asks for the next event.
     *
     * @return when it asked, in {@link System#nanoTime}
     * @throws ProcessFailed if it does not
     */
    public long awaitNext() {
        return api.awaitNext(PATIENCE);
    }

    /**
     * Hands it an event and waits for its report, and before the first event for its start.
     *
     * @throws ProcessFailed if nothing comes
     */
    public Reported invoke(String event) {
        return await(begin(event), timeout.plus(PATIENCE), "the end of an invocation");
    }

    /** Hands it an event. The future fails if the process ends before it has reported. */
    public CompletableFuture<Reported> begin(String event) {
        return api.begin(event, timeout);
    }

    /** Kills it (SIGKILL). Returns once it is gone; pending calls fail. */
    public void kill() {
        process.destroyForcibly();
        if (!isGone(PATIENCE)) {
            throw new ProcessFailed("waited " + PATIENCE + " for a killed process to be gone");
        }
        api.end("the process was killed");
    }

    /** Asks it to end (SIGTERM), and waits until it has. */
    public void end(Duration limit) {
        process.destroy();
        if (!isGone(limit)) {
            throw new ProcessFailed("waited " + limit + " for the end of a process");
        }
    }

    /** Waits until it reports that it cannot start, and returns the error as Lambda's JSON. */
    public String initError() {
        return await(api.initError(), PATIENCE, "an error at start");
    }

    /** Whether it has asked for an event that nobody has waited for. */
    public boolean hasAsked() {
        return api.hasAsked();
    }

    /** Every line that it has printed, on both streams. */
    public List<String> log() {
        try {
            return new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read what the function printed", e);
        }
    }

    private boolean isGone(Duration limit) {
        try {
            return process.waitFor(limit.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static <T> T await(CompletableFuture<T> what, Duration limit, String name) {
        try {
            return what.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new ProcessFailed("waited " + limit + " for " + name);
        } catch (ExecutionException e) {
            throw new ProcessFailed(e.getCause().getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProcessFailed("interrupted");
        }
    }

    @Override
    public void close() {
        process.destroy();
        if (!isGone(END)) {
            process.destroyForcibly();
            isGone(END);
        }
        api.close();
    }
}
