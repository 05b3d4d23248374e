package io.smstask.poll;

import static org.assertj.core.api.Assertions.assertThat;

import io.smstask.task.CallFailure;
import io.smstask.task.Node;
import io.smstask.task.Subscribers;
import io.smstask.task.TaskToken;
import io.smstask.testing.FaultyStore.Call;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The poll notifies the subscribers that are left after a task's end. */
final class PollTellsTest {

    private static final TaskToken FIRST = new TaskToken("first");
    private static final TaskToken SECOND = new TaskToken("second");

    private final PollFixture fixture = PollFixture.withTask();

    @Test
    void the_poll_resumes_who_was_left_and_asks_twilio_nothing() {
        fixture.recorded("queued").waitedForBy("first", "second");
        fixture.recorded("delivered");
        fixture.clock.move(Duration.ofSeconds(10));

        fixture.run();

        assertThat(fixture.resumed).containsExactlyInAnyOrder(FIRST, SECOND);
        assertThat(fixture.looks).isZero();
        assertThat(fixture.stored().subscribers()).isEqualTo(Subscribers.NOBODY);
        assertThat(fixture.stored().pollAt()).isEmpty();
    }

    @Test
    void a_crash_between_the_end_and_the_telling_is_repaired_by_the_poll() {
        fixture.recorded("queued").waitedForBy("first");
        // As if callback-function had been killed after the write.
        fixture.recorded("delivered");
        assertThat(fixture.resumed).isEmpty();
        fixture.clock.move(Duration.ofSeconds(10));

        fixture.run();

        assertThat(fixture.resumed).containsExactly(FIRST);
        assertThat(fixture.stored().pollAt()).isEmpty();
    }

    @Test
    void while_nobody_can_be_told_the_poll_tries_ever_more_seldom() {
        fixture.recorded("queued").waitedForBy("first");
        fixture.recorded("delivered");
        fixture.othersAreThere = false;
        fixture.clock.move(Duration.ofHours(1));

        fixture.run();

        assertThat(fixture.stored().pollAt()).contains(fixture.clock.instant().plus(Duration.ofMinutes(30)));
        assertThat(fixture.stored().node()).isEqualTo(Node.FINAL);
    }

    @Test
    void the_end_of_a_done_task_is_not_written_again_when_it_is_due() {
        fixture.recorded("queued").waitedForBy("first");
        fixture.recorded("delivered");
        fixture.othersAreThere = false;
        fixture.clock.move(Duration.ofDays(2));

        fixture.run();

        assertThat(fixture.status()).isEqualTo("delivered");
        assertThat(fixture.stored().node()).isEqualTo(Node.FINAL);
        assertThat(fixture.stored().isGivenUp()).isFalse();
    }

    @Test
    void an_end_of_our_own_making_resumes_too() {
        fixture.recorded("queued").waitedForBy("first");
        fixture.clock.move(Duration.ofHours(24));

        fixture.run();

        assertThat(fixture.code()).isEqualTo("status_timeout");
        assertThat(fixture.resumed).containsExactly(FIRST);
        assertThat(fixture.stored().pollAt()).isEmpty();
    }

    @Test
    void an_unknown_outcome_resumes_when_it_is_given_up() {
        fixture.recordedUnknown(CallFailure.TIMEOUT).waitedForBy("first");
        fixture.othersAreThere = false;
        fixture.clock.move(Duration.ofHours(24));
        fixture.run();
        assertThat(fixture.stored().subscribers().tokens()).containsExactly(FIRST);
        int entries = fixture.stored().history().size();

        fixture.othersAreThere = true;
        fixture.clock.move(Duration.ofMinutes(1));
        fixture.run();

        assertThat(fixture.resumed).containsExactly(FIRST, FIRST);
        assertThat(fixture.stored().history()).hasSize(entries);
        assertThat(fixture.stored().pollAt()).isEmpty();
    }

    @Test
    void an_event_that_the_bus_did_not_take_is_put_there_by_the_poll() {
        fixture.withEvent().recorded("queued");
        fixture.recorded("delivered");
        fixture.clock.move(Duration.ofSeconds(10));

        fixture.run();

        assertThat(fixture.events).containsExactly("delivered");
        assertThat(fixture.stored().pollAt()).isEmpty();
    }

    @Test
    void an_end_that_the_sender_wrote_is_put_on_the_bus_by_the_poll() {
        fixture.withEvent().recorded("failed");
        fixture.clock.move(Duration.ofSeconds(10));

        fixture.run();

        assertThat(fixture.events).containsExactly("failed");
        assertThat(fixture.stored().pollAt()).isEmpty();
    }

    @Test
    void incident_37_a_bus_that_is_down_keeps_no_execution_waiting() {
        for (int i = 0; i < 20; i++) {
            fixture.alsoHasEnded("event-" + i, true, "token-" + i);
        }
        fixture.busIsThere = false;
        fixture.clock.move(Duration.ofHours(1));

        fixture.run();

        assertThat(fixture.resumed).hasSize(20);
        assertThat(fixture.events).hasSize(Worker.MOST_UNTOLD);
    }

    @Test
    void incident_37_executions_that_cannot_be_resumed_hold_up_no_event() {
        for (int i = 0; i < 20; i++) {
            fixture.alsoHasEnded("token-" + i, false, "token-" + i);
            fixture.alsoHasEnded("event-" + i, true);
        }
        fixture.executionsAreThere = false;
        fixture.clock.move(Duration.ofHours(1));

        fixture.run();

        assertThat(fixture.resumed).hasSize(Worker.MOST_UNTOLD);
        assertThat(fixture.events).hasSize(20);
    }

    @Test
    void one_who_comes_while_others_are_told_is_told_ten_seconds_later() {
        fixture.recorded("queued").waitedForBy("first");
        fixture.recorded("delivered");
        fixture.clock.move(Duration.ofSeconds(10));
        fixture.store.before(Call.WRITE, () -> fixture.waitedForBy("second"));
        fixture.run();
        assertThat(fixture.stored().subscribers().tokens()).containsExactly(SECOND);

        fixture.clock.move(Duration.ofSeconds(10));
        fixture.run();

        assertThat(fixture.resumed).containsExactly(FIRST, SECOND);
    }

    @Test
    void one_who_comes_while_nobody_can_be_told_does_not_wait_for_the_end_of_the_lease() {
        fixture.recorded("queued").waitedForBy("first");
        fixture.recorded("delivered");
        fixture.othersAreThere = false;
        fixture.clock.move(Duration.ofSeconds(10));
        fixture.store.before(Call.WRITE, () -> fixture.waitedForBy("second"));
        fixture.run();
        fixture.othersAreThere = true;

        fixture.clock.move(Duration.ofSeconds(10));
        fixture.run();

        assertThat(fixture.resumed).containsExactly(FIRST, FIRST, SECOND);
    }

    @Test
    void a_task_of_which_nobody_is_left_to_be_told_leaves_the_index() {
        fixture.recorded("queued");
        fixture.recorded("delivered");
        fixture.store.undisturbed().replace(fixture.stored(), fixture.stored().polledAt(fixture.clock.instant()));

        fixture.run();

        assertThat(fixture.stored().pollAt()).isEmpty();
    }
}
