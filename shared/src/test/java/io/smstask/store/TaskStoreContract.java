package io.smstask.store;

import static io.smstask.task.Samples.NOW;
import static io.smstask.task.Samples.OTHER_SID;
import static io.smstask.task.Samples.SID;
import static io.smstask.task.Samples.TASK_ID;
import static io.smstask.task.Samples.callError;
import static io.smstask.task.Samples.claim;
import static io.smstask.task.Samples.claimedBy;
import static io.smstask.task.Samples.reported;
import static io.smstask.task.Samples.reportedFor;
import static io.smstask.task.Samples.reportedWithCode;
import static io.smstask.task.Samples.task;
import static org.assertj.core.api.Assertions.assertThat;

import io.smstask.task.CallFailure;
import io.smstask.task.CallbackProof;
import io.smstask.task.Claim;
import io.smstask.task.Escalation;
import io.smstask.task.HistoryEntry;
import io.smstask.task.Match;
import io.smstask.task.MessageStatus;
import io.smstask.task.Node;
import io.smstask.task.Note;
import io.smstask.task.PhoneNumber;
import io.smstask.task.PollKind;
import io.smstask.task.Retryable;
import io.smstask.task.Rule;
import io.smstask.task.Samples;
import io.smstask.task.Sms;
import io.smstask.task.Source;
import io.smstask.task.StatusReport;
import io.smstask.task.Subscribers;
import io.smstask.task.Task;
import io.smstask.task.TaskId;
import io.smstask.task.TaskIndex;
import io.smstask.task.TaskStore;
import io.smstask.task.TaskStore.ClaimResult;
import io.smstask.task.TaskStore.Rescheduled;
import io.smstask.task.TaskStore.WriteResult;
import io.smstask.task.TaskToken;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every task store must do, the real one and the one in memory. */
abstract class TaskStoreContract {

    private static final TaskToken WAITING = new TaskToken("AQCEAAAAKgAAAAMA-first");
    private static final TaskToken ALSO_WAITING = new TaskToken("AQCEAAAAKgAAAAMA-second");
    private static final Subscribers NOT_WANTED = new Subscribers(List.of(), Subscribers.Event.PUT);
    private static final String UNKNOWN = "partially_delivered";

    TaskStore store;
    TaskIndex index;

    /** A new store without tasks. */
    abstract TaskStore emptyStore();

    /** The index of that store. */
    abstract TaskIndex index();

    /** Lets an execution wait for a task, as the state machine does; false if the task is done or does not exist. */
    abstract boolean register(TaskId id, TaskToken token);

    @BeforeEach
    void openStore() {
        store = emptyStore();
        index = index();
    }

    @Test
    void a_store_with_a_time_limit_has_the_same_tasks() {
        Task claimed = claimedFirst();

        assertThat(store.within(Duration.ofMinutes(5)).find(TASK_ID)).contains(claimed);
    }

    // personal data

    @Test
    void a_task_without_its_texts_comes_back_so() {
        Task ended =
                written(claimedFirst(), reported("delivered").appliedTo(task()).withoutTextsIfDone());

        assertThat(store.find(TASK_ID)).contains(ended);
        assertThat(ended.sms().body()).isEmpty();
        assertThat(ended.bodyLength()).contains(27);
    }

    @ParameterizedTest
    @ValueSource(strings = {"delivered", "failed"})
    void an_erased_task_comes_back_as_its_tombstone(String status) {
        Task ended = written(claimedFirst(), reported(status).appliedTo(task()));

        Task erased = written(ended, ended.erased(NOW));

        assertThat(store.find(TASK_ID)).contains(erased);
        assertThat(erased.isErased()).isTrue();
        assertThat(index.bySid(SID)).isEmpty();
        assertThat(index.neighbours(Match.key(task().sms()), Instant.EPOCH, NOW.plusSeconds(3600), 5))
                .isEmpty();
    }

    @Test
    void an_erased_refusal_and_an_erased_unknown_outcome_come_back_as_they_are() {
        for (CallFailure failure : List.of(CallFailure.REFUSED, CallFailure.TIMEOUT)) {
            store = emptyStore();
            Task ended = written(claimedFirst(), task().escalated(callError(failure), NOW));
            Task erased = written(ended, ended.erased(NOW));
            assertThat(store.find(TASK_ID)).contains(erased);
        }
    }

    @Test
    void an_erased_task_keeps_whoever_waits_for_it_until_they_are_notified() {
        store.claim(task());
        register(TASK_ID, WAITING);
        Task waited = store.find(TASK_ID).orElseThrow();
        Task ended = written(waited, reported("delivered").appliedTo(waited));

        Task erased = written(ended, ended.erased(NOW));

        assertThat(store.find(TASK_ID)).contains(erased);
        assertThat(erased.subscribers().tokens()).containsExactly(WAITING);
        Task told = written(erased, erased.told(Subscribers.NOBODY, NOW));
        assertThat(store.find(TASK_ID)).contains(told);
        assertThat(told.pollAt()).isEmpty();
    }

    @Test
    void a_write_that_saw_the_task_before_it_was_erased_is_overtaken() {
        Task ended = written(claimedFirst(), reported("delivered").appliedTo(task()));
        Task erased = written(ended, ended.erased(NOW));

        assertThat(store.replace(ended, reported("read").appliedTo(ended)))
                .isEqualTo(new WriteResult.Overtaken(erased));
    }

    @Test
    void an_erasure_that_is_written_twice_recognises_itself() {
        Task ended = written(claimedFirst(), reported("delivered").appliedTo(task()));
        Task erased = written(ended, ended.erased(NOW));

        assertThat(store.replace(ended, ended.erased(NOW))).isEqualTo(new WriteResult.Written(erased));
    }

    @Test
    void a_further_attempt_at_an_erased_task_is_refused() {
        Task failed = connectFailed();
        Task erased = written(failed, failed.erased(NOW));

        assertThat(store.claimAgain(failed, failed.claimedAgain(claim("claim-2", 2), NOW, NOW)))
                .isEqualTo(new ClaimResult.Taken(erased));
    }

    // claim

    @Test
    void a_claim_stores_the_whole_task() {
        assertThat(store.claim(task())).isEqualTo(new ClaimResult.Claimed(task()));
        assertThat(store.find(TASK_ID)).contains(task());
    }

    @Test
    void a_task_without_optional_parts_comes_back_without_them() {
        Sms bare = new Sms(
                task().sms().account(),
                new PhoneNumber("whatsapp:+15558675310"),
                Optional.empty(),
                Optional.empty(),
                Map.of("MessagingServiceSid", List.of("MG00000000000000000000000000000001")));
        Task task = Task.claimed(TASK_ID, bare, claim("claim-1", 1), NOW, NOW);

        store.claim(task);

        assertThat(store.find(TASK_ID)).contains(task);
    }

