package io.smstask.poll;

import static io.smstask.poll.PollFixture.TOKEN;
import static io.smstask.poll.PollFixture.secret;
import static org.assertj.core.api.Assertions.assertThat;

import io.smstask.poll.MessageReader.Look;
import io.smstask.task.CallFailure;
import io.smstask.task.Escalation;
import io.smstask.task.HistoryEntry;
import io.smstask.task.MessageSid;
import io.smstask.task.MessageStatus;
import io.smstask.task.Node;
import io.smstask.task.Source;
import io.smstask.task.Task;
import io.smstask.task.TaskId;
import io.smstask.task.UnreadableTask;
import io.smstask.testing.FaultyStore.Call;
import io.smstask.twilio.TwilioMessage;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A lost callback loses no outcome. */
class PollTest {

    private static final Duration LONG = Duration.ofSeconds(50);

    private final PollFixture fixture = PollFixture.withTaskOfTheStack(secret(TOKEN));

    @Test
    void incident_25_a_lost_callback_is_made_up_for() {
        fixture.recorded("queued");
        fixture.look = seen("delivered");
        passes(Duration.ofMinutes(10));

        assertThat(run()).isEqualTo(new Poll.Run(1, 1, 0, List.of(), false));

        Task task = fixture.stored();
        assertThat(task.node()).isEqualTo(Node.FINAL);
        assertThat(task.status()).contains(new MessageStatus("delivered"));
        assertThat(task.history()).last().extracting(HistoryEntry::source).isEqualTo(Source.POLL);
        assertThat(run().looked()).isZero();
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
        passes(Duration.ofMinutes(10));

        run();

        assertThat(fixture.stored().escalation()).map(Escalation::code).contains("30005");
        assertThat(fixture.stored().escalation().orElseThrow().message())
                .isEqualTo("The number is unknown to the carrier: it may no longer exist."
                        + " Twilio says: No such number, said Basic ***");
    }

    @Test
    void nobody_is_asked_before_a_callback_is_overdue() {
        fixture.recorded("queued");
        passes(Duration.ofMinutes(9));

        assertThat(run().looked()).isZero();
        assertThat(fixture.looks).isZero();
    }

    @Test
    void the_same_status_again_is_asked_for_ever_more_seldom() {
        fixture.recorded("queued");
        fixture.look = seen("queued");
        passes(Duration.ofMinutes(10));
        run();
        passes(Duration.ofMinutes(10));
        run();
        passes(Duration.ofHours(2));
        run();
        passes(Duration.ofMinutes(30));
        run();

        assertThat(fixture.looks).isEqualTo(3);
        assertThat(fixture.stored().node()).isEqualTo(Node.WAITING_FOR_CALLBACK);
    }

    @Test
    void incident_27_a_rate_limit_marks_nothing_and_the_next_run_goes_on() {
        fixture.recorded("queued");
        fixture.look = new Look.RateLimited();
        passes(Duration.ofMinutes(10));
        Task before = fixture.stored();

        assertThat(run()).isEqualTo(new Poll.Run(0, 0, 0, List.of(), true));

        assertThat(fixture.stored()).isEqualTo(before);
        fixture.look = seen("delivered");
        assertThat(run().moved()).isEqualTo(1);
    }

    @Test
    void incident_27_a_rate_limit_does_not_hold_up_the_end_of_a_task_for_more_than_an_hour() {
        fixture.recorded("queued");
        fixture.look = new Look.RateLimited();
        passes(Duration.ofHours(24));
        assertThat(run().ended()).isZero();

        passes(Poll.PATIENCE);

        assertThat(run().ended()).isEqualTo(1);
        assertThat(fixture.code()).isEqualTo("status_timeout");
    }

