package io.smstask.proof.catchup;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

/** Catching up with a few tasks. With 20,000: docs/reliability.md. */
final class CatchUpTest {

    private static final int TASKS = 150;

    @Test
    void silent_tasks_are_caught_up_through_the_queue_with_progress() throws InterruptedException {
        var progress = new ByteArrayOutputStream();

        CatchUp.Outcome outcome = CatchUp.run(TASKS, new PrintStream(progress, true, UTF_8));

        assertThat(outcome.isKept()).as(outcome.toString()).isTrue();
        assertThat(outcome.right()).isEqualTo(TASKS);
        assertThat(outcome.leased()).isGreaterThanOrEqualTo(TASKS);
        assertThat(outcome.pages()).isPositive();
        assertThat(progress.toString(UTF_8)).contains("catching up", TASKS + "/" + TASKS + " tasks");
    }
}
