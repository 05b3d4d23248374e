package io.smstask.poll;

import static io.smstask.poll.PollFixture.seen;
import static io.smstask.testing.TaskFixture.TOKEN;
import static io.smstask.testing.TaskFixture.secret;
import static org.assertj.core.api.Assertions.assertThat;

import io.smstask.aws.AwsError;
import io.smstask.aws.AwsFailure;
import io.smstask.poll.Figures.Figure;
import io.smstask.poll.MessageReader.Look;
import io.smstask.task.AccountSid;
import io.smstask.task.MessageSid;
import io.smstask.task.MessageStatus;
import io.smstask.task.Misconfigured;
import io.smstask.task.StoreUnavailable;
import io.smstask.task.Task;
import io.smstask.task.TaskId;
import io.smstask.testing.FaultyStore.Call;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Nothing that is wrong with one task, one account or one subscriber keeps another waiting. */
final class WorkerTest {

    private static final Duration SOONEST = Duration.ofMinutes(15);
    private static final Duration VISIBILITY = Duration.ofMinutes(6);

    private final PollFixture fixture = PollFixture.withTaskOfTheStack(secret(TOKEN));

    @Test
    void incident_37_a_task_that_cannot_be_read_ends_among_the_dead_letters_and_its_neighbours_are_done() {
        fixture.recorded("queued");
        fixture.look = seen("delivered");
        TaskId poison = fixture.alsoHas("poison", fixture.clock.instant());
        fixture.cannotBeRead(poison);
        passes(SOONEST);
        fixture.dispatch();

        for (int i = 1; i <= Received.MOST_RECEIVES; i++) {
            assertThat(fixture.queue.deadLetters).isEmpty();
            fixture.work();
            passes(VISIBILITY);
        }

        assertThat(fixture.status()).isEqualTo("delivered");
        assertThat(fixture.queue.deadLetters).singleElement().asString().contains("\"task_id\":\"poison\"");
        assertThat(fixture.context.lines()).contains("{\"message\":\"dead_letter\",\"task_id\":\"poison\"}");
        assertThat(fixture.dispatch().get(Figure.LEASED)).isZero();
        passes(Worker.SET_ASIDE.minus(VISIBILITY));
        assertThat(fixture.dispatch().get(Figure.LEASED)).isEqualTo(1);
    }

    @Test
    void incident_37_a_task_from_the_beginning_of_time_ends_among_the_dead_letters() {
        TaskId poison = fixture.alsoHasMadeAt(Instant.MIN, "poison");
        fixture.recorded("queued");
        fixture.look = seen("delivered");
        passes(SOONEST);
        fixture.run();
        passes(SOONEST);
        fixture.run();

        for (int i = 0; i < Received.MOST_RECEIVES && fixture.queue.deadLetters.isEmpty(); i++) {
            fixture.work();
            passes(VISIBILITY);
        }

        assertThat(fixture.status()).isEqualTo("delivered");
        assertThat(fixture.queue.deadLetters).singleElement().asString().contains(poison.value());
    }

    @Test
    void the_last_look_comes_when_the_patience_ends() {
        fixture.recorded("queued");
        passes(Duration.ofHours(24).plus(Task.PATIENCE).minusMinutes(5));
        fixture.run();

        assertThat(fixture.stored().pollAt()).contains(fixture.stored().dueAt().plus(Task.PATIENCE));
    }

    @Test
    void incident_37_what_our_own_code_cannot_handle_is_reported_and_nothing_else() {
        fixture.recorded("queued");
        fixture.recorded(fixture.alsoHas("second", fixture.clock.instant()), "queued");
        fixture.look = seen("delivered");
        passes(SOONEST);
        fixture.dispatch();
        fixture.store.before(Call.WRITE, () -> {
            throw new ArithmeticException("long overflow");
        });

        Worker.Worked worked = fixture.work();

        assertThat(worked.failed()).hasSize(1);
        assertThat(worked.figures().get(Figure.MOVED)).isEqualTo(1);
        assertThat(worked.figures().get(Figure.FAILED)).isEqualTo(1);
    }

    @Test
    void incident_37_an_outage_of_the_store_makes_no_dead_letter_of_a_healthy_task() {
        fixture.recorded("queued");
        fixture.look = seen("delivered");
        passes(SOONEST);
        for (int i = 0; i <= Received.MOST_RECEIVES; i++) {
            assertThat(fixture.dispatch().get(Figure.LEASED)).isEqualTo(1);
            fixture.store.failOnce(i % 2 == 0 ? Call.WRITE : Call.FIND);

            Worker.Worked worked = fixture.work();

            assertThat(worked.failed()).isEmpty();
            assertThat(worked.figures().get(Figure.FAILED)).isEqualTo(1);
            passes(Task.NO_ANSWER);
        }

        fixture.dispatch();
        assertThat(fixture.work().figures().get(Figure.MOVED)).isEqualTo(1);
        assertThat(fixture.queue.deadLetters).isEmpty();
    }

