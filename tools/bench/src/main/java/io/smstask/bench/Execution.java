package io.smstask.bench;

import io.smstask.lambdaprocess.LambdaProcess;
import io.smstask.lambdaprocess.Launch;
import io.smstask.lambdaprocess.ProcessFailed;
import io.smstask.lambdaprocess.Reported;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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
     * The shell joins the control groups and its processors, says so, waits for a line and becomes the program. So neither its own start nor
     * that of the JDK's process starter is in any time.
     */
    private static final String GATE = """
            for door in $1; do echo $$ >"$door"; done
            taskset -cp "$3" $$ >/dev/null || exit 1
            : >"$2"
            shift 3
            read -r go
            exec "$@"
            """;

    private final Path folder;
    private final CpuGroup cpu;
    private final LambdaProcess process;
    private final long started;

    private Execution(Path folder, CpuGroup cpu, LambdaProcess process, long started) {
        this.folder = folder;
        this.cpu = cpu;
        this.process = process;
        this.started = started;
    }

    /**
     * Starts a process with a clean environment and a folder for temporary files of its own.
     *
     * @param scratch a folder for both
     * @param processors that it may use, as a list for {@code taskset}
     */
    static Execution start(Launch launch, Path scratch, String processors) {
        try {
            Path folder = Files.createTempDirectory(scratch, "run");
            var cpu = CpuGroup.open(scratch.getFileName() + "-" + NUMBER.incrementAndGet());
            String doors = cpu.doors().stream().map(Path::toString).collect(Collectors.joining(" "));
            Path ready = folder.resolve("ready");
            var gate = List.of("/bin/sh", "-c", GATE, "sh", doors, ready.toString(), processors);
            var process = LambdaProcess.start(launch, folder, gate);
            return new Execution(folder, cpu, process, open(process.process(), ready));
        } catch (IOException e) {
            throw new RunFailed("cannot start " + launch.command().get(0), e);
        }
    }

    /** Lets the shell become the program; the time of that. */
    private static long open(Process process, Path ready) throws IOException {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (!Files.exists(ready) && process.isAlive() && System.nanoTime() < end) {
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
            return process.awaitNext();
        } catch (ProcessFailed e) {
            throw failed(e.getMessage());
        }
    }

    /** Hands it an event and waits for its answer. */
    Reported invoke(String event) {
        Reported answer;
        try {
            answer = process.invoke(event);
        } catch (ProcessFailed e) {
            throw failed(e.getMessage());
        }
        if (answer.isError()) {
            throw failed("it failed: " + answer.body());
        }
        return answer;
    }

    /** The processor time that it has used, in nanoseconds. */
    long cpuNanos() {
        return cpu.usedNanos(pid());
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
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid() + "/status"))) {
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
        List<String> lines = process.log();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - LOG_LINES_SHOWN), lines.size()));
    }

    private long pid() {
        return process.process().pid();
    }

    @Override
    public void close() {
        process.kill();
        process.close();
        cpu.close();
        Folders.delete(folder);
    }
}