    @Test
    void incident_27_a_rate_limit_holds_up_its_own_accounts_looks_only() {
        fixture.recorded("queued");
        fixture.look = new Look.RateLimited();
        fixture.recorded(fixture.alsoHas("same-account", fixture.clock.instant()), "sent");
        TaskId unasked = fixture.alsoHas("never-answered", fixture.clock.instant());
        passes(Duration.ofMinutes(10));

        assertThat(run()).isEqualTo(new Poll.Run(1, 0, 0, List.of(), true));

        assertThat(fixture.looks).isEqualTo(1);
        assertThat(fixture.store.undisturbed().find(unasked).orElseThrow().escalation())
                .map(Escalation::code)
                .contains("outcome_unknown");
    }

    @Test
    void incident_27_a_sid_that_twilio_does_not_know_ends_softly_and_is_asked_for_once() {
        fixture.recorded("sending");
        fixture.look = new Look.NotThere();
        passes(Duration.ofMinutes(10));

        assertThat(run().ended()).isEqualTo(1);

        assertThat(fixture.stored().escalation()).map(Escalation::code).contains("status_timeout");
        assertThat(fixture.stored().status()).contains(new MessageStatus("sending"));
        assertThat(run().looked()).isZero();
    }

    @Test
    void an_answer_that_cannot_be_read_is_asked_for_again_later() {
        fixture.recorded("queued");
        passes(Duration.ofMinutes(10));

        assertThat(run()).isEqualTo(new Poll.Run(1, 0, 0, List.of(), false));

        assertThat(fixture.stored().node()).isEqualTo(Node.WAITING_FOR_CALLBACK);
        assertThat(run().looked()).isZero();
    }

    @Test
    void incident_16_receipts_that_were_lost_all_the_same_are_made_up_for_by_the_next_runs() {
        fixture.look = seen("delivered");
        fixture.recorded("queued");
        for (int i = 1; i <= Poll.LIMIT; i++) {
            fixture.recorded(fixture.alsoHas("lost-" + i, fixture.clock.instant()), "queued");
        }
        passes(Duration.ofMinutes(10));

        assertThat(run().moved() + run().moved()).isEqualTo(Poll.LIMIT + 1);
        assertThat(run().looked()).isZero();
    }

    @Test
    void incident_26_sent_at_the_end_of_the_wait_is_a_success_with_a_doubt() {
        fixture.recorded("sent");
        fixture.look = seen("sent");
        passes(Duration.ofHours(25));

        assertThat(run().ended()).isEqualTo(1);

        assertThat(fixture.stored().node()).isEqualTo(Node.FINAL);
        assertThat(fixture.stored().history()).last().satisfies(entry -> {
            assertThat(entry.source()).isEqualTo(Source.TIMER);
            assertThat(entry.note()).contains("unconfirmed");
        });
    }

    @Test
    void incident_25_a_task_that_nobody_can_ask_for_ends_all_the_same() {
        PollFixture own = PollFixture.withTask().recorded("queued");
        own.clock.move(Duration.ofMinutes(10));
        own.poll.run(own.clock.instant().plus(LONG));
        own.clock.move(Duration.ofHours(25));
        own.poll.run(own.clock.instant().plus(LONG));

        assertThat(own.looks).isZero();
        assertThat(own.stored().escalation()).map(Escalation::code).contains("status_timeout");
    }

    @Test
    void the_last_look_at_the_end_counts() {
        fixture.recorded("sent");
        fixture.look = seen("delivered");
        passes(Duration.ofHours(25));

        assertThat(run().moved()).isEqualTo(1);
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
        passes(Duration.ofMinutes(10));
        fixture.store.before(Call.WRITE, () -> fixture.recorded("delivered"));

        run();

        assertThat(fixture.stored().status()).contains(new MessageStatus("delivered"));
    }

    @Test
    void a_task_that_has_moved_on_since_it_was_listed_is_left_alone() {
        for (String status : List.of("sending", "delivered")) {
            PollFixture listed = PollFixture.withTaskOfTheStack(secret(TOKEN)).recorded("queued");
            listed.clock.move(Duration.ofMinutes(10));
            listed.store.before(Call.FIND, () -> listed.recorded(status));

            Poll.Run run = listed.poll.run(listed.clock.instant().plus(LONG));

            assertThat(run).isEqualTo(new Poll.Run(0, 0, 0, List.of(), false));
            assertThat(listed.looks).isZero();
            assertThat(listed.store.calls()).doesNotContain(Call.WRITE);
        }
    }

