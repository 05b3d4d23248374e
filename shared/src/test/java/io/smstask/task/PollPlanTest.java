package io.smstask.task;

import static io.smstask.task.Samples.NOW;
import static io.smstask.task.Samples.SID;
import static io.smstask.task.Samples.callError;
import static io.smstask.task.Samples.task;
import static io.smstask.task.Samples.withStatus;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a task is polled next. All minutes count from when it was made; it is due after 24 hours, or 1440 minutes. */
final class PollPlanTest {

    private static final Subscribers EVENT = new Subscribers(List.of(), Subscribers.Event.WANTED);

    /** The columns: now, and the next poll. */
    @ParameterizedTest
    @CsvSource({"0, 15", "30, 45", "60, 90", "720, 1080", "1000, 1360", "1430, 1440", "1440, 1440", "1500, 1500"})
    void an_open_task_waits_for_half_of_its_age_but_not_past_its_end(long now, long next) {
        assertThat(withStatus("queued").postponed(at(now)).pollAt()).contains(at(next));
    }

    @Test
    void the_age_of_a_further_attempt_counts_from_the_end_of_its_call() {
        Claim next = new Claim("claim-2", 2, at(120), "https://callbacks.example.com", new CallbackProof.KeyHash("h"));
        Task again =
                task().escalated(callError(CallFailure.CONNECT_FAILED), NOW).claimedAgain(next, at(119), at(2000));

        assertThat(again.postponed(at(120)).pollAt()).contains(at(135));
        assertThat(again.postponed(at(200)).pollAt()).contains(at(240));
    }

    /** The columns: now, and the next poll. */
    @ParameterizedTest
    @CsvSource({"0, 15", "14, 29", "15, 1440", "60, 1440", "1440, 1440", "1500, 1500"})
    void a_task_with_the_callers_token_is_polled_once_and_then_at_its_end(long now, long next) {
        CallbackProof sealed = new CallbackProof.SealedToken("sealed", new CallbackProof.KeyHash("hash"));
        Claim claim = new Claim("claim-1", 1, NOW.plusSeconds(25), "https://callbacks.example.com", sealed);
        Task task = Task.claimed(Samples.TASK_ID, Samples.sms(), claim, NOW, at(1440));

        assertThat(task.pollKind()).isEqualTo(PollKind.END);
        assertThat(task.postponed(at(now)).pollAt()).contains(at(next));
    }

    /** The columns, in seconds after the end: now, and the next poll. */
    @ParameterizedTest
    @CsvSource({"0, 10", "20, 30", "60, 90", "43200, 64800", "86400, 108000"})
    void subscribers_that_were_missed_are_notified_at_growing_intervals(long now, long next) {
        Instant end = at(30);
        Task ended = report("delivered", Source.CALLBACK, 30).appliedTo(task().with(EVENT));

        assertThat(ended.postponed(end.plusSeconds(now)).pollAt()).contains(end.plusSeconds(next));
        assertThat(ended.told(Subscribers.NOBODY, end.plusSeconds(now)).pollAt())
                .isEmpty();
    }

    /** The columns: the planned poll, and the next one after a callback at minute 60. */
    @ParameterizedTest
    @CsvSource({"60, 90", "69, 90", "70, 70", "100, 100", "1440, 1440", "1441, 90"})
    void a_callback_leaves_a_look_in_place_that_is_ten_minutes_ahead_and_not_past_the_end(long planned, long next) {
        Task queued = withStatus("queued").polledAt(at(planned));

        assertThat(report("sent", Source.CALLBACK, 60).appliedTo(queued).pollAt())
                .contains(at(next));
    }

    @Test
    void a_report_of_the_poll_replaces_the_planned_time_which_is_the_end_of_its_lease() {
        Task leased = withStatus("queued").polledAt(at(100));

        assertThat(report("sent", Source.POLL, 60).appliedTo(leased).pollAt()).contains(at(90));
    }

    @Test
    void a_healed_task_is_looked_at_and_not_when_its_subscribers_were_to_be_notified() {
        Task ended = withStatus("queued").with(EVENT).ended(at(30)).polledAt(at(100));
        assertThat(ended.pollKind()).isEqualTo(PollKind.TELL);

        Task healed = report("sent", Source.CALLBACK, 60).appliedTo(ended);

        assertThat(healed.pollKind()).isEqualTo(PollKind.LOOK);
        assertThat(healed.pollAt()).contains(at(90));
    }

    @Test
    void a_task_that_is_done_is_polled_no_more() {
        Task queued = withStatus("queued").polledAt(at(100));

        assertThat(report("delivered", Source.CALLBACK, 60).appliedTo(queued).pollAt())
                .isEmpty();
    }

    /** The columns: now, and the next look. Patience ends at minute 1800. */
    @ParameterizedTest
    @CsvSource({"60, 75", "1440, 1455", "1785, 1800", "1786, 1800", "1799, 1800", "1800, 1815", "1801, 1816"})
    void after_a_look_without_an_answer_the_next_one_comes_in_15_minutes_or_when_patience_ends(long now, long next) {
        Task sent = withStatus("sent");

        Task after = sent.unanswered(at(now));

        assertThat(after).isEqualTo(sent.polledAt(at(next)));
    }

    @Test
    void a_look_that_waits_for_the_end_of_twilios_limit_does_not_wait_past_patience() {
        Task sent = withStatus("sent");

        assertThat(sent.lookedAt(at(300), at(60)).pollAt()).contains(at(300));
        assertThat(sent.lookedAt(at(1900), at(60)).pollAt()).contains(at(1800));
        assertThat(sent.lookedAt(at(1900), at(1850)).pollAt()).contains(at(1900));
    }

    private static StatusReport report(String status, Source source, long minute) {
        return new StatusReport(
                SID,
                new MessageStatus(status),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                source,
                at(minute));
    }

    private static Instant at(long minute) {
        return NOW.plus(Duration.ofMinutes(minute));
    }
}
