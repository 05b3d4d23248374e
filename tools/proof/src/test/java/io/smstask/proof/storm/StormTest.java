package io.smstask.proof.storm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smstask.proof.storm.Verdicts.Breach;
import io.smstask.proof.storm.Verdicts.Erasure;
import io.smstask.proof.storm.Verdicts.Evidence;
import io.smstask.proof.storm.Verdicts.Promise;
import io.smstask.proof.storm.Verdicts.Verdict;
import io.smstask.simulator.ReceivedRequest;
import io.smstask.task.AccountSid;
import io.smstask.task.CallFailure;
import io.smstask.task.CallbackProof;
import io.smstask.task.Claim;
import io.smstask.task.Escalation;
import io.smstask.task.History;
import io.smstask.task.MessageSid;
import io.smstask.task.MessageStatus;
import io.smstask.task.MessageText;
import io.smstask.task.Node;
import io.smstask.task.PhoneNumber;
import io.smstask.task.Sms;
import io.smstask.task.Standing;
import io.smstask.task.Task;
import io.smstask.task.TaskId;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A small storm, and verdicts that find broken promises. Large storms: docs/reliability.md. */
final class StormTest {

    private static final long SEED = 1;
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

    /** To which nothing special happens. */
    private static final StormTask PLAIN =
            find(task -> !task.isRefused() && !task.isForeign() && !task.isCanceled() && !task.isErased());

    @Test
    void no_promise_is_broken_in_a_small_storm() throws InterruptedException {
        var progress = new ByteArrayOutputStream();

        StormReport report = Storm.run(new StormOptions(100, SEED, 16), new PrintStream(progress, true, UTF_8));

        assertThat(report.isKept()).as(report.markdown()).isTrue();
        assertThat(report.kindsOfFaults()).as(report.markdown()).isGreaterThan(10);
        assertThat(report.markdown()).contains("every promise kept");
        assertThat(report.markdown())
                .doesNotContain(
                        "looks rested | 0 |",
                        "stopped for their country | 0 |",
                        "stopped for the recipient's limit | 0 |",
                        "answered that the task is cancelled | 0 |",
                        "tasks erased | 0 |",
                        "callbacks posted to them once more | 0 |",
                        "callbacks that Twilio posted to them by itself | 0 |");
        assertThat(progress.toString(UTF_8)).contains("100/100 tasks");
    }

    @Test
    void the_same_seed_gives_the_same_tasks_and_faults() {
        for (int number = 0; number < 50; number++) {
            assertThat(StormTask.of(SEED, number)).isEqualTo(StormTask.of(SEED, number));
            var form =
                    Map.of("StatusCallback", List.of("http://127.0.0.1/nvp/callback/key/storm-1-" + number + "#rc=5"));
            assertThat(new StormFaults(SEED).fault(form)).isEqualTo(new StormFaults(SEED).fault(form));
        }
    }

    @Test
    void twins_are_alike_but_for_their_ids() {
        var one = StormTask.of(SEED, 18).parameters(NOW);
        var other = StormTask.of(SEED, 19).parameters(NOW);

        assertThat(StormTask.of(SEED, 18).id())
                .isNotEqualTo(StormTask.of(SEED, 19).id());
        Set<String> ids = Set.of("task_id", "execution_task_id");
        one.keySet().removeAll(ids);
        other.keySet().removeAll(ids);
        assertThat(one).isEqualTo(other);
    }

    @Test
    void a_task_that_is_gone_or_never_ends_is_lost() {
        assertThat(promises(Optional.empty())).containsExactly(Promise.NONE_LOST);
        assertThat(promises(Optional.of(claimed()))).containsExactly(Promise.NONE_LOST);
    }

    @Test
    void a_message_that_twilio_never_took_is_wrong() {
        var claimsIt = claimed()
                .standing(
                        new Standing(
                                Node.FINAL,
                                Optional.of(new MessageSid("SM00000000000000000000000000000001")),
                                Optional.of(new MessageStatus("delivered")),
                                Optional.empty(),
                                Optional.empty(),
                                false),
                        NOW,
                        History.EMPTY)
                .postponed(NOW);

        assertThat(promises(Optional.of(claimsIt))).containsExactly(Promise.RIGHT_END);
    }

