package io.smstask.poll;

import static io.smstask.poll.PollFixture.seen;
import static io.smstask.testing.TaskFixture.TOKEN;
import static io.smstask.testing.TaskFixture.secret;
import static org.assertj.core.api.Assertions.assertThat;

import io.smstask.poll.Figures.Figure;
import io.smstask.task.AccountSid;
import io.smstask.task.Misconfigured;
import io.smstask.task.StoreUnavailable;
import io.smstask.task.Task;
import io.smstask.task.TaskId;
import io.smstask.testing.FaultyStore.Call;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What goes to the queue, and what does not keep it from going there. */
final class DispatcherTest {

    private static final Duration SOONEST = Duration.ofMinutes(15);
    private static final AccountSid ACCOUNT = new AccountSid(PollFixture.ACCOUNT);

    private final PollFixture fixture = PollFixture.withTaskOfTheStack(secret(TOKEN));

    @Test
    void a_task_that_is_due_is_leased_and_sent_under_its_account() {
        fixture.recorded("queued");
        passes(SOONEST);

        assertThat(fixture.dispatch().get(Figure.LEASED)).isEqualTo(1);

        Instant lease = fixture.clock.instant().plus(Dispatcher.LEASE);
        assertThat(fixture.queue.sent).singleElement().satisfies(message -> {
            assertThat(message.id()).isEqualTo(fixture.stored().id());
            assertThat(message.group()).isEqualTo(PollFixture.ACCOUNT);
            assertThat(message.pollAt()).isEqualTo(lease);
        });
        assertThat(fixture.stored().pollAt()).contains(lease);
        assertThat(fixture.looks).isZero();
    }

    @Test
    void a_leased_task_is_not_sent_again_before_its_lease_ends() {
        fixture.recorded("queued");
        passes(SOONEST);
        fixture.dispatch();
        fixture.queue.receive();
        fixture.queue.answered(List.of());

        passes(Dispatcher.LEASE.minusMillis(1));
        assertThat(fixture.dispatch().get(Figure.LEASED)).isZero();
        passes(Duration.ofMillis(1));
        assertThat(fixture.dispatch().get(Figure.LEASED)).isEqualTo(1);
    }

    @Test
    void of_two_dispatches_at_once_one_leases_a_task() {
        fixture.recorded("queued");
        passes(SOONEST);
        fixture.store.before(Call.RESCHEDULE, () -> {
            passes(Duration.ofMillis(1));
            fixture.dispatch();
        });

        fixture.dispatch();

        assertThat(fixture.queue.sent).hasSize(1);
    }

    @Test
    void incident_37_what_takes_no_lease_is_named_counted_and_passed() {
        fixture.recorded("queued");
        passes(SOONEST);
        for (int i = 0; i < 3; i++) {
            fixture.alsoHas("poison-" + i, fixture.clock.instant().minusSeconds(600 - i));
            fixture.refuses("poison-" + i);
        }

        Figures figures = fixture.dispatch();

        assertThat(figures.get(Figure.SET_ASIDE)).isEqualTo(3);
        assertThat(fixture.sent()).containsExactly(fixture.stored().id());
        assertThat(fixture.context.lines()).isEqualTo("""
                {"message":"not_leased","task_id":"poison-0"}
                {"message":"not_leased","task_id":"poison-1"}
                {"message":"not_leased","task_id":"poison-2"}
                """);
    }

    @Test
    void incident_37_more_of_them_than_a_run_names_are_all_passed() {
        fixture.recorded("queued");
        passes(SOONEST);
        for (int i = 0; i < 250; i++) {
            fixture.alsoHas("poison-" + i, fixture.clock.instant().minusSeconds(600));
            fixture.refuses("poison-" + i);
        }

        assertThat(fixture.dispatch().get(Figure.SET_ASIDE)).isEqualTo(250);

        assertThat(fixture.sent()).containsExactly(fixture.stored().id());
        assertThat(fixture.context.logged().lines()).hasSize(Dispatcher.MOST_NAMED);
    }

    @Test
    void incident_37_a_lease_that_fails_is_counted_and_the_next_task_goes_on() {
        fixture.recorded("queued");
        passes(SOONEST);
        fixture.alsoHas("first", fixture.clock.instant().minusSeconds(600));
        fixture.store.failOnce(Call.RESCHEDULE);
        fixture.store.failOnce(Call.RESCHEDULE);

        Figures figures = fixture.dispatch();

        assertThat(figures.get(Figure.FAILED)).isEqualTo(1);
        assertThat(fixture.sent()).containsExactly(fixture.stored().id());
    }

