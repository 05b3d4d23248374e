package io.smstask.proof.burst;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

/** A burst of a few calls. Of 5,000: docs/reliability.md. */
final class QueueBurstTest {

    private static final int CALLS = 150;

    @Test
    void every_call_of_a_burst_is_one_sms_or_a_dead_letter_with_its_reason() throws InterruptedException {
        var progress = new ByteArrayOutputStream();

        BurstOutcome outcome = QueueBurst.run(CALLS, 3, new PrintStream(progress, true, UTF_8));

        assertThat(outcome.isKept()).as(outcome.markdown()).isTrue();
        assertThat(outcome.mostSms()).isOne();
        assertThat(outcome.deadLetters()).containsKeys("21211", "invalid_task", "task_conflict");
        assertThat(outcome.rows()).containsEntry("… in the redrive", 0L);
        assertThat(outcome.rows().get("messages put on the queue")).isGreaterThan(CALLS);
        assertThat(outcome.rows().get("calls that were sent")).isGreaterThan(CALLS / 2L);
        assertThat(progress.toString(UTF_8)).contains("putting", "sending", "redrive");
    }
}
