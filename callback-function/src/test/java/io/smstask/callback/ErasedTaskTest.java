package io.smstask.callback;

import static org.assertj.core.api.Assertions.assertThat;

import io.smstask.task.CallFailure;
import io.smstask.task.Task;
import io.smstask.testing.FaultyStore.Call;
import io.smstask.testing.TaskFixture;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Callbacks for a task that has lost its texts, or was erased. */
final class ErasedTaskTest {

    private final CallbackFixture fixture = CallbackFixture.withTask();

    @ParameterizedTest
    @ValueSource(strings = {"delivered", "queued", "read", "partially_delivered"})
    void a_callback_with_the_key_is_taken_and_writes_nothing(String status) {
        fixture.recorded("delivered");
        erase();
        Task erased = fixture.stored();

        assertThat(receive(status)).isEqualTo(CallbackReply.ERASED);

        assertThat(CallbackReply.ERASED.httpStatus()).isEqualTo(204);
        assertThat(fixture.stored()).isEqualTo(erased);
        assertThat(fixture.store.calls()).containsExactly(Call.FIND);
    }

    @Test
    void so_is_one_for_a_task_that_the_stack_sent() {
        CallbackFixture ofStack = CallbackFixture.withTaskOfTheStack(TaskFixture.secret(TaskFixture.TOKEN));
        ofStack.recorded("delivered");
        ofStack.store.undisturbed().replace(ofStack.stored(), ofStack.stored().erased(ofStack.clock.instant()));

        assertThat(ofStack.receive(SampleCallback.aCallback("read"))).isEqualTo(CallbackReply.ERASED);
        assertThat(ofStack.secretReads()).isZero();
    }

    @Test
    void any_other_key_finds_no_task() {
        fixture.recorded("delivered");
        erase();

        String other = "/nvp/callback/" + "A".repeat(43) + "/" + TaskFixture.ID;
        assertThat(fixture.receive(SampleCallback.aCallback("read").to(other))).isEqualTo(CallbackReply.NO_SUCH_TASK);
    }

    @Test
    void a_task_that_is_erased_between_the_read_and_the_write_stays_so() {
        fixture.recorded("delivered");
        fixture.store.before(Call.WRITE, this::erase);

        // The log counts it as refused: it is no conflict.
        assertThat(fixture.result(SampleCallback.aCallback("read").request()))
                .isEqualTo(new CallbackResult.Refused(CallbackReply.ERASED));

        assertThat(fixture.stored().isErased()).isTrue();
        assertThat(fixture.store.calls()).containsExactly(Call.FIND, Call.WRITE);
    }

    @Test
    void an_unknown_outcome_that_was_erased_is_not_healed() {
        fixture.recordedUnknown(CallFailure.TIMEOUT);
        fixture.clock.move(Duration.ofHours(24));
        erase();

        assertThat(receive("delivered")).isEqualTo(CallbackReply.ERASED);
        assertThat(fixture.code()).isEqualTo("timeout");
    }

    @Test
    void the_callback_that_ends_a_task_removes_its_texts_in_the_same_write() {
        fixture.recorded("queued");

        receive("delivered");

        assertThat(fixture.stored().sms().body()).isEmpty();
        assertThat(fixture.stored().bodyLength()).contains(30);
        assertThat(fixture.store.calls()).containsExactly(Call.FIND, Call.WRITE);
    }

    @Test
    void whoever_waits_is_told_the_task_with_its_texts_and_then_they_go() {
        fixture.withEvent().recorded("queued").waitedForBy("first");

        receive("delivered");

        assertThat(fixture.told)
                .hasSize(2)
                .allSatisfy(task -> assertThat(task.sms().body()).isPresent());
        assertThat(fixture.stored().sms().body()).isEmpty();
    }

    @Test
    void while_somebody_is_left_to_notify_the_texts_stay() {
        fixture.recorded("queued").waitedForBy("first");
        fixture.othersAreThere = false;

        receive("delivered");
        assertThat(fixture.stored().sms().body()).isPresent();

        fixture.othersAreThere = true;
        receive("delivered");
        assertThat(fixture.stored().sms().body()).isEmpty();
    }

    @Test
    void a_task_without_its_texts_takes_a_further_callback() {
        fixture.recorded("queued");
        receive("delivered");

        assertThat(receive("read")).isEqualTo(CallbackReply.APPLIED);
        assertThat(fixture.status()).isEqualTo("read");
    }

    private void erase() {
        fixture.store.undisturbed().replace(fixture.stored(), fixture.stored().erased(fixture.clock.instant()));
    }

    private CallbackReply receive(String status) {
        return fixture.receive(SampleCallback.aCallback(status));
    }
}
