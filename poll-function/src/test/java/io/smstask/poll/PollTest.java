package io.smstask.poll;

import static io.smstask.poll.PollFixture.seen;
import static io.smstask.testing.TaskFixture.TOKEN;
import static io.smstask.testing.TaskFixture.secret;
import static org.assertj.core.api.Assertions.assertThat;

import io.smstask.poll.Figures.Figure;
import io.smstask.poll.MessageReader.Look;
import io.smstask.task.CallFailure;
import io.smstask.task.Escalation;
import io.smstask.task.HistoryEntry;
import io.smstask.task.MessageSid;
import io.smstask.task.MessageStatus;
import io.smstask.task.Node;
import io.smstask.task.Source;
import io.smstask.task.Task;
import io.smstask.testing.FaultyStore.Call;
import io.smstask.twilio.TwilioMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A lost callback loses no outcome. */
class PollTest {

    private static final Duration SOONEST = Duration.ofMinutes(15);

    private static final String ROTATED = "fedcba9876543210fedcba9876543210";

    private final PollFixture fixture = PollFixture.withTaskOfTheStack(secret(TOKEN));

    @Test
    void incident_25_a_lost_callback_is_made_up_for() {
        fixture.recorded("queued");
        fixture.look = seen("delivered");
        passes(SOONEST);

        assertThat(run().get(Figure.MOVED)).isEqualTo(1);

        Task task = fixture.stored();
        assertThat(task.node()).isEqualTo(Node.FINAL);
        assertThat(task.status()).contains(new MessageStatus("delivered"));
        assertThat(task.history()).last().extracting(HistoryEntry::source).isEqualTo(Source.POLL);
        assertThat(run().get(Figure.LOOKED)).isZero();
    }

    @Test
    void incident_27_the_error_code_of_a_failed_message_is_kept() {
        fixture.recorded("queued");
        fixture.look = new Look.Seen(new TwilioMessage(
                new MessageSid(PollFixture.SID),
                new MessageStatus("undelivered"),
                Optional.of("30005"),
                Optional.of("No such number, said Basic " + PollFixture.TOKEN),
                Optional.of(1)));
        passes(SOONEST);

        run();

        assertThat(fixture.stored().escalation()).map(Escalation::code).contains("30005");
        assertThat(fixture.stored().escalation().orElseThrow().message())
                .isEqualTo("The number is unknown to the carrier: it may no longer exist."
                        + " Twilio says: No such number, said Basic ***");
    }

    @Test
    void nobody_is_asked_before_a_callback_is_overdue() {
        fixture.recorded("queued");
        passes(SOONEST.minusSeconds(1));

        assertThat(run().get(Figure.LOOKED)).isZero();
        assertThat(fixture.looks).isZero();
    }

    @Test
    void the_same_status_again_is_asked_for_ever_more_seldom() {
        fixture.recorded("queued");
        fixture.look = seen("queued");
        passes(SOONEST);
        run();
        passes(SOONEST);
        run();
        passes(Duration.ofHours(2));
        run();
        passes(Duration.ofMinutes(30));
        run();

        assertThat(fixture.looks).isEqualTo(3);
        assertThat(fixture.stored().node()).isEqualTo(Node.WAITING_FOR_CALLBACK);
    }

    @Test
    void incident_26_sent_at_the_end_of_the_wait_is_a_success_with_a_doubt() {
        fixture.recorded("sent");
        fixture.look = seen("sent");
        passes(Duration.ofHours(25));

        assertThat(run().get(Figure.ENDED)).isEqualTo(1);

        assertThat(fixture.stored().node()).isEqualTo(Node.FINAL);
        assertThat(fixture.stored().history()).last().satisfies(entry -> {
            assertThat(entry.source()).isEqualTo(Source.TIMER);
            assertThat(entry.note()).contains("unconfirmed");
        });
    }

    @Test
    void the_last_look_at_the_end_counts() {
        fixture.recorded("sent");
        fixture.look = seen("delivered");
        passes(Duration.ofHours(25));

        assertThat(run().get(Figure.MOVED)).isEqualTo(1);
        assertThat(fixture.stored().status()).contains(new MessageStatus("delivered"));
    }

    @Test
    void a_call_without_a_recorded_answer_is_written_down_as_unknown() {
        passes(Duration.ofMinutes(1));

        run();

        Task task = fixture.stored();
        assertThat(task.node()).isEqualTo(Node.ESCALATION);
        assertThat(task.escalation()).map(Escalation::code).contains("outcome_unknown");
        assertThat(task.history()).last().extracting(HistoryEntry::source).isEqualTo(Source.POLL);
        assertThat(task.pollAt()).isPresent();
    }

    @Test
    void what_nothing_could_heal_stays_unknown_and_is_left_alone_at_its_end() {
        fixture.recordedUnknown(CallFailure.TIMEOUT);
        passes(Duration.ofHours(25));

        run();

        assertThat(fixture.stored().escalation()).map(Escalation::code).contains("timeout");
        assertThat(fixture.stored().pollAt()).isEmpty();
    }

