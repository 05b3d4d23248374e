package io.smstask.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One process that Lambda would call an execution environment. Closing it ends the process. */
final class Execution implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final int LOG_LINES_SHOWN = 60;

    /**
     * The shell joins the control groups, says so, waits for a line and becomes the program. So neither its own start nor
     * that of the JDK's process starter is in any time.
     */
    private static final String GATE = """
            for door in $1; do echo $$ >"$door"; done
            : >"$2"
            shift 2
            read -r go
            exec "$@"
            """;

    private final Path folder;
    private final RuntimeApi api;
    private final CpuGroup cpu;
    private final Process process;
    private final long started;

    private Execution(Path folder, RuntimeApi api, CpuGroup cpu, Process process, long started) {
        this.folder = folder;
        this.api = api;
        this.cpu = cpu;
        this.process = process;
        this.started = started;
    }

    /**
     * Starts a process with a clean environment and a folder for temporary files of its own.
     *
     * @param scratch a folder for both
     * @param further variables besides those of the launch
     */
    static Execution start(Launch launch, Path scratch, Map<String, String> further) {
        try {
            Path folder = Files.createTempDirectory(scratch, "run");
            var api = RuntimeApi.start();
            var cpu = CpuGroup.open(scratch.getFileName() + "-" + NUMBER.incrementAndGet());
            Process process = process(launch, folder, api, cpu, further);
            return new Execution(folder, api, cpu, process, open(process, folder));
        } catch (IOException e) {
            throw new RunFailed("cannot start " + launch.command().get(0), e);
        }
    }

    private static Process process(
            Launch launch, Path folder, RuntimeApi api, CpuGroup cpu, Map<String, String> further) throws IOException {
        String doors = cpu.doors().stream().map(Path::toString).collect(Collectors.joining(" "));
        Path tmp = Files.createDirectory(folder.resolve("tmp"));
        List<String> command = new ArrayList<>(List.of(
                "/bin/sh", "-c", GATE, "sh", doors, folder.resolve("ready").toString()));
        launch.command().forEach(word -> command.add(word.replace("{tmp}", tmp.toString())));
        var builder = new ProcessBuilder(command)
                .directory(launch.taskRoot().toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log.txt").toFile());
        Map<String, String> environment = new HashMap<>(launch.environment());
        further.forEach((name, value) -> environment.merge(name, value, (before, more) -> before + " " + more));
        environment.put("AWS_LAMBDA_RUNTIME_API", api.hostAndPort());
        environment.put("TMPDIR", tmp.toString());
        builder.environment().clear();
        builder.environment().putAll(environment);
        return builder.start();
    }

    /** Lets the shell become the program; the time of that. */
    private static long open(Process process, Path folder) throws IOException {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (!Files.exists(folder.resolve("ready")) && process.isAlive() && System.nanoTime() < end) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
        // Until it waits at the gate.
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
        try (var in = process.getOutputStream()) {
            long now = System.nanoTime();
            in.write('\n');
            return now;
        }
    }

    /** When the program was started. */
    long started() {
        return started;
    }

    /** Waits until it asks for an event; when it did. */
    long awaitNext() {
        try {
            return api.awaitNext(process::isAlive, LIMIT);
        } catch (RunFailed e) {
            throw failed(e.getMessage());
        }
    }

    /** Hands it an event and waits for its answer. */
    RuntimeApi.Answer invoke(String event) {
        RuntimeApi.Answer answer;
        try {
            answer = api.invoke(event, process::isAlive, LIMIT);
        } catch (RunFailed e) {
            throw failed(e.getMessage());
        }
        if (answer.isError()) {
            throw failed("it failed: " + answer.body());
        }
        return answer;
    }

    /** The processor time that it has used, in nanoseconds. */
    long cpuNanos() {
        return cpu.usedNanos(process.pid());
    }

    /** Grants it no more than a share of a processor from now on. */
    void limitCpu(double share) {
        cpu.limit(share);
    }

    /** The most memory that it has held so far, in kB. */
    long peakMemoryKb() {
        return memoryKb("VmHWM:");
    }

    /** The memory that it holds now, in kB. */
    long memoryKb() {
        return memoryKb("VmRSS:");
    }

    private long memoryKb(String field) {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + process.pid() + "/status"))) {
            return lines.filter(line -> line.startsWith(field))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElseThrow(() -> failed("it is gone"));
        } catch (IOException e) {
            throw failed("it is gone");
        }
    }

    /** A failure of this run, with the end of what the process has printed. */
    RunFailed failed(String what) {
        return new RunFailed(what + "\n--- the last lines of its log ---\n" + log());
    }

    private String log() {
        try {
            List<String> lines = new String(Files.readAllBytes(folder.resolve("log.txt")), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            return String.join("\n", lines.subList(Math.max(0, lines.size() - LOG_LINES_SHOWN), lines.size()));
        } catch (IOException e) {
            return "(there is none: " + e.getMessage() + ")";
        }
    }

    @Override
    public void close() {
        try {
            process.destroyForcibly().waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        api.close();
        cpu.close();
        Folders.delete(folder);
    }
}