    @Test
    void a_task_that_an_outage_leaves_without_a_further_write_is_due_when_its_lease_ends() {
        fixture.recorded("queued");
        passes(SOONEST);
        fixture.dispatch();
        fixture.store.failOnce(Call.FIND);
        fixture.store.failOnce(Call.RESCHEDULE);

        assertThat(fixture.work().failed()).isEmpty();

        passes(Dispatcher.LEASE.minusMillis(1));
        assertThat(fixture.dispatch().get(Figure.LEASED)).isZero();
        passes(Duration.ofMillis(1));
        assertThat(fixture.dispatch().get(Figure.LEASED)).isEqualTo(1);
    }

    @Test
    void incident_37_a_task_that_the_store_takes_no_write_of_is_reported() {
        fixture.recorded("queued");
        fixture.look = seen("delivered");
        passes(SOONEST);
        fixture.dispatch();
        fixture.store.before(Call.WRITE, () -> {
            throw new Misconfigured(
                    "the item is too large", new AwsFailure("DynamoDB", new AwsError("ValidationException", 400)));
        });

        assertThat(fixture.work().failed()).hasSize(1);
    }

    @Test
    void incident_37_a_list_that_our_own_code_cannot_handle_leaves_its_tasks_to_single_looks() {
        for (int i = 0; i < Looks.LEAST_OF_A_PAGE; i++) {
            fixture.recorded(
                    fixture.alsoHas("order-" + i, fixture.clock.instant()),
                    "queued",
                    new MessageSid(String.format("SM%032x", 0x100 + i)));
        }
        TaskId other = fixture.alsoHasOf("AC00000000000000000000000000000002", "other");
        fixture.recorded(other, "queued");
        fixture.look = seen("delivered");
        fixture.pageFault = Optional.of(new ArithmeticException("long overflow"));
        passes(SOONEST);
        fixture.dispatch();

        Worker.Worked worked = fixture.work();

        assertThat(worked.failed()).isEmpty();
        assertThat(worked.figures().get(Figure.MOVED)).isEqualTo(Looks.LEAST_OF_A_PAGE);
        assertThat(fixture.context.lines())
                .contains("{\"message\":\"not_listed\",\"AccountSid\":\"" + PollFixture.ACCOUNT
                        + "\",\"error\":\"java.lang.ArithmeticException\"}");
    }

    @Test
    void incident_37_an_account_whose_state_our_own_code_cannot_handle_holds_up_no_notice() {
        TaskId ended = fixture.alsoHas("ended", fixture.clock.instant());
        fixture.recorded(ended, "queued").waitedForBy(ended, "token");
        fixture.recorded(ended, "delivered");
        fixture.recorded("queued");
        passes(SOONEST);
        fixture.dispatch();
        fixture.states.fault = Optional.of(new ArithmeticException("long overflow"));

        Worker.Worked worked = fixture.work();

        assertThat(worked.failed()).hasSize(1);
        assertThat(worked.figures().get(Figure.TOLD)).isEqualTo(1);
    }

