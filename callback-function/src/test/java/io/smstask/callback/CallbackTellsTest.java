package io.smstask.callback;

import static org.assertj.core.api.Assertions.assertThat;

import io.smstask.task.Subscribers;
import io.smstask.task.TaskToken;
import io.smstask.tell.TellSubscribers;
import io.smstask.testing.FaultyStore.Call;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever waits for a task is told how it ended by the callback that ended it, or stays for the poll. */
final class CallbackTellsTest {

    private static final TaskToken FIRST = new TaskToken("first");
    private static final TaskToken SECOND = new TaskToken("second");

    private final CallbackStage stage = CallbackStage.withTask();

    @ParameterizedTest
    @ValueSource(strings = {"delivered", "undelivered", "failed", "canceled", "read"})
    void an_end_resumes_everyone_who_waits(String status) {
        stage.recorded("queued").waitedForBy("first", "second");

        assertThat(receive(status)).isEqualTo(Receipt.APPLIED);

        assertThat(stage.resumed).containsExactlyInAnyOrder(FIRST, SECOND);
        assertThat(stage.stored().subscribers()).isEqualTo(Subscribers.NOBODY);
        assertThat(stage.stored().pollAt()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"queued", "sending", "sent", "partially_delivered"})
    void what_is_no_end_resumes_nobody(String status) {
        stage.recorded("accepted").waitedForBy("first");

        receive(status);

        assertThat(stage.resumed).isEmpty();
        assertThat(stage.stored().subscribers().tokens()).containsExactly(FIRST);
    }

    @Test
    void a_task_that_nobody_waits_for_costs_no_further_call() {
        stage.recorded("queued");

        receive("delivered");

        assertThat(stage.store.calls()).containsExactly(Call.FIND, Call.WRITE);
        assertThat(stage.resumed).isEmpty();
        assertThat(stage.events).isEmpty();
    }

    @Test
    void one_who_begins_to_wait_between_the_read_and_the_write_is_resumed_too() {
        stage.recorded("queued");
        stage.store.before(Call.WRITE, () -> stage.waitedForBy("first"));

        assertThat(receive("delivered")).isEqualTo(Receipt.APPLIED);

        assertThat(stage.resumed).containsExactly(FIRST);
        assertThat(stage.stored().pollAt()).isEmpty();
    }

    @Test
    void while_step_functions_is_down_the_status_stands_and_the_token_stays() {
        stage.recorded("queued").waitedForBy("first");
        stage.othersAreThere = false;

        assertThat(receive("delivered")).isEqualTo(Receipt.APPLIED);

        assertThat(stage.status()).isEqualTo("delivered");
        assertThat(stage.stored().subscribers().tokens()).containsExactly(FIRST);
        assertThat(stage.stored().pollAt()).isPresent();
    }

    @Test
    void a_repeated_callback_resumes_who_was_left() {
        stage.recorded("queued").waitedForBy("first");
        stage.othersAreThere = false;
        receive("delivered");
        stage.othersAreThere = true;

        assertThat(receive("delivered")).isEqualTo(Receipt.NOTED);

        assertThat(stage.resumed).containsExactly(FIRST, FIRST);
        assertThat(stage.stored().pollAt()).isEmpty();
    }

    @Test
    void twilio_s_answer_is_not_kept_waiting_by_many_who_wait() {
        stage.recorded("queued").waitedForBy("1", "2", "3", "4", "5");
        stage.timeToResume = Duration.ofMillis(400);

        assertThat(receive("delivered")).isEqualTo(Receipt.APPLIED);

        // 0.6 s are for telling; with less than a tenth of a second left no call is begun.
        assertThat(stage.resumed).hasSize(2);
        assertThat(stage.stored().subscribers().tokens()).hasSize(3);
        assertThat(stage.stored().pollAt()).isPresent();
    }

    @Test
    void nobody_is_told_when_the_reading_and_writing_took_all_the_time() {
        stage.recorded("queued").waitedForBy("first");
        stage.store.before(Call.WRITE, () -> stage.clock.move(Duration.ofMillis(4750)));

        assertThat(receive("delivered")).isEqualTo(Receipt.APPLIED);

        assertThat(stage.resumed).isEmpty();
        assertThat(stage.stored().pollAt()).isPresent();
    }

    @Test
    void whoever_was_told_but_could_not_be_struck_off_is_told_again() {
        stage.recorded("queued").waitedForBy("first");
        stage.store.before(Call.WRITE, () -> {});
        stage.store.failOnce(Call.WRITE);

        assertThat(receive("delivered")).isEqualTo(Receipt.APPLIED);
        assertThat(stage.stored().subscribers().tokens()).containsExactly(FIRST);
        assertThat(receive("delivered")).isEqualTo(Receipt.NOTED);

        assertThat(stage.resumed).containsExactly(FIRST, FIRST);
        assertThat(stage.stored().pollAt()).isEmpty();
    }

    @Test
    void one_who_comes_while_others_are_told_is_left_to_the_poll() {
        stage.recorded("queued").waitedForBy("first");
        stage.store.before(Call.WRITE, () -> {});
        stage.store.before(Call.WRITE, () -> stage.waitedForBy("second"));

        receive("delivered");

        assertThat(stage.resumed).containsExactly(FIRST);
        assertThat(stage.stored().subscribers().tokens()).contains(SECOND);
        assertThat(stage.stored().pollAt()).isPresent();
    }

    @Test
    void an_end_is_put_on_the_bus_once() {
        stage.withEvent().recorded("queued");

        receive("delivered");
        receive("delivered");

        assertThat(stage.events).containsExactly("delivered");
        assertThat(stage.stored().pollAt()).isEmpty();
    }

    @Test
    void a_further_end_is_put_on_the_bus_too() {
        stage.withEvent().recorded("queued");

        receive("delivered");
        receive("read");

        assertThat(stage.events).containsExactly("delivered", "read");
    }

    @Test
    void without_a_bus_an_event_that_was_wanted_is_let_go() {
        stage.withEvent().recorded("failed");
        stage.clock.move(Duration.ofSeconds(10));

        new TellSubscribers(stage.store, (token, task, limit) -> true, Optional.empty(), stage.clock)
                .tell(stage.stored(), stage.clock.instant().plusSeconds(1));

        assertThat(stage.stored().subscribers()).isEqualTo(Subscribers.NOBODY);
        assertThat(stage.stored().pollAt()).isEmpty();
    }

    private Receipt receive(String status) {
        return stage.receive(ACallback.aCallback(status));
    }
}
