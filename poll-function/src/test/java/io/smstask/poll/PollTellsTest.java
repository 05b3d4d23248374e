package io.smstask.poll;

import static org.assertj.core.api.Assertions.assertThat;

import io.smstask.task.CallFailure;
import io.smstask.task.Node;
import io.smstask.task.Subscribers;
import io.smstask.task.TaskToken;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Whoever waits for a task and was not told of its end is told by the poll. */
final class PollTellsTest {

    private static final TaskToken FIRST = new TaskToken("first");
    private static final TaskToken SECOND = new TaskToken("second");
    private static final Duration RUN = Duration.ofSeconds(50);

    private final PollStage stage = PollStage.withTask();

    @Test
    void the_poll_resumes_who_was_left_and_asks_twilio_nothing() {
        stage.recorded("queued").waitedForBy("first", "second");
        stage.recorded("delivered");
        stage.clock.move(Duration.ofSeconds(10));

        stage.poll.run(stage.clock.instant().plus(RUN));

        assertThat(stage.resumed).containsExactlyInAnyOrder(FIRST, SECOND);
        assertThat(stage.looks).isZero();
        assertThat(stage.stored().subscribers()).isEqualTo(Subscribers.NOBODY);
        assertThat(stage.stored().pollAt()).isEmpty();
    }

    @Test
    void a_crash_between_the_end_and_the_telling_is_repaired_by_the_poll() {
        stage.recorded("queued").waitedForBy("first");
        // What a killed callback leaves behind: the write, and nothing after it.
        stage.recorded("delivered");
        assertThat(stage.resumed).isEmpty();
        stage.clock.move(Duration.ofSeconds(10));

        stage.poll.run(stage.clock.instant().plus(RUN));

        assertThat(stage.resumed).containsExactly(FIRST);
        assertThat(stage.stored().pollAt()).isEmpty();
    }

    @Test
    void while_nobody_can_be_told_the_poll_tries_ever_more_seldom() {
        stage.recorded("queued").waitedForBy("first");
        stage.recorded("delivered");
        stage.othersAreThere = false;
        stage.clock.move(Duration.ofHours(1));

        stage.poll.run(stage.clock.instant().plus(RUN));

        assertThat(stage.stored().pollAt()).contains(stage.clock.instant().plus(Duration.ofMinutes(30)));
        assertThat(stage.stored().node()).isEqualTo(Node.FINAL);
    }

    @Test
    void the_end_of_a_done_task_is_not_written_again_when_it_is_due() {
        stage.recorded("queued").waitedForBy("first");
        stage.recorded("delivered");
        stage.othersAreThere = false;
        stage.clock.move(Duration.ofDays(2));

        stage.poll.run(stage.clock.instant().plus(RUN));

        assertThat(stage.status()).isEqualTo("delivered");
        assertThat(stage.stored().node()).isEqualTo(Node.FINAL);
        assertThat(stage.stored().isGivenUp()).isFalse();
    }

    @Test
    void an_end_of_our_own_making_resumes_too() {
        stage.recorded("queued").waitedForBy("first");
        stage.clock.move(Duration.ofHours(24));

        stage.poll.run(stage.clock.instant().plus(RUN));

        assertThat(stage.code()).isEqualTo("status_timeout");
        assertThat(stage.resumed).containsExactly(FIRST);
        assertThat(stage.stored().pollAt()).isEmpty();
    }

    @Test
    void an_unknown_outcome_resumes_when_it_is_given_up() {
        stage.recordedUnknown(CallFailure.TIMEOUT).waitedForBy("first");
        stage.othersAreThere = false;
        stage.clock.move(Duration.ofHours(24));
        stage.poll.run(stage.clock.instant().plus(RUN));
        assertThat(stage.stored().subscribers().tokens()).containsExactly(FIRST);
        int entries = stage.stored().history().size();

        stage.othersAreThere = true;
        stage.clock.move(Duration.ofMinutes(1));
        stage.poll.run(stage.clock.instant().plus(RUN));

        assertThat(stage.resumed).containsExactly(FIRST, FIRST);
        assertThat(stage.stored().history()).hasSize(entries);
        assertThat(stage.stored().pollAt()).isEmpty();
    }

    @Test
    void an_event_that_the_bus_did_not_take_is_put_there_by_the_poll() {
        stage.withEvent().recorded("queued");
        stage.recorded("delivered");
        stage.clock.move(Duration.ofSeconds(10));

        stage.poll.run(stage.clock.instant().plus(RUN));

        assertThat(stage.events).containsExactly("delivered");
        assertThat(stage.stored().pollAt()).isEmpty();
    }

    @Test
    void an_end_that_the_sender_wrote_is_put_on_the_bus_by_the_poll() {
        stage.withEvent().recorded("failed");
        stage.clock.move(Duration.ofSeconds(10));

        stage.poll.run(stage.clock.instant().plus(RUN));

        assertThat(stage.events).containsExactly("failed");
        assertThat(stage.stored().pollAt()).isEmpty();
    }
}
