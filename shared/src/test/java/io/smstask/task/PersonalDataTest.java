package io.smstask.task;

import static io.smstask.task.Samples.NOW;
import static io.smstask.task.Samples.callError;
import static io.smstask.task.Samples.reported;
import static io.smstask.task.Samples.task;
import static io.smstask.task.Samples.withStatus;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes at a task's end, and what is left of an erased one. */
final class PersonalDataTest {

    private static final Subscribers WAITED_FOR =
            new Subscribers(List.of(new TaskToken("token")), Subscribers.Event.OFF);

    @ParameterizedTest
    @ValueSource(strings = {"delivered", "read", "undelivered", "failed", "canceled"})
    void the_texts_go_with_twilios_final_status(String status) {
        Task done = withStatus(status).withoutTextsIfDone();

        assertThat(done.sms().body()).isEmpty();
        assertThat(done.sms().further()).containsOnlyKeys("ValidityPeriod");
        assertThat(done.context()).isEmpty();
        assertThat(done.bodyLength()).contains(27);
        assertThat(done.sms().to()).isEqualTo(task().sms().to());
        assertThat(done.fingerprint().isOf(task().sms())).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"queued", "sent", "partially_delivered"})
    void a_task_that_goes_on_keeps_them(String status) {
        assertThat(withStatus(status).withoutTextsIfDone()).isEqualTo(withStatus(status));
    }

    @Test
    void they_go_with_a_refusal_and_stay_where_the_task_may_be_run_again() {
        Task refused =
                task().escalated(new Escalation.TwilioError("21211", "invalid", Optional.empty(), Retryable.NO), NOW);
        Task failed = task().escalated(callError(CallFailure.CONNECT_FAILED), NOW);

        assertThat(refused.withoutTextsIfDone().sms().body()).isEmpty();
        assertThat(failed.withoutTextsIfDone()).isEqualTo(failed);
    }

    @Test
    void an_unknown_outcome_keeps_what_matching_needs_until_its_end() {
        Task unknown = task().escalated(callError(CallFailure.TIMEOUT), NOW);

        assertThat(unknown.withoutTextsIfDone()).isEqualTo(unknown);
        assertThat(unknown.ended(NOW).withoutTextsIfDone().sms().body()).isEmpty();
    }

    @Test
    void whoever_is_left_to_notify_gets_the_texts() {
        Task ended = reported("delivered").appliedTo(task().with(WAITED_FOR));

        assertThat(ended.withoutTextsIfDone()).isEqualTo(ended);
        assertThat(ended.told(Subscribers.NOBODY, NOW).withoutTextsIfDone().context())
                .isEmpty();
    }

    @Test
    void a_later_status_does_not_lose_the_length() {
        Task done = withStatus("delivered").withoutTextsIfDone();

        Task read = reported("read").appliedTo(done).withoutTextsIfDone();

        assertThat(read.status()).contains(new MessageStatus("read"));
        assertThat(read.bodyLength()).contains(27);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_text_alone_goes_and_so_does_a_context_alone(boolean hasContext) {
        Sms text = sms(hasContext ? Optional.empty() : task().sms().body());
        Task claimed = Task.claimed(task().id(), text, task().claim(), NOW, task().dueAt());
        Task done = reported("delivered").appliedTo(hasContext ? claimed.withContext(Samples.CONTEXT) : claimed);

        Task bare = done.withoutTextsIfDone();

        assertThat(bare.sms()).isEqualTo(sms(Optional.empty()));
        assertThat(bare.context()).isEmpty();
        assertThat(bare.withoutTextsIfDone()).isSameAs(bare);
    }

    private static Sms sms(Optional<MessageText> body) {
        return new Sms(Samples.ACCOUNT, task().sms().to(), Optional.empty(), body, Map.of());
    }

    @Test
    void the_call_that_ended_the_task_still_answers_with_its_texts() {
        Task done = withStatus("delivered").withoutTextsIfDone();

        assertThat(done.withTextsOf(task())).isEqualTo(withStatus("delivered"));
    }

    /** A wrong match would hide an SMS that was never sent: what is gone may have been any text. */
    @Test
    void a_task_without_its_text_may_have_sent_any_message() {
        Task other =
                task().escalated(callError(CallFailure.TIMEOUT), NOW).ended(NOW).withoutTextsIfDone();
        ListedMessage message = new ListedMessage(
                Samples.SID,
                Samples.ACCOUNT,
                task().sms().to(),
                task().sms().from(),
                Optional.empty(),
                new MessageText("Anything."),
                false,
                NOW.plusSeconds(1),
                new MessageStatus("sent"),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());

        assertThat(Match.mayBeOf(other, message)).isTrue();
        assertThat(Match.fits(other, message)).isFalse();
    }

    // erase

    @ParameterizedTest
    @ValueSource(strings = {"delivered", "failed"})
    void an_ended_task_may_be_erased(String status) {
        assertThat(withStatus(status).mayBeErased(NOW)).isTrue();
    }

    @Test
    void so_may_one_that_was_surely_not_sent() {
        assertThat(task().escalated(callError(CallFailure.CONNECT_FAILED), NOW).mayBeErased(NOW))
                .isTrue();
    }

    @Test
    void an_open_task_may_not_and_one_of_unknown_outcome_not_before_it_is_due() {
        Task unknown = task().escalated(callError(CallFailure.TIMEOUT), NOW);
        Duration wait = Duration.between(NOW, task().dueAt());

        assertThat(task().mayBeErased(NOW)).isFalse();
        assertThat(withStatus("sent").mayBeErased(NOW.plus(wait))).isFalse();
        assertThat(task().mayBeErased(NOW.plus(wait).minusMillis(1))).isFalse();
        assertThat(unknown.mayBeErased(NOW.plus(wait).minusMillis(1))).isFalse();
        assertThat(unknown.mayBeErased(NOW.plus(wait))).isTrue();
        assertThat(withStatus("queued").ended(NOW).mayBeErased(NOW)).isFalse();
    }

    @Test
    void an_erased_task_shows_how_it_ended_and_is_never_run_again() {
        Task failed = task().escalated(callError(CallFailure.CONNECT_FAILED), NOW);

        Task erased = failed.erased(NOW);

        assertThat(erased.isErased()).isTrue();
        assertThat(erased.node()).isEqualTo(Node.ESCALATION);
        assertThat(erased.escalation().orElseThrow().code()).isEqualTo("connect_failed");
        assertThat(erased.mayRunAgain()).isFalse();
        assertThat(erased.isOpen()).isFalse();
        assertThat(erased.fingerprint().isOf(task().sms())).isTrue();
        assertThat(erased.claim().proof()).isEqualTo(failed.claim().proof());
        assertThat(erased.history()).isEmpty();
        assertThat(erased.toString()).doesNotContain("***");
    }

    @Test
    void of_a_sealed_token_an_erased_task_keeps_no_more_than_the_hash_of_its_key() {
        CallbackProof.KeyHash hash = new CallbackProof.KeyHash("hash");
        Claim claim = new Claim("claim-1", 1, NOW, "", new CallbackProof.SealedToken("sealed", hash));
        Task claimed = Task.claimed(task().id(), task().sms(), claim, NOW, task().dueAt());

        assertThat(reported("delivered").appliedTo(claimed).erased(NOW).claim().proof())
                .isEqualTo(hash);
    }

    @ParameterizedTest
    @ValueSource(strings = {"queued", "delivered", "read", "partially_delivered"})
    void no_report_changes_an_erased_task(String status) {
        Task erased = withStatus("delivered").erased(NOW);

        assertThat(reported(status).appliedTo(erased)).isSameAs(erased);
    }

    @ParameterizedTest
    @EnumSource(CallFailure.class)
    void neither_does_a_late_outcome_of_its_call_or_the_end_of_its_wait(CallFailure failure) {
        Task unknown = task().escalated(callError(CallFailure.OUTCOME_UNKNOWN), NOW);
        Task erased = unknown.erased(unknown.dueAt());

        assertThat(erased.escalated(callError(failure), NOW)).isSameAs(erased);
        assertThat(erased.ended(NOW)).isSameAs(erased);
        assertThat(erased.withUnknownOutcome(NOW)).isSameAs(erased);
    }

    @Test
    void whoever_waits_for_an_erased_task_is_still_notified() {
        Task ended = reported("delivered").appliedTo(task().with(WAITED_FOR));

        Task erased = ended.erased(NOW);

        assertThat(erased.subscribers()).isEqualTo(WAITED_FOR);
        assertThat(erased.pollAt()).isPresent();
        assertThat(erased.pollKind()).isEqualTo(PollKind.TELL);
        assertThat(erased.told(Subscribers.NOBODY, NOW).pollAt()).isEmpty();
    }
}
