package io.smstask.task;

import static io.smstask.task.Samples.CONTEXT;
import static io.smstask.task.Samples.NOW;
import static io.smstask.task.Samples.TASK_ID;
import static io.smstask.task.Samples.callError;
import static io.smstask.task.Samples.claim;
import static io.smstask.task.Samples.claimedBy;
import static io.smstask.task.Samples.reported;
import static io.smstask.task.Samples.task;
import static org.assertj.core.api.Assertions.assertThat;

import io.smstask.task.TaskStore.ClaimResult;
import io.smstask.task.TaskStore.Rescheduled;
import io.smstask.testing.FaultyStore;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** In which write the texts go. */
final class TextRemovingStoreTest {

    private final FaultyStore behind = new FaultyStore();
    private final TaskStore store = TextRemovingStore.over(behind, false);

    @Test
    void where_nobody_is_left_to_notify_they_go_in_the_write_that_ends_the_task() {
        store.claim(task());

        store.replace(task(), reported("delivered").appliedTo(task()));

        assertThat(stored().sms().body()).isEmpty();
        assertThat(stored().context()).isEmpty();
        assertThat(stored().bodyLength()).contains(27);
        assertThat(behind.calls()).containsExactly(FaultyStore.Call.CLAIM, FaultyStore.Call.WRITE);
    }

    @Test
    void else_they_go_in_the_write_that_removes_the_last_who_waits() {
        Subscribers two =
                new Subscribers(List.of(new TaskToken("one"), new TaskToken("other")), Subscribers.Event.WANTED);
        store.claim(task().with(two));
        Task ended = written(stored(), reported("delivered").appliedTo(stored()));
        assertThat(ended.context()).contains(CONTEXT);

        Task first = written(
                ended, ended.told(new Subscribers(List.of(new TaskToken("other")), Subscribers.Event.PUT), NOW));
        assertThat(first.sms()).isEqualTo(task().sms());

        Task last = written(first, first.told(new Subscribers(List.of(), Subscribers.Event.PUT), NOW));
        assertThat(last.sms().body()).isEmpty();
        assertThat(last.context()).isEmpty();
    }

    @Test
    void a_limited_store_removes_them_too() {
        store.claim(task());

        store.within(Duration.ofSeconds(1))
                .replace(task(), reported("delivered").appliedTo(task()));

        assertThat(stored().context()).isEmpty();
    }

    @Test
    void a_stack_that_keeps_texts_keeps_them() {
        TaskStore keeping = TextRemovingStore.over(behind, true);
        keeping.claim(task());

        keeping.replace(task(), reported("delivered").appliedTo(task()));

        assertThat(stored().sms()).isEqualTo(task().sms());
        assertThat(stored().context()).contains(CONTEXT);
    }

    @Test
    void every_other_call_goes_through_as_it_is() {
        assertThat(store.claim(task())).isEqualTo(new ClaimResult.Claimed(task()));
        assertThat(store.claim(claimedBy("claim-2"))).isEqualTo(new ClaimResult.Taken(task()));
        Task failed = written(task(), task().escalated(callError(CallFailure.CONNECT_FAILED), NOW));
        Task again = failed.claimedAgain(claim("claim-2", 2), NOW, task().dueAt());
        assertThat(store.claimAgain(failed, again))
                .isEqualTo(new ClaimResult.Claimed(stored()))
                .extracting(result -> result.task().claim())
                .isEqualTo(again.claim());
        BigDecimal pollAt = BigDecimal.valueOf(stored().pollAt().orElseThrow().toEpochMilli());
        assertThat(store.reschedule(TASK_ID, pollAt, NOW)).isInstanceOf(Rescheduled.Moved.class);
        assertThat(store.find(TASK_ID)).contains(stored());
        assertThat(stored().pollAt()).contains(NOW);
    }

    private Task written(Task seen, Task next) {
        return store.replace(seen, next).stored().orElseThrow();
    }

    private Task stored() {
        return behind.undisturbed().find(TASK_ID).orElseThrow();
    }
}
