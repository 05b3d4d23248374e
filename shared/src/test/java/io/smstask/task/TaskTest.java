package io.smstask.task;

import static io.smstask.task.Samples.NOW;
import static io.smstask.task.Samples.SID;
import static io.smstask.task.Samples.callError;
import static io.smstask.task.Samples.claim;
import static io.smstask.task.Samples.reportedWithCode;
import static io.smstask.task.Samples.task;
import static io.smstask.task.Samples.withStatus;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TaskTest {

    private static final Instant DEADLINE = task().claim().callDeadline();

    @Test
    void before_its_deadline_a_call_is_in_progress() {
        assertThat(task().seenAt(DEADLINE.minusMillis(1))).isEqualTo(task());
    }

    @Test
    void from_its_deadline_on_a_call_has_an_unknown_outcome_for_every_reader() {
        Task seen = task().seenAt(DEADLINE);

        assertThat(seen.node()).isEqualTo(Node.ESCALATION);
        assertThat(seen.escalation().map(Escalation::code)).contains("outcome_unknown");
        assertThat(seen.escalation().map(Escalation::retryable)).contains(Retryable.UNKNOWN);
        assertThat(seen.mayRunAgain()).isFalse();
        assertThat(seen.updatedAt()).isEqualTo(NOW);
        assertThat(seen.history()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"queued", "sent", "delivered", "failed"})
    void a_task_that_twilio_took_looks_the_same_at_any_time(String status) {
        Task task = withStatus(status);

        assertThat(task.seenAt(DEADLINE.plusSeconds(86_400))).isEqualTo(task);
    }

    @Test
    void a_callback_heals_a_task_whether_or_not_its_unknown_outcome_was_written_down() {
        StatusReport sent = Samples.reported("sent");
        for (Task seen : List.of(task(), task().withUnknownOutcome(DEADLINE))) {
            assertThat(sent.appliedTo(seen).node()).isEqualTo(Node.WAITING_FOR_CALLBACK);
            assertThat(sent.appliedTo(seen).escalation()).isEmpty();
        }
    }

    @Test
    void an_unknown_outcome_is_written_down_only_when_the_call_has_ended() {
        Task before = task();

        assertThat(before.withUnknownOutcome(DEADLINE.minusMillis(1))).isSameAs(before);
        Task after = before.withUnknownOutcome(DEADLINE);
        assertThat(after.node()).isEqualTo(Node.ESCALATION);
        assertThat(after.history())
                .singleElement()
                .satisfies(entry -> assertThat(entry.source()).isEqualTo(Source.POLL));
        assertThat(after.withUnknownOutcome(DEADLINE)).isSameAs(after);
    }

    @Test
    void a_task_with_a_sid_never_runs_again() {
        Task withSid = task().escalated(SID, callError(CallFailure.CONNECT_FAILED), NOW);

        assertThat(withSid.mayRunAgain()).isFalse();
    }

    @Test
    void a_further_attempt_starts_afresh_and_keeps_what_was_asked() {
        Task failed = task().escalated(callError(CallFailure.CONNECT_FAILED), NOW);
        assertThat(failed.mayRunAgain()).isTrue();

        Task again = failed.claimedAgain(claim("claim-2", 2), NOW.plusSeconds(60), NOW.plusSeconds(120));

        assertThat(again.node()).isEqualTo(Node.CALLING_API);
        assertThat(again.escalation()).isEmpty();
        assertThat(again.history()).isEqualTo(failed.history());
        assertThat(again.createdAt()).isEqualTo(NOW);
        assertThat(again.sms()).isEqualTo(failed.sms());
        assertThat(again.context()).isEqualTo(failed.context());
        assertThat(again.fingerprint()).isEqualTo(failed.fingerprint());
    }

    @Test
    void a_call_to_cancel_closes_a_task_that_could_be_run_again() {
        Subscribers notified = new Subscribers(List.of(), Subscribers.Event.PUT);
        Task failed = task().with(notified).escalated(callError(CallFailure.CONNECT_FAILED), NOW);

        Task closed = failed.canceled(NOW.plusSeconds(60));

        assertThat(closed.isCanceled()).isTrue();
        assertThat(closed.mayRunAgain()).isFalse();
        assertThat(closed.escalation().map(Escalation::code)).contains("canceled");
        assertThat(closed.escalation().map(Escalation::retryable)).contains(Retryable.NO);
        assertThat(closed.history())
                .last()
                .satisfies(entry -> assertThat(entry.source()).isEqualTo(Source.CANCEL));
        assertThat(closed.subscribers().event()).isEqualTo(Subscribers.Event.WANTED);
    }

    @Test
    void a_call_to_cancel_leaves_any_other_task_as_it_is() {
        Task unknown = task().escalated(callError(CallFailure.TIMEOUT), NOW);
        Task refused = task().escalated(callError(CallFailure.REFUSED), NOW);
        for (Task task : List.of(task(), withStatus("scheduled"), withStatus("failed"), unknown, refused)) {
            assertThat(task.canceled(NOW)).isSameAs(task);
            assertThat(task.isCanceled()).isFalse();
        }
    }

    @Test
    void what_twilio_cancelled_is_cancelled_whatever_its_code() {
        assertThat(withStatus("canceled").isCanceled()).isTrue();
        assertThat(reportedWithCode("canceled", "30409").appliedTo(task()).isCanceled())
                .isTrue();
        assertThat(reportedWithCode("failed", "30003").appliedTo(task()).isCanceled())
                .isFalse();
    }

    @Test
    void a_task_is_being_called_until_its_outcome_is_known() {
        assertThat(task().isBeingCalled()).isTrue();
        assertThat(task().seenAt(DEADLINE).isBeingCalled()).isFalse();
        assertThat(withStatus("queued").isBeingCalled()).isFalse();
    }

    @Test
    void a_claim_of_a_stored_task_counts_the_attempts() {
        assertThat(claim("claim-2", 1).after(task().claim())).isEqualTo(claim("claim-2", 2));
    }

    @Test
    void the_senders_red_exit_leaves_the_last_places_of_the_history_to_finals() {
        assertThat(escalatedWith(44).history()).hasSize(45);
        assertThat(escalatedWith(45).history()).hasSize(45);
        assertThat(escalatedWith(45).node()).isEqualTo(Node.ESCALATION);
    }

    @Test
    void a_printed_task_tells_its_ids_and_where_it_stands() {
        assertThat(task()).hasToString("Task[" + task().id() + ", CALLING_API, attempt 1, 0 entries]");
        assertThat(withStatus("failed"))
                .hasToString(
                        "Task[" + task().id() + ", ESCALATION, " + SID + ", failed, failed, attempt 1, 1 entries]");
    }

    private static Task escalatedWith(int entries) {
        return Samples.withHistory(task(), entries).escalated(callError(CallFailure.TIMEOUT), NOW);
    }
}
