package io.smstask.send;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smstask.task.CallFailure;
import io.smstask.task.Escalation.CallError;
import io.smstask.task.HistoryEntry;
import io.smstask.task.Node;
import io.smstask.task.PollKind;
import io.smstask.task.Retryable;
import io.smstask.task.Source;
import io.smstask.task.StoreUnavailable;
import io.smstask.task.Subscribers;
import io.smstask.task.Task;
import io.smstask.testing.FaultyStore.Call;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Cancelling, and whatever may happen at the same time. */
final class CancelTaskTest {

    private final SendFixture fixture = SendFixture.withSecret(SendFixture.secret(Calls.TOKEN));

    private static Map<String, Object> ofStack() {
        return Calls.callWithout("AuthToken");
    }

    @ParameterizedTest
    @ValueSource(strings = {"scheduled", "accepted", "queued"})
    void a_message_that_twilio_still_holds_is_cancelled_there(String status) {
        fixture.send(ofStack());
        fixture.messages.status = status;

        CancelResult result = fixture.cancel();

        assertThat(result).isEqualTo(new CancelResult.Done(fixture.stored()));
        Task task = fixture.stored();
        assertThat(task.node()).isEqualTo(Node.ESCALATION);
        assertThat(task.status().orElseThrow().word()).isEqualTo("canceled");
        assertThat(task.escalation().orElseThrow().code()).isEqualTo("canceled");
        assertThat(task.escalation().orElseThrow().retryable()).isEqualTo(Retryable.NO);
        assertThat(last(task).source()).isEqualTo(Source.CANCEL);
        assertThat(fixture.messages.asked).containsExactly("cancel");
    }

    @Test
    void cancelling_twice_harms_nobody_and_asks_twilio_once() {
        fixture.send(ofStack());
        fixture.cancel();
        Task once = fixture.stored();

        assertThat(fixture.cancel()).isEqualTo(new CancelResult.Done(once));
        assertThat(fixture.stored()).isEqualTo(once);
        assertThat(fixture.messages.asked).containsExactly("cancel");
    }

    @Test
    void of_two_calls_at_once_the_one_that_twilio_refuses_reads_that_it_is_cancelled() {
        fixture.send(ofStack());
        fixture.messages.status = "canceled";

        assertThat(fixture.cancel()).isInstanceOf(CancelResult.Done.class);
        assertThat(fixture.messages.asked).containsExactly("cancel", "read");
    }

    @Test
    void a_message_that_was_sent_is_too_late_and_its_status_is_recorded() {
        fixture.send(ofStack());
        fixture.messages.status = "sent";

        CancelResult result = fixture.cancel();

        assertThat(result).isEqualTo(new CancelResult.Refused(fixture.stored()));
        assertThat(fixture.stored().status().orElseThrow().word()).isEqualTo("sent");
        assertThat(fixture.stored().node()).isEqualTo(Node.WAITING_FOR_CALLBACK);
    }

    @Test
    void a_task_that_has_ended_is_refused_without_asking_twilio() {
        fixture.send(ofStack());
        fixture.callback("delivered");

        assertThat(fixture.cancel()).isEqualTo(new CancelResult.Refused(fixture.stored()));
        assertThat(fixture.messages.asked).isEmpty();
    }

    @Test
    void a_task_that_is_being_sent_has_no_sid_yet() {
        CancelResult[] meanwhile = new CancelResult[1];
        fixture.whileTwilioWorks(() -> meanwhile[0] = fixture.cancel());

        fixture.send(ofStack());

        assertThat(meanwhile[0]).isInstanceOf(CancelResult.Refused.class);
        assertThat(fixture.stored().node()).isEqualTo(Node.WAITING_FOR_CALLBACK);
        assertThat(fixture.messages.asked).isEmpty();
    }

    @Test
    void a_task_of_unknown_outcome_without_a_sid_is_refused_and_stays() {
        fixture.twilioAlwaysAnswers(new TwilioAnswer.Unknown(new CallError(CallFailure.TIMEOUT, "No answer.")));
        fixture.send(ofStack());
        Task before = fixture.stored();

        assertThat(fixture.cancel()).isEqualTo(new CancelResult.Refused(before));
        assertThat(fixture.stored()).isEqualTo(before);
    }