    @Test
    void incident_27_a_look_obeys_the_order_of_statuses() {
        fixture.recorded("queued");
        fixture.look = seen("sent");
        passes(SOONEST);
        fixture.store.before(Call.WRITE, () -> fixture.recorded("delivered"));

        run();

        assertThat(fixture.stored().status()).contains(new MessageStatus("delivered"));
    }

    @Test
    void incident_25_a_task_that_nobody_can_ask_for_ends_all_the_same() {
        PollFixture own = PollFixture.withTask().recorded("queued");
        own.clock.move(SOONEST);
        assertThat(own.run().get(Figure.LOOKED)).isZero();
        own.clock.move(Duration.ofHours(25));
        assertThat(own.run().get(Figure.ENDED)).isEqualTo(1);

        assertThat(own.looks).isZero();
        assertThat(own.code()).isEqualTo("status_timeout");
    }

    @Test
    void incident_16_receipts_that_were_lost_all_the_same_are_made_up_for() {
        fixture.look = seen("delivered");
        fixture.recorded("queued");
        for (int i = 1; i <= 300; i++) {
            fixture.recorded(fixture.alsoHas("lost-" + i, fixture.clock.instant()), "queued");
        }
        passes(SOONEST);

        assertThat(run().get(Figure.MOVED)).isEqualTo(301);
        assertThat(run().get(Figure.LOOKED)).isZero();
    }

    @Test
    void a_task_that_has_moved_on_since_it_was_leased_is_left_alone() {
        fixture.recorded("queued");
        passes(SOONEST);
        fixture.dispatch();
        fixture.recorded("delivered");

        assertThat(fixture.work().figures().get(Figure.LOOKED)).isZero();

        assertThat(fixture.looks).isZero();
        assertThat(fixture.store.calls()).doesNotContain(Call.WRITE);
    }

    @Test
    void a_message_that_is_handed_over_twice_is_worked_on_once() {
        fixture.recorded("queued");
        fixture.look = seen("sent");
        passes(SOONEST);
        fixture.dispatch();
        List<Received> batch = fixture.queue.receive();
        Instant end = fixture.clock.instant().plus(PollFixture.RUN);

        fixture.worker.work(batch, end, fixture.log());
        fixture.worker.work(batch, end, fixture.log());

        assertThat(fixture.looks).isEqualTo(1);
    }

    @Test
    void without_the_time_for_a_look_it_is_put_off() {
        fixture.recorded("queued");
        passes(SOONEST);
        fixture.dispatch();
        Instant end = fixture.clock.instant().plus(Worker.TO_LOOK).minusMillis(1);

        Worker.Worked worked = fixture.worker.work(fixture.queue.receive(), end, fixture.log());

        assertThat(worked.failed()).isEmpty();
        assertThat(worked.figures().get(Figure.PUT_OFF)).isEqualTo(1);
        assertThat(fixture.looks).isZero();
        assertThat(fixture.stored().pollAt()).contains(fixture.clock.instant().plus(Task.NO_ANSWER));
    }

    // Incident 39: a rotated key.

    @Test
    void incident_39_a_rotated_token_is_read_again_and_the_look_is_made() {
        fixture.recorded("queued");
        fixture.look = seen("delivered");
        fixture.secretIsCached();
        fixture.secretBecomes(secret(ROTATED));
        fixture.goodToken = ROTATED;
        passes(SOONEST);

        assertThat(run().get(Figure.MOVED)).isEqualTo(1);

        assertThat(fixture.tokens).containsExactly(TOKEN, ROTATED);
        assertThat(fixture.status()).isEqualTo("delivered");
    }

    @Test
    void incident_39_credentials_that_stay_refused_let_the_account_rest_and_are_logged() {
        fixture.recorded("queued");
        fixture.goodToken = ROTATED;
        for (int i = 0; i < 20; i++) {
            fixture.recorded(fixture.alsoHas("order-" + i, fixture.clock.instant()), "queued");
        }
        passes(SOONEST);

        assertThat(run().get(Figure.PUT_OFF)).isEqualTo(21);

        assertThat(fixture.looks).isEqualTo(2);
        assertThat(fixture.context.lines())
                .isEqualTo("{\"message\":\"looks_rest\",\"AccountSid\":\"" + PollFixture.ACCOUNT
                        + "\",\"reason\":\"refused\"}\n");
        assertThat(fixture.stored().isOpen()).isTrue();
    }

    @Test
    void incident_39_a_delivered_message_is_delivered_even_if_the_token_was_wrong_at_the_end_of_the_wait() {
        fixture.recorded("sent");
        fixture.look = seen("delivered");
        fixture.goodToken = ROTATED;
        passes(Duration.ofHours(25));
        run();
        assertThat(fixture.status()).isEqualTo("sent");
        assertThat(fixture.stored().isOpen()).isTrue();

        fixture.secretBecomes(secret(ROTATED));
        passes(Looks.REST.multipliedBy(2));
        run();

        assertThat(fixture.status()).isEqualTo("delivered");
    }