    @Test
    void a_task_is_not_begun_without_the_time_to_finish_it() {
        fixture.recorded("queued");
        passes(Duration.ofMinutes(10));

        Poll.Run run = fixture.poll.run(fixture.clock.instant().plus(Poll.LEAST).minusMillis(1));

        assertThat(run).isEqualTo(new Poll.Run(0, 0, 0, List.of(), true));
        assertThat(fixture.looks).isZero();
    }

    @Test
    void just_enough_time_is_enough() {
        fixture.recorded("queued");
        fixture.look = seen("delivered");
        passes(Duration.ofMinutes(10));

        Poll.Run run = fixture.poll.run(fixture.clock.instant().plus(Poll.LEAST));

        assertThat(run).isEqualTo(new Poll.Run(1, 1, 0, List.of(), false));
    }

    @Test
    void an_outage_cuts_the_run_short() {
        fixture.recorded("queued");
        passes(Duration.ofMinutes(10));
        fixture.store.failOnce(Call.FIND);

        assertThat(run().isCutShort()).isTrue();
        assertThat(run().isCutShort()).isFalse();
    }

    @Test
    void a_task_that_cannot_be_read_is_counted_set_aside_and_stops_nobody() {
        fixture.recorded("queued");
        fixture.look = seen("delivered");
        passes(Duration.ofMinutes(10));
        TaskId unreadable = fixture.alsoHas("corrupt", fixture.clock.instant().minusSeconds(60));
        fixture.store.before(Call.FIND, () -> {
            throw new UnreadableTask(unreadable);
        });

        assertThat(run()).isEqualTo(new Poll.Run(1, 1, 0, List.of(unreadable), false));

        assertThat(fixture.store.undisturbed().toPoll(fixture.clock.instant(), 10))
                .isEmpty();
        passes(Poll.SET_ASIDE);
        assertThat(fixture.store.undisturbed().toPoll(fixture.clock.instant(), 10))
                .containsExactly(unreadable);
    }

    @Test
    void more_unreadable_tasks_than_a_run_takes_do_not_keep_the_others_waiting_for_ever() {
        fixture.recorded("queued");
        fixture.look = seen("delivered");
        passes(Duration.ofMinutes(10));
        for (int i = 0; i < Poll.LIMIT; i++) {
            TaskId unreadable =
                    fixture.alsoHas("corrupt-" + i, fixture.clock.instant().minusSeconds(60));
            fixture.store.before(Call.FIND, () -> {
                throw new UnreadableTask(unreadable);
            });
        }

        assertThat(run().unreadable()).hasSize(Poll.LIMIT);
        assertThat(run()).isEqualTo(new Poll.Run(1, 1, 0, List.of(), false));
    }

    @Test
    void an_end_that_a_callback_overtook_is_not_counted() {
        fixture.recorded("sending");
        fixture.look = new Look.NotThere();
        passes(Duration.ofMinutes(10));
        fixture.store.before(Call.WRITE, () -> fixture.recorded("delivered"));

        assertThat(run()).isEqualTo(new Poll.Run(1, 0, 0, List.of(), false));

        assertThat(fixture.stored().status()).contains(new MessageStatus("delivered"));
    }

    private Poll.Run run() {
        return fixture.poll.run(fixture.clock.instant().plus(LONG));
    }

    private void passes(Duration time) {
        fixture.clock.move(time);
    }

    private static Look seen(String status) {
        return new Look.Seen(new TwilioMessage(
                new MessageSid(PollFixture.SID),
                new MessageStatus(status),
                Optional.empty(),
                Optional.empty(),
                Optional.of(1)));
    }
}