    @Test
    void there_is_no_such_task() {
        assertThat(fixture.cancel()).isEqualTo(new CancelResult.NotFound());
    }

    @Test
    void a_callback_before_the_answer_is_recorded_makes_it_a_duplicate() {
        fixture.send(ofStack());
        fixture.store.before(Call.WRITE, () -> fixture.callback("canceled"));

        assertThat(fixture.cancel()).isInstanceOf(CancelResult.Done.class);

        Task task = fixture.stored();
        assertThat(task.status().orElseThrow().word()).isEqualTo("canceled");
        assertThat(last(task).note()).contains("duplicate");
    }

    @Test
    void a_late_status_after_the_cancel_moves_nothing() {
        fixture.send(ofStack());
        fixture.cancel();

        fixture.callback("sent");
        fixture.callback("canceled");

        assertThat(fixture.stored().status().orElseThrow().word()).isEqualTo("canceled");
        assertThat(fixture.stored().node()).isEqualTo(Node.ESCALATION);
    }

    @Test
    void an_answer_that_is_lost_once_is_asked_for_again_and_then_read() {
        fixture.send(ofStack());
        fixture.messages.lostAnswers = 1;

        assertThat(fixture.cancel()).isInstanceOf(CancelResult.Done.class);

        // The second request comes too late: the first has cancelled it.
        assertThat(fixture.messages.asked).containsExactly("cancel", "cancel", "read");
    }

    @Test
    void a_request_that_is_lost_once_is_made_again() {
        fixture.send(ofStack());
        fixture.messages.lostRequests = 1;

        assertThat(fixture.cancel()).isInstanceOf(CancelResult.Done.class);
        assertThat(fixture.messages.asked).containsExactly("cancel", "cancel");
    }

    @Test
    void without_any_answer_the_task_stays_and_the_same_call_finds_out_later() {
        fixture.send(ofStack());
        fixture.messages.lostAnswers = 3;
        Task before = fixture.stored();

        CancelResult first = fixture.cancel();

        assertThat(first).isInstanceOfSatisfying(CancelResult.NoAnswer.class, none -> {
            assertThat(none.error().code()).isEqualTo("timeout");
            assertThat(none.task()).isEqualTo(before);
        });
        assertThat(SendReplies.http(first).getStatusCode()).isEqualTo(504);
        assertThat(fixture.stored()).isEqualTo(before);
        assertThat(fixture.cancel()).isInstanceOf(CancelResult.Done.class);
    }

    @Test
    void what_twilio_cancelled_and_the_store_did_not_take_is_cancelled_all_the_same() {
        fixture.send(ofStack());
        fixture.store.failOnce(Call.WRITE);

        assertThat(fixture.cancel()).isInstanceOf(CancelResult.Done.class);
    }

    @Test
    void a_task_that_could_be_run_again_is_closed_and_never_run() {
        connectFailed();

        CancelResult result = fixture.cancel();

        Task task = fixture.stored();
        assertThat(result).isEqualTo(new CancelResult.Done(task));
        assertThat(task.node()).isEqualTo(Node.ESCALATION);
        assertThat(task.escalation().orElseThrow().code()).isEqualTo("canceled");
        assertThat(task.escalation().orElseThrow().retryable()).isEqualTo(Retryable.NO);
        assertThat(last(task).source()).isEqualTo(Source.CANCEL);
        assertThat(task.sms().body()).isEmpty();
        fixture.twilioAnswersAsScripted();
        int posts = fixture.twilio.asked().size();
        assertThat(fixture.answerTo(ofStack())).isEqualTo(422);
        assertThat(fixture.twilio.asked()).hasSize(posts);
        assertThat(fixture.cancel()).isEqualTo(new CancelResult.Done(task));
    }

    @Test
    void of_a_cancel_and_the_same_call_at_once_the_call_may_win_and_the_message_is_then_cancelled() {
        connectFailed();
        fixture.twilioAnswersAsScripted();
        fixture.store.before(Call.WRITE, () -> fixture.send(ofStack()));

        assertThat(fixture.cancel()).isInstanceOf(CancelResult.Done.class);

        assertThat(fixture.messages.asked).containsExactly("cancel");
        assertThat(fixture.stored().status().orElseThrow().word()).isEqualTo("canceled");
    }