    @Test
    void a_sealed_token_comes_back_as_one() {
        Claim sealed = new Claim(
                "claim-1",
                1,
                NOW,
                "https://callbacks.example.com",
                new CallbackProof.SealedToken("sealed", new CallbackProof.KeyHash("hash")));
        Task task = Task.claimed(TASK_ID, task().sms(), sealed, NOW, NOW);

        store.claim(task);

        assertThat(store.find(TASK_ID)).contains(task);
    }

    @Test
    void a_second_claim_is_refused_and_shows_the_stored_task() {
        store.claim(task());

        assertThat(store.claim(claimedBy("claim-2"))).isEqualTo(new ClaimResult.Taken(task()));
        assertThat(store.find(TASK_ID)).contains(task());
    }

    @Test
    void a_second_claim_of_a_finished_task_shows_how_it_ended() {
        store.claim(task());
        Task failed = written(task(), reportedWithCode("failed", "30003").appliedTo(task()));

        assertThat(store.claim(claimedBy("claim-2"))).isEqualTo(new ClaimResult.Taken(failed));
    }

    @Test
    void a_claim_that_is_written_twice_recognises_itself() {
        store.claim(task());

        assertThat(store.claim(task())).isEqualTo(new ClaimResult.Claimed(task()));
    }

    @Test
    void tasks_of_different_ids_do_not_meet() {
        Task other = Task.claimed(new TaskId("order-4712"), task().sms(), claim("claim-2", 1), NOW, NOW);
        store.claim(task());

        assertThat(store.claim(other)).isEqualTo(new ClaimResult.Claimed(other));
        assertThat(store.find(TASK_ID)).contains(task());
    }

    @Test
    @Timeout(300)
    void of_many_claims_at_once_one_wins() throws Exception {
        List<Callable<ClaimResult>> claims = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            Task mine = claimedBy("claim-" + i);
            claims.add(() -> store.claim(mine));
        }

