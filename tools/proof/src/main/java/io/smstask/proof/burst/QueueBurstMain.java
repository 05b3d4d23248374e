package io.smstask.proof.burst;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A burst as a command: exit code 0 if every promise was kept, else 1. */
@Command(
        name = "queue-burst",
        description = "Puts many calls on the queue of the local stack, with copies and faults, and checks each.",
        sortOptions = false)
public final class QueueBurstMain implements Callable<Integer> {

    @Option(names = "--calls", paramLabel = "NUMBER", defaultValue = "5000", description = "Default: ${DEFAULT-VALUE}.")
    private int calls;

    @Option(
            names = "--seed",
            paramLabel = "NUMBER",
            defaultValue = "1",
            description = "The same seed makes the same calls. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    /** Exits explicitly: server threads would keep the process alive. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new QueueBurstMain()).execute(args));
    }

    /** The tables go to standard output, progress to standard error. */
    @Override
    public Integer call() throws InterruptedException {
        BurstOutcome outcome = QueueBurst.run(calls, seed, System.err);
        System.out.print(outcome.markdown());
        return outcome.isKept() ? 0 : 1;
    }
}