    @Test
    void a_lease_whose_answer_was_lost_is_recognised_when_it_is_taken_again() {
        fixture.recorded("queued");
        fixture.look = seen("delivered");
        passes(SOONEST);
        leaseAnswerIsLost();

        Figures figures = fixture.run();

        assertThat(figures.get(Figure.LEASED)).isEqualTo(1);
        assertThat(figures.get(Figure.FAILED)).isZero();
        assertThat(figures.get(Figure.MOVED)).isEqualTo(1);
    }

    @Test
    void a_task_of_whose_lease_every_answer_was_lost_is_due_when_the_lease_ends() {
        fixture.recorded("queued");
        passes(SOONEST);
        leaseAnswerIsLost();
        fixture.store.failOnce(Call.RESCHEDULE);

        assertThat(fixture.dispatch().get(Figure.FAILED)).isEqualTo(1);

        passes(Dispatcher.LEASE.minusMillis(1));
        assertThat(fixture.dispatch().get(Figure.LEASED)).isZero();
        passes(Duration.ofMillis(1));
        assertThat(fixture.dispatch().get(Figure.LEASED)).isEqualTo(1);
    }

    /** The next lease is written, and nobody hears of it. */
    private void leaseAnswerIsLost() {
        fixture.store.before(Call.RESCHEDULE, () -> {
            Task task = fixture.stored();
            BigDecimal pollAt = BigDecimal.valueOf(task.pollAt().orElseThrow().toEpochMilli());
            fixture.store
                    .undisturbed()
                    .reschedule(task.id(), pollAt, fixture.clock.instant().plus(Dispatcher.LEASE));
            throw new StoreUnavailable("the test's store does not answer");
        });
    }

    @Test
    void incident_37_the_looks_of_an_account_at_rest_do_not_go_to_the_queue() {
        fixture.recorded("queued");
        passes(SOONEST);
        Instant until = fixture.clock.instant().plus(Duration.ofMinutes(7));
        fixture.states.rest(ACCOUNT, until);

        Figures figures = fixture.dispatch();

        assertThat(figures.get(Figure.PUT_OFF)).isEqualTo(1);
        assertThat(fixture.sent()).isEmpty();
        assertThat(fixture.stored().pollAt()).contains(until.plus(Looks.REST.dividedBy(2)));
    }

    @Test
    void incident_38_a_task_whose_patience_is_over_goes_to_the_queue_although_its_account_rests() {
        fixture.recorded("sent");
        passes(Duration.ofHours(24).plus(Task.PATIENCE));
        fixture.states.rest(ACCOUNT, fixture.clock.instant().plus(Looks.LONGEST_LIMIT));

        assertThat(fixture.run().get(Figure.ENDED)).isEqualTo(1);

        assertThat(fixture.stored().isGivenUp()).isTrue();
    }

    @Test
    void incident_38_no_rest_of_an_account_outlasts_a_tasks_patience() {
        fixture.recorded("sent");
        passes(Duration.ofHours(24).plus(Task.PATIENCE).minusMinutes(1));
        fixture.states.rest(ACCOUNT, fixture.clock.instant().plus(Looks.LONGEST_LIMIT));

        assertThat(fixture.dispatch().get(Figure.PUT_OFF)).isEqualTo(1);

        assertThat(fixture.stored().pollAt()).contains(fixture.stored().dueAt().plus(Task.PATIENCE));
    }

    @Test
    void a_task_is_sent_where_the_rest_of_its_account_cannot_be_read() {
        fixture.recorded("queued");
        passes(SOONEST);
        fixture.states.fault = Optional.of(new StoreUnavailable("the test's store does not answer"));

        assertThat(fixture.dispatch().get(Figure.LEASED)).isEqualTo(1);
    }

    @Test
    void a_task_is_sent_where_its_lease_cannot_be_moved_past_the_rest_of_its_account() {
        fixture.recorded("queued");
        passes(SOONEST);
        fixture.states.rest(ACCOUNT, fixture.clock.instant().plus(Looks.LONGEST_LIMIT));
        fixture.store.before(Call.RESCHEDULE, () -> {});
        fixture.store.failOnce(Call.RESCHEDULE);

        Figures figures = fixture.dispatch();

        assertThat(figures.get(Figure.LEASED)).isEqualTo(1);
        assertThat(figures.get(Figure.PUT_OFF)).isZero();
    }

    @Test
    void no_kinds_turn_begins_without_the_time_for_it() {
        TaskId ended = fixture.alsoHas("ended", fixture.clock.instant());
        fixture.recorded(ended, "queued").waitedForBy(ended, "token");
        fixture.recorded(ended, "delivered");
        fixture.recorded("queued");
        passes(Duration.ofHours(1));
        fixture.store.before(Call.RESCHEDULE, () -> fixture.clock.move(PollFixture.RUN.minusSeconds(9)));

        assertThat(fixture.dispatch().get(Figure.LEASED)).isEqualTo(1);

        assertThat(fixture.sent()).containsExactly(ended);
    }

