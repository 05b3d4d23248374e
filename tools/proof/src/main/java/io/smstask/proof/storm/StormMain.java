package io.smstask.proof.storm;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The storm as a command: exit code 0 if every promise was kept, else 1. */
@Command(
        name = "storm",
        description =
                "Sends many tasks through the whole stack with faults of every kind, and checks how each task ends.",
        sortOptions = false)
public final class StormMain implements Callable<Integer> {

    @Option(
            names = "--tasks",
            paramLabel = "NUMBER",
            defaultValue = "10000",
            description = "At most " + StormOptions.MOST_TASKS + ". Default: ${DEFAULT-VALUE}.")
    private int tasks;

    @Option(
            names = "--seed",
            paramLabel = "NUMBER",
            defaultValue = "1",
            description = "The same seed gives each task the same faults. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--callers",
            paramLabel = "NUMBER",
            defaultValue = "16",
            description = "Number of concurrent callers. Default: ${DEFAULT-VALUE}.")
    private int callers;

    @Option(names = "--report", paramLabel = "FILE", description = "Also write the tables to this file.")
    private @Nullable Path report;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    private final PrintStream out;
    private final PrintStream err;

    private StormMain(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /** Exits explicitly: server threads would keep the process alive after an error. */
    public static void main(String[] args) {
        int code = 1;
        try {
            code = run(System.out, System.err, args);
        } catch (Throwable e) { // an Error must end the process, too
            e.printStackTrace();
        }
        System.exit(code);
    }

    /** The tables go to {@code out}, progress and errors in the options to {@code err}. */
    static int run(PrintStream out, PrintStream err, String... args) {
        CommandLine command = new CommandLine(new StormMain(out, err));
        command.setParameterExceptionHandler((e, given) -> {
            err.println(e.getMessage());
            return 2;
        });
        command.setExecutionExceptionHandler((e, line, result) -> {
            if (e instanceof IllegalArgumentException) {
                err.println(e.getMessage());
                return 2;
            }
            e.printStackTrace(err);
            return 1;
        });
        return command.execute(args);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        StormReport came = Storm.run(new StormOptions(tasks, seed, callers), err);
        out.println(came.markdown());
        if (report != null) {
            Files.writeString(report, came.markdown());
        }
        return came.isKept() ? 0 : 1;
    }
}