    @Test
    void an_outcome_that_nobody_can_know_may_stay_unknown() {
        assertThat(Verdicts.of(evidence(Optional.of(ended(CallFailure.TIMEOUT))))
                        .verdict())
                .isEqualTo(Verdict.UNKNOWN_NOT_SENT);
        assertThat(Verdicts.of(evidence(Optional.of(ended(CallFailure.CONNECT_FAILED))))
                        .verdict())
                .isEqualTo(Verdict.NOT_SENT);
    }

    @Test
    void a_task_whose_caller_was_told_to_repeat_a_call_that_cannot_run_it_is_lost() {
        var dead = evidence(Optional.of(ended(CallFailure.OUTCOME_UNKNOWN)), true);
        var runnable = evidence(Optional.of(ended(CallFailure.STORE_UNAVAILABLE)), true);

        assertThat(Verdicts.of(dead).breaches()).extracting(Breach::promise).containsExactly(Promise.NONE_LOST);
        assertThat(Verdicts.of(runnable).breaches()).isEmpty();
    }

    @Test
    void a_task_for_a_forbidden_country_is_not_posted() {
        StormTask foreign = find(StormTask::isForeign);
        Task stopped = ended(CallFailure.COUNTRY_NOT_ALLOWED);

        assertThat(promises(new Known(foreign, stopped))).isEmpty();
        assertThat(promises(new Known(foreign, stopped).posted(NOW))).containsExactly(Promise.BRAKED);
        assertThat(promises(new Known(PLAIN, stopped))).containsExactly(Promise.RIGHT_END);
    }

    @Test
    void a_recipient_gets_no_more_attempts_in_a_window_than_the_limit() {
        StormBrakes brakes = new StormBrakes(1);
        int limit = Integer.parseInt(brakes.parameters().get("RecipientLimit"));
        Instant begin = NOW.plus(StormBrakes.untilNextWindow(NOW));
        Instant next = begin.plus(StormBrakes.untilNextWindow(begin));
        brakes.made(begin, begin.plusSeconds(9));
        brakes.made(next, next.plusSeconds(9));
        List<ReceivedRequest> posts = new ArrayList<>();
        for (int i = 0; i < limit; i++) {
            posts.add(post(begin.plusSeconds(1), "attempt-" + i));
            posts.add(post(begin.plusSeconds(2), "attempt-" + i));
            posts.add(post(next.plusSeconds(1), "later-" + i));
        }
        var kept = new StormReport(new StormOptions(1, SEED, 1));
        brakes.check(kept, posts);
        assertThat(kept.isKept()).isTrue();

        posts.add(post(next.plusSeconds(2), "one too many"));
        var broken = new StormReport(new StormOptions(1, SEED, 1));
        brakes.check(broken, posts);
        assertThat(broken.isKept()).isFalse();
    }

    @Test
    void a_caller_who_was_told_that_a_task_is_cancelled_was_told_the_truth() {
        StormTask canceled = find(StormTask::isCanceled);
        Task closed = escalated(CallFailure.CONNECT_FAILED).canceled(NOW).withoutTextsIfDone();

        assertThat(promises(new Known(canceled, closed).toldCanceled())).isEmpty();
        assertThat(promises(new Known(canceled, escalated(CallFailure.CONNECT_FAILED)).toldCanceled()))
                .containsExactly(Promise.CANCELED);
        assertThat(promises(new Known(PLAIN, closed))).containsExactly(Promise.RIGHT_END);
    }

    @Test
    void an_ended_task_has_no_texts() {
        Task ended = escalated(CallFailure.TIMEOUT).ended(NOW);

        assertThat(promises(new Known(PLAIN, ended))).containsExactly(Promise.TEXTS_GONE);
    }

