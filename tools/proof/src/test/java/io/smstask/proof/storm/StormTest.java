package io.smstask.proof.storm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smstask.proof.storm.Verdicts.Breach;
import io.smstask.proof.storm.Verdicts.Evidence;
import io.smstask.proof.storm.Verdicts.Promise;
import io.smstask.proof.storm.Verdicts.Verdict;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A small storm, and verdicts that find broken promises. Large storms: docs/reliability.md. */
final class StormTest {

    private static final long SEED = 1;
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

    @Test
    void no_promise_is_broken_in_a_small_storm() throws InterruptedException {
        var progress = new ByteArrayOutputStream();

        StormReport report = Storm.run(new StormOptions(100, SEED, 16), new PrintStream(progress, true, UTF_8));

        assertThat(report.isKept()).as(report.markdown()).isTrue();
        assertThat(report.kindsOfFaults()).as(report.markdown()).isGreaterThan(10);
        assertThat(report.markdown()).contains("every promise kept");
        assertThat(report.markdown()).doesNotContain("looks rested | 0 |");
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
        var one = StormTask.of(SEED, 18).parameters();
        var other = StormTask.of(SEED, 19).parameters();

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
        assertThat(Verdicts.of(evidence(Optional.of(escalated(CallFailure.TIMEOUT))))
                        .verdict())
                .isEqualTo(Verdict.UNKNOWN_NOT_SENT);
        assertThat(Verdicts.of(evidence(Optional.of(escalated(CallFailure.CONNECT_FAILED))))
                        .verdict())
                .isEqualTo(Verdict.NOT_SENT);
    }

    @Test
    void a_task_whose_caller_was_told_to_repeat_a_call_that_cannot_run_it_is_lost() {
        var dead = evidence(Optional.of(escalated(CallFailure.OUTCOME_UNKNOWN)), true);
        var runnable = evidence(Optional.of(escalated(CallFailure.STORE_UNAVAILABLE)), true);

        assertThat(Verdicts.of(dead).breaches()).extracting(Breach::promise).containsExactly(Promise.NONE_LOST);
        assertThat(Verdicts.of(runnable).breaches()).isEmpty();
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
        return Verdicts.of(evidence(stored)).breaches().stream()
                .map(Breach::promise)
                .toList();
    }

    private static Evidence evidence(Optional<Task> stored) {
        return evidence(stored, false);
    }

    private static Evidence evidence(Optional<Task> stored, boolean mustBeRunnable) {
        return new Evidence(StormTask.of(SEED, 1), stored, List.of(), List.of(), Set.of(), mustBeRunnable);
    }

    private static Task escalated(CallFailure failure) {
        return claimed()
                .escalated(new Escalation.CallError(failure, "why"), NOW)
                .ended(NOW);
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