    @Test
    void a_state_that_cannot_be_read_or_written_keeps_no_look_waiting() {
        fixture.recorded("queued");
        fixture.look = seen("delivered");
        passes(SOONEST);
        fixture.dispatch();
        fixture.states.fault = Optional.of(new StoreUnavailable("the test's store does not answer"));

        Worker.Worked worked = fixture.work();

        assertThat(worked.failed()).isEmpty();
        assertThat(worked.figures().get(Figure.MOVED)).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"0, 60", "30, 60", "120, 120", "86400, 3600"})
    void incident_37_a_rate_limit_lets_its_account_rest_as_long_as_twilio_wants(long wanted, long rest) {
        fixture.recorded("queued");
        for (int i = 0; i < 200; i++) {
            fixture.recorded(fixture.alsoHas("order-" + i, fixture.clock.instant()), "queued");
        }
        fixture.look = new Look.RateLimited(Duration.ofSeconds(wanted));
        passes(SOONEST);
        Instant now = fixture.clock.instant();

        assertThat(fixture.run().get(Figure.LOOKED)).isEqualTo(1);

        assertThat(fixture.states.rests).containsEntry(new AccountSid(PollFixture.ACCOUNT), now.plusSeconds(rest));
        assertThat(fixture.stored().pollAt()).contains(now.plusSeconds(rest).plus(Looks.REST.dividedBy(2)));
    }

    @Test
    void incident_37_an_account_at_its_limit_holds_up_no_other() {
        fixture.look = new Look.RateLimited(Duration.ZERO);
        for (int i = 0; i < 200; i++) {
            fixture.recorded(fixture.alsoHas("order-" + i, fixture.clock.instant()), "queued");
        }
        TaskId other = fixture.alsoHasOf("AC00000000000000000000000000000002", "other");
        fixture.recorded(other, "queued");
        passes(SOONEST);

        assertThat(fixture.run().get(Figure.LOOKED)).isEqualTo(2);

        assertThat(fixture.states.rests).containsOnlyKeys(new AccountSid(PollFixture.ACCOUNT));
    }

    @Test
    void incident_37_looks_wait_for_no_event_bus() {
        for (int i = 0; i < 20; i++) {
            TaskId id = fixture.alsoHas("ended-" + i, fixture.clock.instant());
            fixture.recorded(id, "queued").waitedForBy(id, "token-" + i);
            fixture.recorded(id, "delivered");
        }
        fixture.recorded("queued");
        fixture.look = seen("sent");
        fixture.othersAreThere = false;
        fixture.timeToResume = Duration.ofSeconds(10);
        passes(SOONEST);

        Figures figures = fixture.run();

        assertThat(figures.get(Figure.MOVED)).isEqualTo(1);
        assertThat(figures.get(Figure.PUT_OFF)).isEqualTo(20);
        assertThat(fixture.resumed).hasSize(Worker.MOST_UNTOLD);
    }

    @Test
    void incident_37_a_twilio_that_hangs_costs_an_account_three_looks() {
        for (int i = 0; i < 100; i++) {
            fixture.recorded(fixture.alsoHas("order-" + i, fixture.clock.instant()), "queued");
        }
        fixture.timeToLook = Duration.ofSeconds(4);
        passes(SOONEST);

        Figures figures = fixture.run();

        assertThat(figures.get(Figure.LOOKED)).isEqualTo(Looks.MOST_UNANSWERED);
        assertThat(figures.get(Figure.FAILED)).isZero();
    }

    @Test
    void incident_37_a_task_of_a_callers_own_token_takes_no_look() {
        PollFixture own = PollFixture.withTask().recorded("queued");
        long leased = 0;
        for (int hours = 0; hours < 24; hours++) {
            leased += own.dispatch().get(Figure.LEASED);
            own.work();
            own.clock.move(Duration.ofHours(1));
        }

        assertThat(leased).isEqualTo(1);
        assertThat(own.run().get(Figure.ENDED)).isEqualTo(1);
        assertThat(own.looks).isZero();
    }

    @Test
    void a_task_of_a_callers_own_token_is_looked_at_where_the_stack_holds_the_account() {
        PollFixture held =
                PollFixture.withTaskOfAnAccountOfTheStack(secret(TOKEN)).recorded("queued");
        held.look = seen("delivered");
        held.clock.move(SOONEST);

        assertThat(held.run().get(Figure.MOVED)).isEqualTo(1);
        assertThat(held.stored().status()).contains(new MessageStatus("delivered"));
    }

    @Test
    void incident_37_a_callback_leaves_a_planned_look_where_it_is() {
        fixture.recorded("queued");
        Optional<Instant> planned = fixture.stored().pollAt();
        passes(Duration.ofMinutes(5));
        fixture.recorded("sending");
        assertThat(fixture.stored().pollAt()).isEqualTo(planned);

        passes(Duration.ofMillis(1));
        fixture.recorded("sent");
        assertThat(fixture.stored().pollAt()).contains(fixture.clock.instant().plus(SOONEST));
    }

    @Test
    void an_execution_that_begins_to_wait_at_the_end_does_not_hold_the_end_up() {
        fixture.recorded("sent");
        fixture.look = seen("sent");
        passes(Duration.ofHours(24));
        fixture.dispatch();
        fixture.store.before(Call.WRITE, () -> {});
        fixture.store.before(Call.WRITE, () -> fixture.waitedForBy("late"));

        assertThat(fixture.work().figures().get(Figure.ENDED)).isEqualTo(1);

        assertThat(fixture.resumed).hasSize(1);
    }

    @Test
    void a_task_without_a_callback_counts_at_the_first_look_with_an_answer_and_never_again() {
        fixture.recorded("queued");
        passes(SOONEST);
        assertThat(fixture.run().get(Figure.NO_CALLBACK)).isZero();

        fixture.look = seen("queued");
        passes(Task.NO_ANSWER);
        assertThat(fixture.run().get(Figure.NO_CALLBACK)).isEqualTo(1);

        passes(Duration.ofHours(1));
        assertThat(fixture.run().get(Figure.LOOKED)).isEqualTo(1);
        assertThat(fixture.run().get(Figure.NO_CALLBACK)).isZero();
    }

    @Test
    void a_task_without_a_callback_that_nobody_can_ask_for_counts_at_its_first_visit() {
        PollFixture own = PollFixture.withTask().recorded("queued");
        own.clock.move(SOONEST);
        assertThat(own.run().get(Figure.NO_CALLBACK)).isEqualTo(1);

        own.clock.move(Duration.ofHours(24));
        Figures atTheEnd = own.run();
        assertThat(atTheEnd.get(Figure.ENDED)).isEqualTo(1);
        assertThat(atTheEnd.get(Figure.NO_CALLBACK)).isZero();
    }

    private void passes(Duration time) {
        fixture.clock.move(time);
    }
}
