package io.smstask.task;

import static io.smstask.task.Samples.NOW;
import static io.smstask.task.Samples.reported;
import static io.smstask.task.Samples.task;
import static io.smstask.task.Samples.withStatus;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
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

    @Test
    void a_task_is_due_when_its_time_is_over_and_its_patience_ends_six_hours_later() {
        Task sent = withStatus("sent");
        Instant last = DUE.plus(Duration.ofHours(6));

        assertThat(sent.isDue(DUE.minusMillis(1))).isFalse();
        assertThat(sent.isDue(DUE)).isTrue();
        assertThat(sent.isPastPatience(last.minusMillis(1))).isFalse();
        assertThat(sent.isPastPatience(last)).isTrue();
    }

    @Test
    void a_message_that_twilio_no_longer_has_is_noted_and_asked_for_again() {
        Task sent = withStatus("sent");
        Instant at = NOW.plusSeconds(900);

        Task gone = sent.gone(at);

        assertThat(sent.isGone()).isFalse();
        assertThat(gone.isGone()).isTrue();
        assertThat(gone.standing()).isEqualTo(sent.standing());
        assertThat(gone.history())
                .last()
                .isEqualTo(new HistoryEntry(at, Source.POLL, Optional.empty(), Optional.empty(), Optional.of("gone")));
        assertThat(gone.pollAt()).contains(at.plus(Duration.ofMinutes(15)));
    }

    @Test
    void a_message_is_gone_for_good_if_twilio_says_so_again_ten_minutes_later() {
        Task gone = withStatus("sent").gone(NOW);
        Instant later = NOW.plus(Duration.ofMinutes(10));

        assertThat(gone.isGoneForGood(later.minusMillis(1))).isFalse();
        assertThat(gone.isGoneForGood(later)).isTrue();
        assertThat(gone.unanswered(later).isGoneForGood(later)).isTrue();
    }

    @Test
    void a_later_entry_shows_that_the_message_was_there_after_all() {
        Task again = reported("queued").appliedTo(withStatus("sent").gone(NOW));

        assertThat(again.isGone()).isFalse();
        assertThat(again.isGoneForGood(DUE)).isFalse();
    }

    @Test
    void a_task_without_a_history_is_not_gone() {
        assertThat(task().isGone()).isFalse();
        assertThat(task().isGoneForGood(DUE)).isFalse();
    }
}