        assertThat(atOnce(claims))
                .filteredOn(ClaimResult.Claimed.class::isInstance)
                .hasSize(1);
    }

    // claimAgain

    @Test
    void a_task_that_may_run_again_is_claimed_with_a_new_key_and_keeps_its_history() {
        Task failed = connectFailed();
        Instant later = NOW.plusSeconds(60);
        Task again = failed.claimedAgain(claim("claim-2", 2), later, later.plus(Duration.ofHours(24)));

        assertThat(store.claimAgain(failed, again)).isEqualTo(new ClaimResult.Claimed(again.writtenOver(failed)));

        Task stored = store.find(TASK_ID).orElseThrow();
        assertThat(stored).isEqualTo(again.writtenOver(failed));
        assertThat(stored.node()).isEqualTo(Node.CALLING_API);
        assertThat(stored.claim()).isEqualTo(claim("claim-2", 2));
        assertThat(stored.escalation()).isEmpty();
        assertThat(stored.status()).isEmpty();
        assertThat(stored.history()).isEqualTo(failed.history()).hasSize(1);
        assertThat(stored.createdAt()).isEqualTo(NOW);
        assertThat(stored.updatedAt()).isEqualTo(later);
        assertThat(stored.context()).isEqualTo(failed.context());
    }

    @Test
    void a_further_attempt_replaces_the_kind_of_proof_too() {
        Task failed = connectFailed();
        for (CallbackProof proof : List.of(
                new CallbackProof.SealedToken("sealed", new CallbackProof.KeyHash("hash")),
                new CallbackProof.KeyHash("hash"))) {
            int attempt = failed.claim().attempt() + 1;
            Claim next = new Claim("claim-" + attempt, attempt, NOW, "https://other.example.com", proof);
            store.claimAgain(failed, failed.claimedAgain(next, NOW, NOW));
            Task stored = store.find(TASK_ID).orElseThrow();
            assertThat(stored.claim()).isEqualTo(next);
            failed = written(stored, stored.escalated(callError(CallFailure.CONNECT_FAILED), NOW));
        }
    }

    @Test
    void a_further_claim_that_is_written_twice_recognises_itself() {
        Task failed = connectFailed();
        Task again = failed.claimedAgain(claim("claim-2", 2), NOW, NOW);
        store.claimAgain(failed, again);

        assertThat(store.claimAgain(failed, again)).isEqualTo(new ClaimResult.Claimed(again.writtenOver(failed)));
    }

    @Test
    void a_further_claim_made_for_an_older_attempt_is_refused() {
        Task failed = connectFailed();
        Task second = claimedAgain(failed, claim("claim-2", 2));
        Task failedAgain = written(second, second.escalated(callError(CallFailure.CONNECT_FAILED), NOW));

        ClaimResult late = store.claimAgain(failed, failed.claimedAgain(claim("claim-late", 2), NOW, NOW));

        assertThat(late).isEqualTo(new ClaimResult.Taken(failedAgain));
    }

    @ParameterizedTest
    @EnumSource(
            value = CallFailure.class,
            names = {"CONNECT_FAILED", "STORE_UNAVAILABLE", "RECIPIENT_LIMIT"},
            mode = EnumSource.Mode.EXCLUDE)
    void an_unknown_outcome_is_never_claimed_again(CallFailure failure) {
        Task escalated = escalated(callError(failure));

        assertNotClaimedAgain(escalated);
    }

    @Test
    void a_refusal_by_twilio_is_not_claimed_again() {
        assertNotClaimedAgain(escalated(
                new Escalation.TwilioError("21211", "Invalid 'To' number", Optional.of("https://e"), Retryable.NO)));
    }

    @Test
    void a_task_that_is_being_called_is_not_claimed_again() {
        store.claim(task());

        assertNotClaimedAgain(task());
    }

    @Test
    void a_task_that_ever_had_a_sid_is_not_claimed_again() {
        store.claim(task());
        // No rule makes such a task; the condition must hold all the same.
        Task withSid = written(task(), task().escalated(SID, callError(CallFailure.CONNECT_FAILED), NOW));

        assertNotClaimedAgain(withSid);
    }

    @ParameterizedTest
    @ValueSource(strings = {"queued", "sent", "delivered", "undelivered"})
    void a_task_that_twilio_took_is_not_claimed_again(String status) {
        store.claim(task());

        assertNotClaimedAgain(written(task(), reported(status).appliedTo(task())));
    }

    @Test
    @Timeout(300)
    void of_two_further_claims_at_once_one_wins() throws Exception {
        Task failed = connectFailed();
        for (int attempt = 2; attempt < 12; attempt++) {
            Task left = failed.claimedAgain(claim("left-" + attempt, attempt), NOW, NOW);
            Task right = failed.claimedAgain(claim("right-" + attempt, attempt), NOW, NOW);

            Task seen = failed;
            List<ClaimResult> results =
                    atOnce(List.of(() -> store.claimAgain(seen, left), () -> store.claimAgain(seen, right)));

            Task stored = store.find(TASK_ID).orElseThrow();
            assertThat(results)
                    .containsExactlyInAnyOrder(new ClaimResult.Claimed(stored), new ClaimResult.Taken(stored));
            failed = written(stored, stored.escalated(callError(CallFailure.CONNECT_FAILED), NOW));
        }
    }

    @Test
    void a_further_claim_of_a_task_that_expired_in_the_meantime_takes_the_free_id() {
        Task failed = task().escalated(callError(CallFailure.CONNECT_FAILED), NOW);
        Task again = failed.claimedAgain(claim("claim-2", 2), NOW, NOW);

        assertThat(store.claimAgain(failed, again)).isEqualTo(new ClaimResult.Claimed(again));
        assertThat(store.find(TASK_ID)).contains(again);
    }

    // replace

    /** One rule of every kind. */
    private static List<Rule> rules() {
        List<Rule> rules = new ArrayList<>();
        for (String word : List.of("scheduled", "queued", "sent", "delivered", "failed", "read", UNKNOWN)) {
            rules.add(reported(word));
        }
        Instant at = NOW.plusSeconds(1);
        rules.add(reportedWithCode("undelivered", "30005"));
        rules.add(reportedFor(OTHER_SID, "sent"));
        rules.add(answered("accepted"));
        for (CallFailure failure : CallFailure.values()) {
            rules.add(seen -> seen.escalated(callError(failure), at));
        }
        rules.add(seen -> seen.escalated(SID, callError(CallFailure.STATUS_MISSING), at));
        rules.add(seen -> seen.withUnknownOutcome(seen.claim().callDeadline()));
        rules.add(seen -> seen.ended(at));
        rules.add(seen -> seen.postponed(at));
        rules.add(seen -> seen.told(Subscribers.NOBODY, at));
        return rules;
    }

    @Test
    void what_a_rule_makes_of_a_task_is_what_is_stored() {
        int tasks = 0;
        for (Rule rule : rules()) {
            Task seen = claimed(new TaskId("task-" + ++tasks));
            store.claim(seen);
            Instant later = NOW.plusSeconds(7);
            for (Rule next : List.<Rule>of(
                    rule, task -> task.ended(later), reported("delivered"), task -> task.told(NOT_WANTED, later))) {
                Task expected = next.appliedTo(seen);
                Task stored = expected.equals(seen) ? seen : expected.writtenOver(seen);

                assertThat(store.replace(seen, expected)).isEqualTo(new WriteResult.Written(stored));
                assertThat(store.find(seen.id())).contains(stored);
                seen = stored;
            }
        }
    }

    @Test
    void nothing_is_written_over_what_somebody_else_has_written_since() {
        Task queued = waiting("queued");
        Task now = written(queued, queued.postponed(NOW.plusSeconds(9)));

        for (Rule rule : rules()) {
            Task next = rule.appliedTo(queued);
            if (!next.equals(queued)) {
                assertThat(store.replace(queued, next)).isEqualTo(new WriteResult.Overtaken(now));
            }
        }
        assertThat(store.find(TASK_ID)).contains(now);
    }

    @Test
    void nothing_is_written_over_another_attempt_of_the_same_revision() {
        store.claim(task());
        Task another = claimedBy("claim-2");

        for (Rule rule : rules()) {
            Task next = rule.appliedTo(another);
            if (!next.equals(another)) {
                assertThat(store.replace(another, next)).isEqualTo(new WriteResult.Overtaken(task()));
            }
        }
        assertThat(store.find(TASK_ID)).contains(task());
    }

    @Test
    void a_write_is_not_taken_for_that_of_another_which_says_the_same() {
        Task queued = waiting("queued");
        Task postponed = written(queued, queued.postponed(NOW.plusSeconds(9)));

        // The same again, over a task that has moved on: only the revision tells the two apart.
        assertThat(store.replace(queued, queued.postponed(NOW.plusSeconds(900))))
                .isEqualTo(new WriteResult.Overtaken(postponed));
    }

    // status reports

    @Test
    void the_status_came_before_the_sender_had_stored_the_sid() {
        store.claim(task());
        Task answer = answered("queued").appliedTo(task());
        Task delivered = written(task(), reported("delivered").appliedTo(task()));

        assertThat(store.replace(task(), answer)).isEqualTo(new WriteResult.Overtaken(delivered));
        Task after = written(delivered, answered("queued").appliedTo(delivered));

        assertThat(after.node()).isEqualTo(Node.FINAL);
        assertThat(after.status()).contains(new MessageStatus("delivered"));
        assertThat(notes(after)).containsExactly("delivered", "queued late");
    }

    @Test
    void two_callbacks_in_the_same_second_are_both_kept() {
        Task queued = waiting("queued");
        Task sent = reported("sent").appliedTo(queued);
        Task delivered = reported("delivered").appliedTo(queued);
        Task after = written(queued, delivered);

        assertThat(store.replace(queued, sent)).isEqualTo(new WriteResult.Overtaken(after));
        Task both = written(after, reported("sent").appliedTo(after));

        assertThat(notes(both)).containsExactly("queued", "delivered", "sent late");
        assertThat(both.status()).contains(new MessageStatus("delivered"));
    }

    @Test
    void a_report_of_another_sid_moves_nothing_and_is_noted() {
        Task queued = waiting("queued");

        Task after = written(queued, reportedFor(OTHER_SID, "delivered").appliedTo(queued));

        assertThat(after.sid()).contains(SID);
        assertThat(after.node()).isEqualTo(Node.WAITING_FOR_CALLBACK);
        assertThat(notes(after)).containsExactly("queued", "delivered conflict");
        assertThat(reportedFor(OTHER_SID, "delivered").appliedTo(after)).isSameAs(after);
    }

    @Test
    void of_two_sids_for_one_task_the_first_stays() {
        store.claim(task());
        Task late = reportedFor(OTHER_SID, "delivered").appliedTo(task());
        Task queued = written(task(), reported("queued").appliedTo(task()));

        assertThat(store.replace(task(), late)).isEqualTo(new WriteResult.Overtaken(queued));
        assertThat(store.find(TASK_ID)).contains(queued);
    }

    @Test
    void a_report_without_segments_keeps_those_that_are_known() {
        store.claim(task());
        Task queued = written(task(), answered("queued").appliedTo(task()));
        Task sent = written(queued, reported("sent").appliedTo(queued));

        assertThat(sent.numSegments()).contains(2);
    }

    @Test
    void a_late_answer_still_brings_the_segments() {
        Task delivered = waiting("delivered");

        Task after = written(delivered, answered("queued").appliedTo(delivered));

        assertThat(after.numSegments()).contains(2);
        assertThat(after.status()).contains(new MessageStatus("delivered"));
    }

    @Test
    void a_failure_that_heals_leaves_no_code_behind() {
        Task unknown = escalated(new Escalation.CallError(
                CallFailure.SERVER_ERROR, "Twilio answered 500.", Optional.of("https://e"), Retryable.UNKNOWN));

        Task healed = written(unknown, reported("delivered").appliedTo(unknown));

        assertThat(healed.escalation()).isEmpty();
        assertThat(healed.sid()).contains(SID);
        assertThat(notes(healed)).containsExactly("server_error", "delivered healed");
        assertThat(store.find(TASK_ID)).contains(healed);
    }

    // escalate

    @Test
    void an_escalation_yields_to_a_callback_that_was_faster() {
        store.claim(task());
        Task timeout = task().escalated(callError(CallFailure.TIMEOUT), NOW);
        Task sent = written(task(), reported("sent").appliedTo(task()));

        assertThat(store.replace(task(), timeout)).isEqualTo(new WriteResult.Overtaken(sent));
        assertThat(store.find(TASK_ID)).contains(sent);
    }

    @Test
    void an_escalation_corrects_an_outcome_that_was_written_down_as_unknown() {
        Task unknown = escalated(callError(CallFailure.OUTCOME_UNKNOWN));
        Escalation refused =
                new Escalation.TwilioError("21211", "Invalid number.", Optional.of("https://e/21211"), Retryable.NO);

        Task corrected = written(unknown, task().escalated(refused, NOW.plusSeconds(30)));

        assertThat(corrected.escalation()).contains(refused);
        assertThat(store.find(TASK_ID)).contains(corrected);
    }

    @Test
    void an_escalation_without_a_page_removes_the_one_before() {
        Task unknown = escalated(new Escalation.CallError(
                CallFailure.OUTCOME_UNKNOWN, "Unknown.", Optional.of("https://e/old"), Retryable.UNKNOWN));

        Task corrected = written(unknown, unknown.escalated(callError(CallFailure.TIMEOUT), NOW.plusSeconds(30)));

        assertThat(corrected.escalation().orElseThrow().urlMoreInfo()).isEmpty();
    }

    @Test
    void an_escalation_of_another_attempt_is_refused() {
        Task failed = connectFailed();
        Task second = claimedAgain(failed, claim("claim-2", 2));
        Task first = task().escalated(callError(CallFailure.TIMEOUT), NOW.plusSeconds(9));

        assertThat(store.replace(task(), first)).isEqualTo(new WriteResult.Overtaken(second));
        assertThat(store.find(TASK_ID)).contains(second);
    }

    @Test
    void an_incomplete_answer_keeps_the_sid_that_came() {
        store.claim(task());

        Task missing = written(task(), task().escalated(SID, callError(CallFailure.STATUS_MISSING), NOW));

        assertThat(missing.sid()).contains(SID);
        assertThat(missing.escalation()).contains(callError(CallFailure.STATUS_MISSING));
        assertThat(store.find(TASK_ID)).contains(missing);
    }

    // history

    @ParameterizedTest
    @ValueSource(ints = {44, 45, 49, 50})
    void a_full_history_never_stops_a_status(int entries) {
        Task crowded = withHistory(entries);

        Task sent = written(crowded, reported("sent").appliedTo(crowded));
        assertThat(sent.status()).contains(new MessageStatus("sent"));
        assertThat(sent.history()).hasSize(entries == 44 ? 45 : entries);

        Task delivered = written(sent, reported("delivered").appliedTo(sent));
        assertThat(delivered.node()).isEqualTo(Node.FINAL);
        assertThat(delivered.history()).hasSize(Math.min(50, sent.history().size() + 1));
    }

    @Test
    void a_change_that_counted_on_room_is_decided_again_when_the_room_is_gone() {
        Task crowded = withHistory(44);
        Task sent = reported("sent").appliedTo(crowded);
        Task full = written(crowded, reported("accepted").appliedTo(crowded));

        assertThat(store.replace(crowded, sent)).isEqualTo(new WriteResult.Overtaken(full));
        Task after = written(full, reported("sent").appliedTo(full));

        assertThat(after.status()).contains(new MessageStatus("sent"));
        assertThat(after.history()).hasSize(45);
    }

    @Test
    void the_last_places_are_left_to_finals_and_their_conflicts() {
        Task crowded = withHistory(45);
        Task delivered = written(crowded, reported("delivered").appliedTo(crowded));
        assertThat(reported("sent").appliedTo(delivered)).isSameAs(delivered);

        Task conflict = written(delivered, reported("failed").appliedTo(delivered));

        assertThat(conflict.history()).hasSize(47);
        assertThat(conflict.history().get(46).note()).contains(Note.CONFLICT);
    }

    @Test
    void a_remark_is_written_only_on_the_history_that_was_seen() {
        Task sent = waiting("sent");
        Task late = reported("queued").appliedTo(sent);
        Task delivered = written(sent, reported("delivered").appliedTo(sent));

        assertThat(store.replace(sent, late)).isEqualTo(new WriteResult.Overtaken(delivered));
        assertThat(store.find(TASK_ID)).contains(delivered);
    }

    // repeated writes

    @Test
    void a_status_that_is_written_twice_recognises_itself() {
        store.claim(task());

        assertRecognised(task(), reported("queued").appliedTo(task()));
    }

    @Test
    void an_unknown_status_that_is_written_twice_recognises_itself() {
        store.claim(task());

        assertRecognised(task(), reported(UNKNOWN).appliedTo(task()));
    }

    @Test
    void a_remark_that_is_written_twice_recognises_itself() {
        Task sent = waiting("sent");

        assertRecognised(sent, reported("queued").appliedTo(sent));
    }

    @ParameterizedTest
    @EnumSource(CallFailure.class)
    void an_escalation_that_is_written_twice_recognises_itself(CallFailure failure) {
        store.claim(task());

        assertRecognised(task(), task().escalated(callError(failure), NOW));
    }

    @Test
    void a_status_that_is_written_twice_recognises_itself_in_a_task_that_is_waited_for_since() {
        store.claim(task());
        Task queued = reported("queued").appliedTo(task());
        written(task(), queued);
        register(TASK_ID, WAITING);
        Task now = store.find(TASK_ID).orElseThrow();

        assertThat(store.replace(task(), queued)).isEqualTo(new WriteResult.Written(now));
        assertThat(store.find(TASK_ID)).contains(now);
    }

    private void assertRecognised(Task seen, Task next) {
        Task once = written(seen, next);

        assertThat(store.replace(seen, next)).isEqualTo(new WriteResult.Written(once));
        assertThat(store.find(seen.id())).contains(once);
    }

    // what is not there

    @Test
    void incident_9_a_write_on_a_task_that_has_expired_makes_no_ghost() {
        Task seen = Samples.withStatus("queued");
        List<Task> changes = List.of(
                reported("delivered").appliedTo(seen),
                reported(UNKNOWN).appliedTo(task()),
                reported("accepted").appliedTo(seen),
                task().escalated(callError(CallFailure.TIMEOUT), NOW));
        for (Task change : changes) {
            WriteResult result = store.replace(seen, change);
            assertThat(result).isEqualTo(new WriteResult.Gone());
            assertThat(result.isWritten()).isFalse();
            assertThat(store.find(TASK_ID)).isEmpty();
        }
        assertThat(index.bySid(SID)).isEmpty();
    }

    @Test
    void nothing_is_found_where_nothing_was_claimed() {
        assertThat(store.find(TASK_ID)).isEmpty();
        assertThat(index.bySid(SID)).isEmpty();
    }

    @Test
    void a_report_that_was_known_writes_nothing() {
        Task sent = waiting("sent");

        assertThat(store.replace(sent, sent)).isEqualTo(new WriteResult.Written(sent));
        assertThat(store.find(TASK_ID)).contains(sent);
    }

    @Test
    @Timeout(300)
    void a_task_is_found_by_its_sid_once_the_index_shows_it() {
        Task sent = waiting("sent");

        Optional<TaskId> found = index.bySid(SID);
        while (found.isEmpty()) {
            Thread.onSpinWait();
            found = index.bySid(SID);
        }

        assertThat(found).contains(sent.id());
        assertThat(index.bySid(OTHER_SID)).isEmpty();
    }

    // many at once

    @Test
    @Timeout(300)
    void many_statuses_at_once_end_at_the_highest_and_none_is_lost() throws Exception {
        List<String> words = List.of("accepted", "queued", "sending", "sent", "delivered", "read", UNKNOWN);
        for (int round = 0; round < 5; round++) {
            TaskId id = new TaskId("round-" + round);
            store.claim(Task.claimed(id, task().sms(), claim("claim-1", 1), NOW, NOW));
            List<Callable<Task>> writers = new ArrayList<>();
            for (String word : words) {
                writers.add(() -> apply(id, reported(word)));
            }

            atOnce(writers);

            Task end = store.find(id).orElseThrow();
            assertThat(end.status()).contains(new MessageStatus("read"));
            assertThat(end.node()).isEqualTo(Node.FINAL);
            assertThat(end.sid()).contains(SID);
            assertThat(end.history())
                    .extracting(entry -> entry.status().orElseThrow())
                    .containsExactlyInAnyOrderElementsOf(words);
        }
    }

    @Test
    @Timeout(300)
    void of_several_finals_at_once_the_first_stays_and_the_others_are_conflicts() throws Exception {
        List<String> words = List.of("delivered", "undelivered", "failed", "canceled");
        store.claim(task());
        List<Callable<Task>> writers = new ArrayList<>();
        for (String word : words) {
            writers.add(() -> apply(TASK_ID, reported(word)));
        }

        atOnce(writers);

        Task end = store.find(TASK_ID).orElseThrow();
        assertThat(end.history()).hasSize(4);
        assertThat(end.history().get(0).status()).isEqualTo(end.status().map(MessageStatus::word));
        assertThat(end.history().subList(1, 4)).allMatch(entry -> entry.note().equals(Optional.of(Note.CONFLICT)));
    }

    /** As the use cases do: a write that was overtaken is decided again on the task as it stands now. */
    private Task apply(TaskId id, StatusReport report) {
        Task seen = store.find(id).orElseThrow();
        WriteResult result = store.replace(seen, report.appliedTo(seen));
        while (result instanceof WriteResult.Overtaken overtaken) {
            result = store.replace(overtaken.now(), report.appliedTo(overtaken.now()));
        }
        return ((WriteResult.Written) result).task();
    }

    private static <T> List<T> atOnce(List<Callable<T>> calls) throws Exception {
        CyclicBarrier start = new CyclicBarrier(calls.size());
        ExecutorService threads = Executors.newFixedThreadPool(calls.size());
        try {
            List<Future<T>> running = new ArrayList<>();
            for (Callable<T> call : calls) {
                running.add(threads.submit(() -> {
                    start.await(2, TimeUnit.MINUTES);
                    return call.call();
                }));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> result : running) {
                results.add(result.get());
            }
            return results;
        } finally {
            threads.shutdownNow();
        }
    }

    // the poll

    @Test
    void a_claimed_task_is_to_be_polled_from_its_deadline_on() {
        store.claim(task());
        Instant deadline = task().claim().callDeadline();

        assertThat(toPoll(deadline.minusMillis(1), 10)).isEmpty();
        assertThat(toPoll(deadline, 10)).containsExactly(task().id());
    }

    @Test
    void the_tasks_that_have_waited_longest_are_polled_first() {
        List<TaskId> ids = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            TaskId id = new TaskId("task-" + i);
            ids.add(id);
            Task claimed = Task.claimed(id, task().sms(), claim("claim-" + i, 1), NOW, NOW);
            store.claim(claimed);
            store.replace(claimed, claimed.polledAt(NOW.plusSeconds(100L - 3L * i)));
        }
        Collections.reverse(ids);

        assertThat(toPoll(NOW.plusSeconds(200), 100)).containsExactlyElementsOf(ids);
        assertThat(toPoll(NOW.plusSeconds(200), 3)).containsExactlyElementsOf(ids.subList(0, 3));
    }

    @ParameterizedTest
    @ValueSource(strings = {"delivered", "read", "undelivered", "failed", "canceled"})
    void a_task_that_twilio_has_ended_is_not_polled(String status) {
        Task ended = waiting(status);

        assertThat(ended.pollAt()).isEmpty();
        assertThat(toPoll(NOW.plus(Duration.ofDays(400)), 10)).isEmpty();
    }

    @Test
    void a_task_of_which_surely_nothing_was_sent_is_not_polled() {
        assertThat(connectFailed().pollAt()).isEmpty();
    }

    @Test
    void a_task_with_an_unknown_outcome_is_polled_until_it_is_due() {
        Task unknown = escalated(callError(CallFailure.TIMEOUT));

        assertThat(unknown.pollAt()).contains(NOW.plus(Duration.ofMinutes(15)));
        Task ended = written(unknown, unknown.ended(unknown.dueAt()));
        assertThat(ended.pollAt()).isEmpty();
        assertThat(ended.escalation()).isEqualTo(unknown.escalation());
    }

    @Test
    void sent_at_the_end_is_a_success_with_a_doubt() {
        Task sent = waiting("sent");
        Task ended = written(sent, sent.ended(sent.dueAt()));

        assertThat(ended.node()).isEqualTo(Node.FINAL);
        assertThat(ended.status()).contains(new MessageStatus("sent"));
        assertThat(ended.escalation()).isEmpty();
        assertThat(ended.history())
                .last()
                .satisfies(entry -> assertThat(entry.note()).contains("unconfirmed"));
        assertThat(store.find(ended.id())).contains(ended);
    }

    @Test
    void less_than_sent_at_the_end_is_a_status_timeout() {
        Task queued = waiting("queued");
        Task ended = written(queued, queued.ended(queued.dueAt()));

        assertThat(ended.node()).isEqualTo(Node.ESCALATION);
        assertThat(ended.status()).contains(new MessageStatus("queued"));
        assertThat(ended.escalation()).map(Escalation::code).contains("status_timeout");
        assertThat(ended.escalation()).map(Escalation::retryable).contains(Retryable.UNKNOWN);
        assertThat(store.find(ended.id())).contains(ended);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sending", "delivered", "failed"})
    void an_end_of_ours_yields_to_a_later_status(String status) {
        Task queued = waiting("queued");
        Task ended = written(queued, queued.ended(queued.dueAt()));
        Task healed = written(ended, reported(status).appliedTo(ended));

        assertThat(healed.status()).contains(new MessageStatus(status));
        assertThat(healed.node()).isEqualTo(new MessageStatus(status).node());
        assertThat(healed.history())
                .last()
                .satisfies(entry -> assertThat(entry.note()).contains("healed"));
    }

    @Test
    void an_unknown_word_after_an_end_of_ours_is_a_remark_that_brings_a_missing_sid() {
        store.claim(task());
        Task ended = written(task(), task().ended(task().dueAt()));
        Task word = reported(UNKNOWN).appliedTo(ended);

        Task noted = written(ended, word);

        assertThat(noted.sid()).contains(SID);
        assertThat(noted.node()).isEqualTo(Node.ESCALATION);
        assertThat(noted.isGivenUp()).isTrue();
        assertThat(index.bySid(SID)).contains(noted.id());
        assertThat(store.replace(ended, word)).isEqualTo(new WriteResult.Written(noted));
        assertThat(store.replace(
                        ended, reportedFor(OTHER_SID, "another_unknown").appliedTo(ended)))
                .isEqualTo(new WriteResult.Overtaken(noted));
    }

    @Test
    void an_end_of_ours_does_not_overtake_a_status_that_was_faster() {
        Task queued = waiting("queued");
        Task delivered = written(queued, reported("delivered").appliedTo(queued));

        assertThat(store.replace(queued, queued.ended(queued.dueAt()))).isEqualTo(new WriteResult.Overtaken(delivered));
    }

    @Test
    void two_polls_at_once_postpone_a_task_once() {
        Task queued = waiting("queued");
        Task postpone = queued.postponed(queued.pollAt().orElseThrow());
        Task postponed = written(queued, postpone);

        assertThat(postponed.pollAt().orElseThrow()).isAfter(queued.pollAt().orElseThrow());
        assertThat(postponed.updatedAt()).isEqualTo(queued.updatedAt());
        assertThat(store.replace(
                        queued, queued.postponed(queued.pollAt().orElseThrow().plusMillis(1))))
                .isEqualTo(new WriteResult.Overtaken(postponed));
    }

    // who is notified of the end

    @Test
    void an_execution_waits_for_a_task_that_is_not_done() {
        Task queued = waiting("queued");

        assertThat(register(TASK_ID, WAITING)).isTrue();

        assertThat(store.find(TASK_ID))
                .contains(queued.with(waitedForBy(WAITING)).writtenOver(queued));
    }

    @ParameterizedTest
    @ValueSource(strings = {"delivered", "undelivered"})
    void an_execution_that_comes_too_late_is_told_so(String status) {
        Task ended = waiting(status);

        assertThat(register(TASK_ID, WAITING)).isFalse();

        assertThat(store.find(TASK_ID)).contains(ended);
    }

    @Test
    void those_who_wait_stand_in_the_order_in_which_they_came_and_twice_who_came_twice() {
        Task queued = waiting("queued");

        assertThat(register(TASK_ID, ALSO_WAITING)).isTrue();
        assertThat(register(TASK_ID, WAITING)).isTrue();
        assertThat(register(TASK_ID, ALSO_WAITING)).isTrue();

        Task waitedFor = store.find(TASK_ID).orElseThrow();
        assertThat(waitedFor.subscribers()).isEqualTo(waitedForBy(ALSO_WAITING, WAITING, ALSO_WAITING));
        assertThat(waitedFor.revision()).isEqualTo(queued.revision() + 3);
        Task ended = written(waitedFor, reported("delivered").appliedTo(waitedFor));
        assertThat(written(ended, ended.told(Subscribers.NOBODY, NOW)).pollAt()).isEmpty();
    }

    @Test
    void a_task_takes_so_many_who_wait_that_it_can_still_be_written() {
        waiting("queued");
        String longest = "A".repeat(2_045);
        for (int i = 0; i < Subscribers.MOST_TOKENS; i++) {
            assertThat(register(TASK_ID, new TaskToken(longest + i))).isTrue();
        }

        assertThat(register(TASK_ID, WAITING)).isFalse();

        Task waitedFor = store.find(TASK_ID).orElseThrow();
        assertThat(waitedFor.subscribers().tokens()).hasSize(Subscribers.MOST_TOKENS);
        Task ended = written(waitedFor, reported("delivered").appliedTo(waitedFor));
        assertThat(written(ended, ended.told(Subscribers.NOBODY, NOW)).pollAt()).isEmpty();
    }

    @Test
    void an_execution_does_not_wait_for_a_task_that_was_given_up() {
        Task queued = waiting("queued");
        written(queued, queued.ended(queued.dueAt()));

        assertThat(register(TASK_ID, WAITING)).isFalse();
    }

    @Test
    void waiting_for_no_task_makes_none() {
        assertThat(register(TASK_ID, WAITING)).isFalse();
        assertThat(store.find(TASK_ID)).isEmpty();
    }

    @Test
    void an_end_that_did_not_see_the_one_who_waits_is_refused() {
        Task queued = waiting("queued");
        register(TASK_ID, WAITING);
        Task waitedFor = store.find(TASK_ID).orElseThrow();

        for (Task end : List.of(reported("delivered").appliedTo(queued), queued.ended(queued.dueAt()))) {
            assertThat(store.replace(queued, end)).isEqualTo(new WriteResult.Overtaken(waitedFor));
        }
        Task delivered = written(waitedFor, reported("delivered").appliedTo(waitedFor));

        assertThat(delivered.subscribers()).isEqualTo(waitedForBy(WAITING));
    }

    @Test
    void the_sender_s_red_exit_sees_the_one_who_waits_too() {
        store.claim(task());
        register(TASK_ID, WAITING);
        Task waitedFor = store.find(TASK_ID).orElseThrow();
        Escalation refused = new Escalation.TwilioError("21211", "No.", Optional.empty(), Retryable.NO);

        assertThat(store.replace(task(), task().escalated(refused, NOW)))
                .isEqualTo(new WriteResult.Overtaken(waitedFor));
        Task ended = written(waitedFor, waitedFor.escalated(refused, NOW));

        assertThat(toPoll(NOW.plusSeconds(10), 10)).containsExactly(ended.id());
    }

    @Test
    void a_done_task_stays_in_the_index_until_everyone_is_told() {
        Task ended = endedWith(WAITING, ALSO_WAITING);
        Instant soon = ended.pollAt().orElseThrow();
        assertThat(toPoll(soon, 10)).containsExactly(TASK_ID);

        Task half = written(ended, ended.told(waitedForBy(ALSO_WAITING), soon));
        assertThat(half.subscribers()).isEqualTo(waitedForBy(ALSO_WAITING));
        assertThat(half.updatedAt()).isEqualTo(ended.updatedAt());
        assertThat(toPoll(soon.plusSeconds(10), 10)).containsExactly(TASK_ID);

        Task told = written(half, half.told(Subscribers.NOBODY, soon));
        assertThat(told.subscribers()).isEqualTo(Subscribers.NOBODY);
        assertThat(told.pollAt()).isEmpty();
        assertThat(store.find(TASK_ID)).contains(told);
        assertThat(toPoll(soon.plus(Duration.ofDays(400)), 10)).isEmpty();
    }

    @Test
    void one_who_came_while_others_were_told_is_not_struck_off() {
        Task ended = endedWith(WAITING);
        register(TASK_ID, ALSO_WAITING);

        WriteResult result = store.replace(ended, ended.told(Subscribers.NOBODY, NOW));

        assertThat(result)
                .isEqualTo(new WriteResult.Overtaken(store.find(TASK_ID).orElseThrow()));
    }

    @Test
    void the_event_of_an_end_is_told_once() {
        Task ended = endedWithEvent("delivered");
        Instant soon = ended.pollAt().orElseThrow();

        Task told = written(ended, ended.told(new Subscribers(List.of(), Subscribers.Event.PUT), soon));

        assertThat(told.pollAt()).isEmpty();
        assertThat(store.find(TASK_ID)).contains(told);
        assertThat(store.replace(ended, ended.told(Subscribers.NOBODY, soon)))
                .isEqualTo(new WriteResult.Overtaken(told));
    }

    @Test
    void a_further_end_has_an_event_of_its_own() {
        Task delivered = endedWithEvent("delivered");
        Task told = written(delivered, delivered.told(new Subscribers(List.of(), Subscribers.Event.PUT), NOW));

        Task read = written(told, reported("read").appliedTo(told));

        assertThat(read.subscribers().event()).isEqualTo(Subscribers.Event.WANTED);
        assertThat(read.pollAt()).isPresent();
        assertThat(store.find(TASK_ID)).contains(read);
    }

    @Test
    void the_event_of_one_end_is_not_taken_for_that_of_another() {
        Task delivered = endedWithEvent("delivered");
        Task read = written(delivered, reported("read").appliedTo(delivered));

        assertThat(store.replace(delivered, delivered.told(new Subscribers(List.of(), Subscribers.Event.PUT), NOW)))
                .isEqualTo(new WriteResult.Overtaken(read));
    }

    @Test
    void a_further_attempt_has_an_event_of_its_own() {
        Task wanted = task().with(new Subscribers(List.of(), Subscribers.Event.WANTED));
        store.claim(wanted);
        Task failed = written(wanted, wanted.escalated(callError(CallFailure.CONNECT_FAILED), NOW));
        Task told = written(failed, failed.told(new Subscribers(List.of(), Subscribers.Event.PUT), NOW));
        Task again = claimedAgain(told, claim("claim-2", 2));

        assertThat(again.subscribers().event()).isEqualTo(Subscribers.Event.WANTED);
        assertThat(store.find(TASK_ID)).contains(again);
    }

    @Test
    void who_was_told_of_one_attempt_s_end_is_not_struck_off_that_of_the_next() {
        Task wanted = task().with(new Subscribers(List.of(), Subscribers.Event.WANTED));
        store.claim(wanted);
        Task failed = written(wanted, wanted.escalated(callError(CallFailure.CONNECT_FAILED), NOW));
        Task told = failed.told(new Subscribers(List.of(), Subscribers.Event.PUT), NOW);
        Task again = claimedAgain(failed, claim("claim-2", 2));
        // The same node, no status either, and the same subscribers: yet this one may still heal.
        Task unknown = written(again, again.escalated(callError(CallFailure.CONNECTION_LOST), NOW));

        assertThat(store.replace(failed, told)).isEqualTo(new WriteResult.Overtaken(unknown));
        assertThat(store.find(TASK_ID).orElseThrow().pollAt()).isPresent();
    }

    private Task endedWith(TaskToken... waiting) {
        Task queued = waiting("queued");
        for (TaskToken token : waiting) {
            register(TASK_ID, token);
        }
        Task waitedFor = store.find(TASK_ID).orElseThrow();
        return written(waitedFor, reported("delivered").appliedTo(waitedFor));
    }

    private Task endedWithEvent(String status) {
        Task wanted = task().with(new Subscribers(List.of(), Subscribers.Event.WANTED));
        store.claim(wanted);
        return written(wanted, reported(status).appliedTo(wanted));
    }

    private static Subscribers waitedForBy(TaskToken... tokens) {
        return new Subscribers(List.of(tokens), Subscribers.Event.OFF);
    }

    private Task claimedFirst() {
        store.claim(task());
        return task();
    }

    private static Task claimed(TaskId id) {
        return Task.claimed(id, task().sms(), claim("claim-1", 1), NOW, NOW);
    }

    // the neighbours of a message

    @Test
    void the_tasks_to_a_recipient_are_found_by_the_end_of_their_call() {
        Instant deadline = task().claim().callDeadline();
        String key = Match.key(task().sms());
        store.claim(task());

        assertThat(index.neighbours(key, deadline, deadline, 10)).containsExactly(TASK_ID);
        assertThat(index.neighbours(key, deadline.plusMillis(1), deadline.plusSeconds(60), 10))
                .isEmpty();
        assertThat(index.neighbours(key, deadline.minusSeconds(60), deadline.minusMillis(1), 10))
                .isEmpty();
        assertThat(index.neighbours("another key", deadline, deadline, 10)).isEmpty();
    }

    @Test
    void whatever_became_of_a_task_it_stays_a_neighbour() {
        Instant deadline = task().claim().callDeadline();
        String key = Match.key(task().sms());
        store.claim(task());
        Task unknown = written(task(), task().escalated(callError(CallFailure.TIMEOUT), NOW));
        assertThat(index.neighbours(key, deadline, deadline, 10)).containsExactly(TASK_ID);
        Task ended = written(unknown, unknown.ended(unknown.dueAt()));
        assertThat(index.neighbours(key, deadline, deadline, 10)).containsExactly(TASK_ID);
        written(ended, reported("delivered").appliedTo(ended));
        assertThat(index.neighbours(key, deadline, deadline, 10)).containsExactly(TASK_ID);
    }

    @Test
    void a_further_attempt_is_a_neighbour_by_its_own_call() {
        Task failed = connectFailed();
        Instant first = failed.claim().callDeadline();
        Instant second = first.plus(Duration.ofHours(1));
        Claim next = new Claim(
                "claim-2",
                2,
                second,
                failed.claim().callbackBase(),
                failed.claim().proof());
        store.claimAgain(failed, failed.claimedAgain(next, second, second));

        assertThat(index.neighbours(Match.key(task().sms()), first, first, 10)).isEmpty();
        assertThat(index.neighbours(Match.key(task().sms()), second, second, 10))
                .containsExactly(TASK_ID);
    }

    @Test
    void no_more_neighbours_are_told_than_asked_for() {
        for (int i = 0; i < 5; i++) {
            store.claim(Task.claimed(new TaskId("task-" + i), task().sms(), claim("claim-" + i, 1), NOW, NOW));
        }
        Instant deadline = task().claim().callDeadline();

        assertThat(index.neighbours(Match.key(task().sms()), deadline, deadline, 3))
                .hasSize(3);
        assertThat(index.neighbours(Match.key(task().sms()), deadline, deadline, 10))
                .hasSize(5);
    }

    @Test
    void a_poll_that_is_moved_leaves_all_else() {
        store.claim(task());
        Instant due = task().pollAt().orElseThrow();

        assertThat(store.reschedule(TASK_ID, millis(due), due.plusSeconds(60)))
                .isEqualTo(new Rescheduled.Moved(Optional.of(task().sms().account()), Optional.of(task().dueAt())));

        assertThat(store.find(TASK_ID))
                .contains(task().polledAt(due.plusSeconds(60)).writtenOver(task()));
    }

    @Test
    void a_move_of_a_poll_whose_answer_was_lost_is_recognised_when_it_is_made_again() {
        store.claim(task());
        Instant due = task().pollAt().orElseThrow();

        Rescheduled moved = store.reschedule(TASK_ID, millis(due), due.plusSeconds(60));

        assertThat(store.reschedule(TASK_ID, millis(due), due.plusSeconds(60))).isEqualTo(moved);
        assertThat(store.find(TASK_ID))
                .contains(task().polledAt(due.plusSeconds(60)).writtenOver(task()));
    }

    @Test
    void a_poll_is_moved_only_if_it_is_still_where_it_was_seen() {
        Instant due = task().pollAt().orElseThrow();
        assertThat(store.reschedule(TASK_ID, millis(due), NOW)).isEqualTo(new Rescheduled.Overtaken());
        assertThat(store.find(TASK_ID)).isEmpty();

        store.claim(task());
        assertThat(store.reschedule(TASK_ID, millis(due.minusMillis(1)), NOW)).isEqualTo(new Rescheduled.Overtaken());
        assertThat(store.find(TASK_ID)).contains(task());

        Task ended = written(task(), reported("delivered").appliedTo(task()));
        assertThat(store.reschedule(TASK_ID, millis(due), NOW)).isEqualTo(new Rescheduled.Overtaken());
        assertThat(store.find(TASK_ID)).contains(ended);
    }

    @Test
    void each_kind_of_poll_is_listed_apart() {
        store.claim(task());
        Instant due = task().pollAt().orElseThrow();
        PollKind kind = task().pollKind();

        for (PollKind listed : PollKind.values()) {
            assertThat(due(listed, due))
                    .isEqualTo(listed == kind ? List.of(new TaskIndex.Due(TASK_ID, millis(due))) : List.of());
        }
    }

    @Test
    void without_time_no_task_is_listed() {
        store.claim(task());

        for (Iterator<TaskIndex.Due> part :
                index.due(task().pollKind(), task().pollAt().orElseThrow(), () -> false)) {
            assertThat(part).isExhausted();
        }
    }

    private static BigDecimal millis(Instant instant) {
        return BigDecimal.valueOf(instant.toEpochMilli());
    }

    /** The tasks that are due for a poll, of all kinds, the longest wait of each first. */
    final List<TaskId> toPoll(Instant now, int limit) {
        List<TaskId> due = new ArrayList<>();
        for (PollKind kind : PollKind.values()) {
            for (TaskIndex.Due task : due(kind, now)) {
                if (due.size() < limit) {
                    due.add(task.id());
                }
            }
        }
        return due;
    }

    /** The tasks of one kind that are due for a poll, the longest wait first. */
    final List<TaskIndex.Due> due(PollKind kind, Instant now) {
        List<TaskIndex.Due> due = new ArrayList<>();
        for (Iterator<TaskIndex.Due> part : index.due(kind, now, () -> true)) {
            part.forEachRemaining(due::add);
        }
        due.sort(Comparator.comparing(TaskIndex.Due::pollAt));
        return due;
    }

    /** A write that must succeed. */
    private Task written(Task seen, Task next) {
        WriteResult result = store.replace(seen, next);
        assertThat(result).isEqualTo(new WriteResult.Written(next.writtenOver(seen)));
        assertThat(store.find(seen.id())).contains(next.writtenOver(seen));
        return ((WriteResult.Written) result).task();
    }

    private Task claimedAgain(Task failed, Claim next) {
        Task again = failed.claimedAgain(next, NOW, NOW);
        assertThat(store.claimAgain(failed, again)).isEqualTo(new ClaimResult.Claimed(again.writtenOver(failed)));
        return again.writtenOver(failed);
    }

    private Task waiting(String status) {
        store.claim(task());
        return written(task(), reported(status).appliedTo(task()));
    }

    private Task escalated(Escalation escalation) {
        store.claim(task());
        return written(task(), task().escalated(escalation, NOW));
    }

    private Task connectFailed() {
        return escalated(callError(CallFailure.CONNECT_FAILED));
    }

    /** A task without sid whose history has this many entries. */
    private Task withHistory(int entries) {
        Task crowded = Samples.withHistory(task(), entries);
        store.claim(crowded);
        return crowded;
    }

    private static StatusReport answered(String status) {
        return new StatusReport(
                SID,
                new MessageStatus(status),
                Optional.empty(),
                Optional.empty(),
                Optional.of(2),
                Source.SEND,
                NOW.plusSeconds(2));
    }

    private void assertNotClaimedAgain(Task stored) {
        Task again = stored.claimedAgain(claim("claim-2", 2), NOW, NOW);

        assertThat(store.claimAgain(stored, again)).isEqualTo(new ClaimResult.Taken(stored));
        assertThat(store.find(TASK_ID)).contains(stored);
    }

    /** Each entry's status, or code where there is none, and its note. */
    private static List<String> notes(Task task) {
        List<String> notes = new ArrayList<>();
        for (HistoryEntry entry : task.history()) {
            String what = entry.status().or(entry::code).orElse("");
            notes.add(entry.note().map(note -> what + " " + note).orElse(what));
        }
        return notes;
    }
}
