package io.smstask.callback;

import static org.assertj.core.api.Assertions.assertThat;

import io.smstask.task.Subscribers;
import io.smstask.task.TaskToken;
import io.smstask.tell.TellSubscribers;
import io.smstask.testing.FaultyStore.Call;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The callback that ends a task notifies its subscribers, or leaves them to the poll. */
final class CallbackTellsTest {

    private static final TaskToken FIRST = new TaskToken("first");
    private static final TaskToken SECOND = new TaskToken("second");

    private final CallbackFixture fixture = CallbackFixture.withTask();

    @ParameterizedTest
    @ValueSource(strings = {"delivered", "undelivered", "failed", "canceled", "read"})
    void an_end_resumes_everyone_who_waits(String status) {
        fixture.recorded("queued").waitedForBy("first", "second");

        assertThat(receive(status)).isEqualTo(CallbackReply.APPLIED);

        assertThat(fixture.resumed).containsExactlyInAnyOrder(FIRST, SECOND);
        assertThat(fixture.stored().subscribers()).isEqualTo(Subscribers.NOBODY);
        assertThat(fixture.stored().pollAt()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"queued", "sending", "sent", "partially_delivered"})
    void what_is_no_end_resumes_nobody(String status) {
        fixture.recorded("accepted").waitedForBy("first");

        receive(status);

        assertThat(fixture.resumed).isEmpty();
        assertThat(fixture.stored().subscribers().tokens()).containsExactly(FIRST);
    }

    @Test
    void a_task_that_nobody_waits_for_costs_no_further_call() {
        fixture.recorded("queued");

        receive("delivered");

        assertThat(fixture.store.calls()).containsExactly(Call.FIND, Call.WRITE);
        assertThat(fixture.resumed).isEmpty();
        assertThat(fixture.events).isEmpty();
    }

    @Test
    void one_who_begins_to_wait_between_the_read_and_the_write_is_resumed_too() {
        fixture.recorded("queued");
        fixture.store.before(Call.WRITE, () -> fixture.waitedForBy("first"));

        assertThat(receive("delivered")).isEqualTo(CallbackReply.APPLIED);

        assertThat(fixture.resumed).containsExactly(FIRST);
        assertThat(fixture.stored().pollAt()).isEmpty();
    }

    @Test
    void while_step_functions_is_down_the_status_stands_and_the_token_stays() {
        fixture.recorded("queued").waitedForBy("first");
        fixture.othersAreThere = false;

        assertThat(receive("delivered")).isEqualTo(CallbackReply.APPLIED);

        assertThat(fixture.status()).isEqualTo("delivered");
        assertThat(fixture.stored().subscribers().tokens()).containsExactly(FIRST);
        assertThat(fixture.stored().pollAt()).isPresent();
    }

    @Test
    void a_repeated_callback_resumes_who_was_left() {
        fixture.recorded("queued").waitedForBy("first");
        fixture.othersAreThere = false;
        receive("delivered");
        fixture.othersAreThere = true;

        assertThat(receive("delivered")).isEqualTo(CallbackReply.NOTED);

        assertThat(fixture.resumed).containsExactly(FIRST, FIRST);
        assertThat(fixture.stored().pollAt()).isEmpty();
    }

    @Test
    void twilio_s_answer_is_not_kept_waiting_by_many_who_wait() {
        fixture.recorded("queued").waitedForBy("1", "2", "3", "4", "5");
        fixture.timeToResume = Duration.ofMillis(400);

        assertThat(receive("delivered")).isEqualTo(CallbackReply.APPLIED);

        // There are 0.6 s for notifying, and no call begins with less than 0.1 s left.
        assertThat(fixture.resumed).hasSize(2);
        assertThat(fixture.stored().subscribers().tokens()).hasSize(3);
        assertThat(fixture.stored().pollAt()).isPresent();
    }

    @Test
    void nobody_is_told_when_the_reading_and_writing_took_all_the_time() {
        fixture.recorded("queued").waitedForBy("first");
        fixture.store.before(Call.WRITE, () -> fixture.clock.move(Duration.ofMillis(4750)));

        assertThat(receive("delivered")).isEqualTo(CallbackReply.APPLIED);

        assertThat(fixture.resumed).isEmpty();
        assertThat(fixture.stored().pollAt()).isPresent();
    }

    @Test
    void whoever_was_told_but_could_not_be_struck_off_is_told_again() {
        fixture.recorded("queued").waitedForBy("first");
        fixture.store.before(Call.WRITE, () -> {});
        fixture.store.failOnce(Call.WRITE);

        assertThat(receive("delivered")).isEqualTo(CallbackReply.APPLIED);
        assertThat(fixture.stored().subscribers().tokens()).containsExactly(FIRST);
        assertThat(receive("delivered")).isEqualTo(CallbackReply.NOTED);

        assertThat(fixture.resumed).containsExactly(FIRST, FIRST);
        assertThat(fixture.stored().pollAt()).isEmpty();
    }

    @Test
    void one_who_comes_while_others_are_told_is_left_to_the_poll() {
        fixture.recorded("queued").waitedForBy("first");
        fixture.store.before(Call.WRITE, () -> {});
        fixture.store.before(Call.WRITE, () -> fixture.waitedForBy("second"));

        receive("delivered");

        assertThat(fixture.resumed).containsExactly(FIRST);
        assertThat(fixture.stored().subscribers().tokens()).contains(SECOND);
        assertThat(fixture.stored().pollAt()).isPresent();
    }

    @Test
    void an_end_is_put_on_the_bus_once() {
        fixture.withEvent().recorded("queued");

        receive("delivered");
        receive("delivered");

        assertThat(fixture.events).containsExactly("delivered");
        assertThat(fixture.stored().pollAt()).isEmpty();
    }

    @Test
    void a_further_end_is_put_on_the_bus_too() {
        fixture.withEvent().recorded("queued");

        receive("delivered");
        receive("read");

        assertThat(fixture.events).containsExactly("delivered", "read");
    }

    @Test
    void without_a_bus_an_event_that_was_wanted_is_let_go() {
        fixture.withEvent().recorded("failed");
        fixture.clock.move(Duration.ofSeconds(10));

        new TellSubscribers(fixture.store, (token, task, limit) -> true, fixture.clock)
                .tell(fixture.stored(), fixture.clock.instant().plusSeconds(1));

        assertThat(fixture.stored().subscribers()).isEqualTo(Subscribers.NOBODY);
        assertThat(fixture.stored().pollAt()).isEmpty();
    }

    private CallbackReply receive(String status) {
        return fixture.receive(SampleCallback.aCallback(status));
    }
}