    @Test
    void incident_37_the_rest_of_an_account_holds_up_neither_an_end_nor_a_notice() {
        PollFixture own = PollFixture.withTask().recorded("queued");
        own.states.rest(ACCOUNT, own.clock.instant().plus(Duration.ofDays(9)));
        own.waitedForBy("first");
        own.clock.move(Duration.ofHours(25));

        assertThat(own.run().get(Figure.ENDED)).isEqualTo(1);
        assertThat(own.resumed).hasSize(1);
    }

    @Test
    void nothing_more_is_sent_while_the_queue_is_behind() {
        fixture.recorded("queued");
        passes(SOONEST);
        fixture.queue.others = 1;

        assertThat(fixture.dispatch().json()).containsEntry("leased", 0L).doesNotContainKey("oldest_seconds");
        assertThat(fixture.context.lines()).isEqualTo("{\"message\":\"queue_behind\",\"queue_behind\":1}\n");

        fixture.queue.others = 0;
        assertThat(fixture.dispatch().get(Figure.LEASED)).isEqualTo(1);
    }

    @Test
    void messages_that_were_sent_within_five_minutes_may_wait() {
        fixture.recorded("queued");
        passes(SOONEST);
        fixture.dispatch();

        fixture.alsoHas("second", fixture.clock.instant());
        passes(Dispatcher.BEHIND);
        assertThat(fixture.dispatch().get(Figure.LEASED)).isEqualTo(1);

        fixture.alsoHas("third", fixture.clock.instant());
        passes(Duration.ofMillis(1));
        assertThat(fixture.dispatch().get(Figure.LEASED)).isZero();
    }

    @Test
    void a_message_that_the_queue_does_not_take_is_due_again_at_once() {
        fixture.recorded("queued");
        fixture.alsoHas("second", fixture.clock.instant());
        passes(SOONEST);
        fixture.queue.refused.add("second");

        Figures figures = fixture.dispatch();

        assertThat(figures.get(Figure.LEASED)).isEqualTo(1);
        assertThat(figures.get(Figure.FAILED)).isEqualTo(1);
        fixture.queue.refused.clear();
        assertThat(fixture.dispatch().get(Figure.LEASED)).isEqualTo(1);
    }

    @Test
    void without_the_queue_nothing_is_leased() {
        fixture.recorded("queued");
        passes(SOONEST);
        fixture.queue.isThere = false;

        assertThat(fixture.dispatch().json()).containsEntry("leased", 0L).doesNotContainKey("oldest_seconds");

        fixture.failures.write(fixture.log());
        assertThat(fixture.context.logged()).contains("\"message\":\"queue_unavailable\"");
        assertThat(fixture.store.calls()).doesNotContain(Call.RESCHEDULE);
    }

    @Test
    void a_queue_that_takes_nothing_does_not_look_like_one_without_a_backlog() {
        fixture.recorded("queued");
        passes(SOONEST);
        fixture.store.before(Call.RESCHEDULE, () -> fixture.queue.isThere = false);

        assertThat(fixture.dispatch().json())
                .containsEntry("due_look", 1L)
                .containsEntry("leased", 0L)
                .doesNotContainKey("oldest_seconds");

        fixture.queue.isThere = true;
        assertThat(fixture.dispatch().get(Figure.LEASED)).isEqualTo(1);
    }

    @Test
    void the_oldest_is_0_only_if_all_that_is_due_was_listed() {
        assertThat(fixture.dispatch().json()).containsEntry("oldest_seconds", 0L);

        fixture.store.before(Call.DUE, () -> {
            throw new StoreUnavailable("the test's store does not answer");
        });
        assertThat(fixture.dispatch().json()).doesNotContainKey("oldest_seconds");
    }

    @Test
    void a_kind_that_cannot_be_listed_holds_up_no_other() {
        fixture.recorded("queued");
        passes(SOONEST);
        fixture.store.before(Call.DUE, () -> {
            throw new Misconfigured("the test's store refuses");
        });

        assertThat(fixture.dispatch().get(Figure.LEASED)).isEqualTo(1);
    }

    @Test
    void incident_37_each_kind_has_its_turn() {
        for (int i = 0; i < 3 * Dispatcher.TURN; i++) {
            TaskId id = fixture.alsoHas("ended-" + i, fixture.clock.instant());
            fixture.recorded(id, "queued").waitedForBy(id, "token-" + i);
            fixture.recorded(id, "delivered");
        }
        fixture.recorded("queued");
        passes(Duration.ofHours(1));

        fixture.dispatch();

        assertThat(fixture.sent().indexOf(fixture.stored().id())).isEqualTo(Dispatcher.TURN);
        assertThat(fixture.sent()).hasSize(3 * Dispatcher.TURN + 1);
    }

    private void passes(Duration time) {
        fixture.clock.move(time);
    }
}
