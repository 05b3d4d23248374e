package io.smstask.proof.catchup;

import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Catching up as a command: exit code 0 if every task ended as Twilio says, else 1. */
@Command(
        name = "catch-up",
        description =
                "Sends many tasks of which nothing is heard through the local stack, and polls until all have ended.",
        sortOptions = false)
public final class CatchUpMain implements Callable<Integer> {

    @Option(
            names = "--tasks",
            paramLabel = "NUMBER",
            defaultValue = "20000",
            description = "Default: ${DEFAULT-VALUE}.")
    private int tasks;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    /** Exits explicitly: server threads would keep the process alive. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new CatchUpMain()).execute(args));
    }

    /** The table goes to standard output, progress to standard error. */
    @Override
    public Integer call() throws InterruptedException {
        CatchUp.Outcome outcome = CatchUp.run(tasks, System.err);
        System.out.print(markdown(outcome));
        return outcome.isKept() ? 0 : 1;
    }

    private static String markdown(CatchUp.Outcome outcome) {
        return String.format(
                Locale.ROOT,
                """
                | | |
                | --- | ---: |
                | silent tasks | %,d |
                | ended as Twilio says | %,d |
                | messages on the queue, batches | %,d, %,d |
                | single looks, pages of Twilio's list | %,d, %,d |
                | times that 16 minutes were skipped for looks without an answer | %,d |
                | dead letters | %s |
                | sending | %d s |
                | catching up | %d s, %d tasks a second |
                """,
                outcome.tasks(),
                outcome.right(),
                outcome.leased(),
                outcome.runs(),
                outcome.looks(),
                outcome.pages(),
                outcome.jumps(),
                outcome.isDeadLetterFree() ? "none" : "SOME",
                outcome.sending().toSeconds(),
                outcome.catchingUp().toSeconds(),
                outcome.tasks() / Math.max(1, outcome.catchingUp().toSeconds()));
    }
}