    @Test
    void of_a_cancel_and_the_same_call_at_once_the_cancel_may_win_and_nothing_is_sent() {
        connectFailed();
        fixture.twilioAnswersAsScripted();
        int posts = fixture.twilio.asked().size();
        fixture.store.before(Call.CLAIM_AGAIN, () -> fixture.cancel());

        assertThat(fixture.answerTo(ofStack())).isEqualTo(422);

        assertThat(fixture.twilio.asked()).hasSize(posts);
        assertThat(fixture.stored().isCanceled()).isTrue();
    }

    @Test
    void whoever_waits_for_a_cancelled_task_is_told_by_the_next_poll() {
        SendFixture announced = SendFixture.withEventBus();
        announced.send(Calls.call());
        announced.cancelWith(Calls.TOKEN);

        Task canceled = announced.stored();
        assertThat(canceled.isCanceled()).isTrue();
        assertThat(canceled.pollKind()).isEqualTo(PollKind.TELL);
        assertThat(canceled.pollAt().orElseThrow())
                .isBefore(announced.clock.instant().plus(Duration.ofMinutes(1)));
        // Its event has the texts, if the stack wants them there.
        assertThat(canceled.sms().body()).isPresent();
    }

    @Test
    void so_is_whoever_waits_for_a_task_that_was_closed() {
        SendFixture announced = SendFixture.withEventBus();
        announced.twilioAlwaysAnswers(new TwilioAnswer.NotSent(
                new CallError(CallFailure.CONNECT_FAILED, "No connection."), Optional.empty()));
        announced.send(Calls.call());
        Task failed = announced.stored();
        announced
                .store
                .undisturbed()
                .replace(
                        failed,
                        failed.told(new Subscribers(List.of(), Subscribers.Event.PUT), announced.clock.instant()));

        announced.cancel();

        assertThat(announced.stored().subscribers().event()).isEqualTo(Subscribers.Event.WANTED);
        assertThat(announced.stored().pollAt().orElseThrow())
                .isBefore(announced.clock.instant().plus(Duration.ofMinutes(1)));
    }

    @Test
    void a_callers_own_account_needs_its_token() {
        SendFixture without = SendFixture.withoutSecret();
        without.send(Calls.call());
        without.messages.password = Calls.TOKEN;

        assertThatThrownBy(without::cancel).isInstanceOf(InvalidTask.class).hasMessageContaining("AuthToken");
        assertThatThrownBy(() -> without.cancelWith("another-token"))
                .isInstanceOf(InvalidTask.class)
                .hasMessageContaining("AuthToken")
                .hasMessageNotContaining("another-token");
        assertThat(without.stored().isCanceled()).isFalse();
        assertThat(without.cancelWith(Calls.TOKEN)).isInstanceOf(CancelResult.Done.class);
    }

    @Test
    void a_secret_that_was_rotated_is_read_again() {
        fixture.send(ofStack());
        fixture.messages.password = "fedcba9876543210fedcba9876543210";
        fixture.secretBecomes(SendFixture.secret(fixture.messages.password));
        fixture.clock.move(Duration.ofMinutes(1));

        assertThat(fixture.cancel()).isInstanceOf(CancelResult.Done.class);
    }

    @Test
    void credentials_of_the_stack_that_twilio_refuses_are_no_answer_about_the_message() {
        fixture.send(ofStack());
        fixture.messages.password = "another";

        CancelResult result = fixture.cancel();

        assertThat(result).isInstanceOf(CancelResult.NoAnswer.class);
        assertThat(SendReplies.http(result).getStatusCode()).isEqualTo(502);
    }

    @Test
    void a_store_that_is_down_is_an_outage() {
        fixture.send(ofStack());
        fixture.store.failOnce(Call.FIND);

        assertThatThrownBy(fixture::cancel).isInstanceOf(StoreUnavailable.class);
        assertThat(fixture.messages.asked).isEmpty();
    }

    private void connectFailed() {
        fixture.twilioAlwaysAnswers(new TwilioAnswer.NotSent(
                new CallError(CallFailure.CONNECT_FAILED, "No connection."), Optional.empty()));
        fixture.send(ofStack());
        assertThat(fixture.stored().mayRunAgain()).isTrue();
    }

    private static HistoryEntry last(Task task) {
        return task.history().get(task.history().size() - 1);
    }
}
