package io.smstask.task;

import static io.smstask.task.Samples.task;
import static io.smstask.task.Samples.withStatus;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The end of the wait, which we decide. */
final class EndTest {

    private static final Instant DUE = task().dueAt();

    @Test
    void a_task_whose_time_is_over_is_noted_as_given_up() {
        Task queued = withStatus("queued");

        Task ended = queued.ended(DUE);

        assertThat(ended.history())
                .last()
                .isEqualTo(new HistoryEntry(
                        DUE,
                        Source.TIMER,
                        Optional.of("queued"),
                        Optional.of("status_timeout"),
                        Optional.of("given_up")));
    }

    @Test
    void the_end_takes_the_last_place_of_a_history_like_any_final() {
        Task crowded = Samples.withHistory(withStatus("queued"), History.LIMIT - 1);

        assertThat(crowded.ended(DUE).history()).hasSize(History.LIMIT);
    }

    @Test
    void a_full_history_does_not_stop_the_end() {
        for (String status : List.of("queued", "sent")) {
            Task full = Samples.withHistory(withStatus(status), History.LIMIT);

            Task ended = full.ended(DUE);

            assertThat(ended.history()).isEqualTo(full.history());
            assertThat(ended.node()).isEqualTo(status.equals("sent") ? Node.FINAL : Node.ESCALATION);
            assertThat(ended.pollAt()).isEmpty();
        }
    }
}