    // Incident 38: a look that failed is no answer.

    @Test
    void incident_38_a_failed_look_at_the_end_of_the_wait_ends_nothing() {
        fixture.recorded("sent");
        passes(Duration.ofHours(24));
        assertThat(run().get(Figure.ENDED)).isZero();
        assertThat(fixture.stored().isOpen()).isTrue();

        fixture.look = seen("failed");
        passes(Task.NO_ANSWER);
        run();

        assertThat(fixture.status()).isEqualTo("failed");
        assertThat(fixture.stored().node()).isEqualTo(Node.ESCALATION);
    }

    @Test
    void incident_38_a_secret_that_cannot_be_read_at_the_end_of_the_wait_ends_nothing() {
        fixture.recorded("sent");
        fixture.secretCannotBeRead();
        passes(Duration.ofHours(24));

        assertThat(run().get(Figure.PUT_OFF)).isEqualTo(1);

        assertThat(fixture.stored().isOpen()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"sent, Final", "queued, Escalation"})
    void without_any_answer_patience_ends_the_task_six_hours_later(String status, String node) {
        fixture.recorded(status);
        passes(Duration.ofHours(24));
        for (int i = 0; i < 23; i++) {
            run();
            passes(Task.NO_ANSWER);
        }
        run();
        assertThat(fixture.stored().isOpen()).isTrue();

        passes(Task.NO_ANSWER);
        run();

        assertThat(fixture.stored().node().label()).isEqualTo(node);
        assertThat(fixture.stored().isGivenUp()).isTrue();
    }

    @Test
    void incident_38_a_404_ends_nothing_before_a_second_one_ten_minutes_later() {
        fixture.recorded("sending");
        fixture.look = new Look.NotThere();
        passes(SOONEST);
        assertThat(run().get(Figure.PUT_OFF)).isEqualTo(1);
        assertThat(fixture.stored().isOpen()).isTrue();
        assertThat(fixture.stored().history()).last().satisfies(entry -> {
            assertThat(entry.source()).isEqualTo(Source.POLL);
            assertThat(entry.note()).contains("gone");
        });

        passes(Task.NO_ANSWER);
        assertThat(run().get(Figure.ENDED)).isEqualTo(1);

        assertThat(fixture.code()).isEqualTo("status_timeout");
        assertThat(fixture.status()).isEqualTo("sending");
        assertThat(run().get(Figure.LOOKED)).isZero();
    }

    @Test
    void incident_38_a_message_that_is_there_again_is_not_gone() {
        fixture.recorded("queued");
        fixture.look = new Look.NotThere();
        passes(SOONEST);
        run();
        fixture.look = seen("sent");
        passes(Task.NO_ANSWER);
        run();
        fixture.look = new Look.NotThere();
        passes(Duration.ofHours(1));

        run();

        assertThat(fixture.stored().isOpen()).isTrue();
    }

    @Test
    void incident_38_a_first_404_at_the_end_of_the_wait_is_no_answer() {
        fixture.recorded("sent");
        fixture.look = new Look.NotThere();
        passes(Duration.ofHours(24));

        assertThat(run().get(Figure.ENDED)).isZero();
    }

    @Test
    void an_end_that_a_callback_overtook_is_not_counted() {
        fixture.recorded("sending");
        fixture.look = new Look.NotThere();
        passes(SOONEST);
        run();
        passes(Task.NO_ANSWER);
        fixture.store.before(Call.WRITE, () -> fixture.recorded("delivered"));

        assertThat(run().get(Figure.ENDED)).isZero();

        assertThat(fixture.status()).isEqualTo("delivered");
    }

    @Test
    void three_looks_in_a_row_without_an_answer_let_the_account_rest_and_one_good_look_ends_that() {
        fixture.recorded("queued");
        for (int i = 0; i < 20; i++) {
            fixture.recorded(fixture.alsoHas("order-" + i, fixture.clock.instant()), "queued");
        }
        passes(SOONEST);

        assertThat(run().get(Figure.LOOKED)).isEqualTo(Looks.MOST_UNANSWERED);
        assertThat(fixture.states.rests).hasSize(1);

        passes(Looks.REST.multipliedBy(2));
        assertThat(run().get(Figure.LOOKED)).isEqualTo(1);

        fixture.look = seen("sent");
        passes(Looks.REST.multipliedBy(2));
        assertThat(run().get(Figure.MOVED)).isEqualTo(21);
        assertThat(fixture.states.rests).isEmpty();
    }

    private Figures run() {
        return fixture.run();
    }

    private void passes(Duration time) {
        fixture.clock.move(time);
    }
}