    @Test
    void of_an_erased_task_nothing_private_is_left_and_it_stays_erased() {
        StormTask erased = find(StormTask::isErased);
        Task tombstone = escalated(CallFailure.CONNECT_FAILED).erased(NOW);
        Known right = new Known(erased, tombstone).erased("{code}", Optional.empty());

        assertThat(promises(right)).isEmpty();
        assertThat(promises(right.posted(NOW.minusSeconds(1)))).isEmpty();
        assertThat(promises(right.posted(NOW.plusSeconds(1)))).containsExactly(Promise.STAYS_ERASED);
        assertThat(promises(right.erased("{code}", Optional.of("a callback was answered with 404"))))
                .containsExactly(Promise.STAYS_ERASED);
        for (String secret : erased.privateTexts()) {
            assertThat(promises(right.erased("{" + secret + "}", Optional.empty())))
                    .containsExactly(Promise.ERASED);
        }
        assertThat(promises(new Known(erased, ended(CallFailure.TIMEOUT)))).containsExactly(Promise.ERASED);
        assertThat(promises(new Known(PLAIN, tombstone))).containsExactly(Promise.ERASED);
    }

    private static StormTask find(Predicate<StormTask> kind) {
        return IntStream.range(0, 1_000)
                .mapToObj(number -> StormTask.of(SEED, number))
                .filter(kind)
                .findFirst()
                .orElseThrow();
    }

    private static ReceivedRequest post(Instant at, String callback) {
        return new ReceivedRequest(
                at,
                "POST",
                "/Messages.json",
                "",
                Map.of("To", List.of(StormTask.CROWDED), "StatusCallback", List.of(callback)));
    }

    @Test
    void more_tasks_than_can_be_judged_are_refused() {
        assertThatThrownBy(() -> new StormOptions(StormOptions.MOST_TASKS + 1, SEED, 1))
                .hasMessage("tasks must be from 1 to " + StormOptions.MOST_TASKS);
        var err = new ByteArrayOutputStream();
        assertThat(StormMain.run(System.out, new PrintStream(err, true, UTF_8), "--tasks", "0"))
                .isEqualTo(2);
        assertThat(err.toString(UTF_8)).startsWith("tasks must be from 1");
    }

    private static List<Promise> promises(Optional<Task> stored) {
        return promises(evidence(stored));
    }

    private static List<Promise> promises(Known known) {
        return promises(known.evidence());
    }

    private static List<Promise> promises(Evidence evidence) {
        return Verdicts.of(evidence).breaches().stream().map(Breach::promise).toList();
    }

    private static Evidence evidence(Optional<Task> stored) {
        return evidence(stored, false);
    }

    private static Evidence evidence(Optional<Task> stored, boolean mustBeRunnable) {
        return new Evidence(
                PLAIN,
                stored.map(Task::withoutTextsIfDone),
                List.of(),
                List.of(),
                List.of(),
                Set.of(),
                mustBeRunnable,
                false,
                Optional.empty());
    }

    /** What is known of a task for which Twilio took no message. */
    private record Known(
            StormTask task,
            Task stored,
            List<ReceivedRequest> posts,
            boolean isToldCanceled,
            Optional<Erasure> erasure) {

        private Known(StormTask task, Task stored) {
            this(task, stored, List.of(), false, Optional.empty());
        }

        private Known posted(Instant at) {
            return new Known(task, stored, List.of(post(at, "callback")), isToldCanceled, erasure);
        }

        private Known toldCanceled() {
            return new Known(task, stored, posts, true, erasure);
        }

        private Known erased(String left, Optional<String> fault) {
            return new Known(task, stored, posts, isToldCanceled, Optional.of(new Erasure(NOW, NOW, left, fault)));
        }

        private Evidence evidence() {
            return new Evidence(
                    task, Optional.of(stored), List.of(), List.of(), posts, Set.of(), false, isToldCanceled, erasure);
        }
    }

    private static Task ended(CallFailure failure) {
        return escalated(failure).ended(NOW).withoutTextsIfDone();
    }

    private static Task escalated(CallFailure failure) {
        return claimed().escalated(new Escalation.CallError(failure, "why"), NOW);
    }

    private static Task claimed() {
        var sms = new Sms(
                new AccountSid("AC00000000000000000000000000000001"),
                new PhoneNumber("+15558675310"),
                Optional.of(new PhoneNumber("+15005550006")),
                Optional.of(new MessageText("Hello")),
                Map.of());
        var claim = new Claim("claim", 1, NOW, "https://callbacks.example.com", new CallbackProof.KeyHash("hash"));
        return Task.claimed(new TaskId("storm-1-1"), sms, claim, NOW, NOW);
    }
}
