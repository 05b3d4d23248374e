package io.smstask.task;

import static io.smstask.task.Samples.OTHER_SID;
import static io.smstask.task.Samples.SID;
import static io.smstask.task.Samples.TASK_ID;
import static io.smstask.task.Samples.reported;
import static io.smstask.task.Samples.reportedFor;
import static io.smstask.task.Samples.task;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smstask.task.Recorder.WriteEffect;
import io.smstask.testing.FaultyStore;
import io.smstask.testing.FaultyStore.Call;
import io.smstask.testing.HandClock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How a rule is written while others write too, and what {@link RecordStatus} makes of it. */
final class RecorderTest {

    private static final Duration LATEST = Duration.ofMillis(400);

    private final HandClock clock = new HandClock();
    private final FaultyStore store = new FaultyStore();
    private final Recorder recorder = new Recorder(store, clock, LATEST);
    private final RecordStatus recordStatus = new RecordStatus(store, clock);

    @Test
    void what_the_rule_says_is_written_once() {
        store.undisturbed().claim(task());

        Recorder.RecordResult recorded = recorder.record(task(), reported("queued"));

        assertThat(recorded.effect()).isEqualTo(WriteEffect.WRITTEN);
        assertThat(recorded.isStored()).isTrue();
        assertThat(recorded.seen()).isEqualTo(task());
        assertThat(recorded.now()).isEqualTo(stored()).isNotEqualTo(task());
        assertThat(store.calls()).containsExactly(Call.WRITE);
    }

    @Test
    void where_there_is_nothing_to_write_nobody_is_asked() {
        Recorder.RecordResult recorded = recorder.record(task(), seen -> seen);

        assertThat(recorded.effect()).isEqualTo(WriteEffect.UNCHANGED);
        assertThat(recorded.isStored()).isTrue();
        assertThat(recorded.now()).isSameAs(recorded.seen()).isEqualTo(task());
        assertThat(store.calls()).isEmpty();
    }

    @Test
    void after_a_lost_race_the_rule_is_asked_again_about_the_task_as_it_stands() {
        store.undisturbed().claim(task());
        store.before(Call.WRITE, () -> somebodyElseReports("queued"));

        Recorder.RecordResult recorded = recorder.record(task(), reported("delivered"));

        assertThat(recorded.effect()).isEqualTo(WriteEffect.WRITTEN);
        assertThat(recorded.seen().status()).contains(new MessageStatus("queued"));
        assertThat(stored().status()).contains(new MessageStatus("delivered"));
        assertThat(store.calls()).containsExactly(Call.WRITE, Call.WRITE);
    }

    @Test
    void no_try_begins_when_the_time_is_over() {
        store.undisturbed().claim(task());
        store.before(Call.WRITE, () -> {
            somebodyElseReports("queued");
            clock.move(LATEST);
        });

        Recorder.RecordResult recorded = recorder.record(task(), reported("delivered"));

        assertThat(recorded.effect()).isEqualTo(WriteEffect.OVERTAKEN);
        assertThat(recorded.isStored()).isFalse();
        assertThat(recorded.seen()).isEqualTo(stored());
        assertThat(recorded.now().status()).contains(new MessageStatus("delivered"));
        assertThat(stored().status()).contains(new MessageStatus("queued"));
        assertThat(store.calls()).containsExactly(Call.WRITE);
    }

    @Test
    void who_is_overtaken_by_what_he_wanted_to_write_has_nothing_left_to_write() {
        store.undisturbed().claim(task());
        store.before(Call.WRITE, () -> {
            somebodyElseReports("sent");
            clock.move(LATEST);
        });

        Recorder.RecordResult recorded = recorder.record(
                task(),
                seen -> seen.sid().isPresent() ? seen : reported("queued").appliedTo(seen));

        assertThat(recorded.effect()).isEqualTo(WriteEffect.UNCHANGED);
    }

    @Test
    void however_slowly_time_passes_the_tries_come_to_an_end() {
        store.undisturbed().claim(task());
        for (int i = 0; i < Recorder.TRIES + 5; i++) {
            int minutes = i + 1;
            store.before(
                    Call.WRITE,
                    () -> store.undisturbed()
                            .replace(
                                    stored(), stored().postponed(clock.instant().plus(Duration.ofMinutes(minutes)))));
        }

        assertThat(recorder.record(task(), reported("delivered")).effect()).isEqualTo(WriteEffect.OVERTAKEN);
        assertThat(store.calls()).hasSize(Recorder.TRIES);
    }

    @Test
    void a_task_that_has_expired_is_gone_and_an_outage_is_a_failure() {
        Recorder.RecordResult gone = recorder.record(task(), reported("queued"));
        store.failOnce(Call.WRITE);
        Recorder.RecordResult failed = recorder.record(task(), reported("queued"));

        assertThat(gone.effect()).isEqualTo(WriteEffect.GONE);
        assertThat(gone.isStored()).isFalse();
        assertThat(gone.failure()).isEmpty();
        assertThat(failed.effect()).isEqualTo(WriteEffect.FAILED);
        assertThat(failed.isStored()).isFalse();
        assertThat(failed.failure().orElseThrow()).isInstanceOf(StoreUnavailable.class);
        for (Recorder.RecordResult recorded : List.of(gone, failed)) {
            assertThat(recorded.now().status()).contains(new MessageStatus("queued"));
        }
    }

    @Test
    void a_report_moves_the_task_or_is_noted_or_belongs_to_another_message() {
        store.undisturbed().claim(task());

        assertThat(recordStatus.record(stored(), reported("sent")).effect()).isEqualTo(RecordStatus.Effect.MOVED);
        RecordStatus.Recorded late = recordStatus.record(stored(), reported("queued"));
        assertThat(late.effect()).isEqualTo(RecordStatus.Effect.NOTED);
        assertThat(late.now()).isEqualTo(stored());
        assertThat(recordStatus
                        .record(stored(), reportedFor(OTHER_SID, "delivered"))
                        .effect())
                .isEqualTo(RecordStatus.Effect.OTHER_SID);
        assertThat(recordStatus.record(stored(), reportedFor(SID, "read")).effect())
                .isEqualTo(RecordStatus.Effect.MOVED);
    }

    @Test
    void a_report_of_a_task_that_was_erased_meanwhile_writes_nothing() {
        store.undisturbed().claim(task());
        somebodyElseReports("delivered");
        Task delivered = stored();
        store.before(Call.WRITE, () -> store.undisturbed().replace(delivered, delivered.erased(clock.instant())));

        RecordStatus.Recorded recorded = recordStatus.record(delivered, reported("read"));

        assertThat(recorded.effect()).isEqualTo(RecordStatus.Effect.GONE);
        assertThat(recorded.now()).isEqualTo(stored());
        assertThat(stored().isErased()).isTrue();
        assertThat(stored().status()).contains(new MessageStatus("delivered"));
    }

    @Test
    void a_word_that_only_changes_the_node_moves_the_task_too() {
        store.undisturbed().claim(task());
        Task unknown = task().withUnknownOutcome(task().claim().callDeadline());
        store.undisturbed().replace(task(), unknown);

        RecordStatus.Recorded healed = recordStatus.record(stored(), reported("partially_delivered"));

        assertThat(healed.effect()).isEqualTo(RecordStatus.Effect.MOVED);
        assertThat(healed.now().node()).isEqualTo(Node.WAITING_FOR_CALLBACK);
    }

    @Test
    void a_status_that_could_not_be_written_must_be_reported_again() {
        store.undisturbed().claim(task());
        store.before(Call.WRITE, () -> {
            somebodyElseReports("queued");
            clock.move(RecordStatus.LATEST_TRY);
        });
        assertThatThrownBy(() -> recordStatus.record(task(), reported("delivered")))
                .isInstanceOf(StoreUnavailable.class);

        store.failOnce(Call.WRITE);
        assertThatThrownBy(() -> recordStatus.record(task(), reported("delivered")))
                .isInstanceOf(StoreUnavailable.class);
        store.forgetAll();
        RecordStatus.Recorded gone = recordStatus.record(task(), reported("delivered"));

        assertThat(gone.effect()).isEqualTo(RecordStatus.Effect.GONE);
        assertThat(gone.now()).isEqualTo(task());
    }

    @Test
    void a_remark_that_could_not_be_written_may_be_lost() {
        store.undisturbed().claim(task());
        somebodyElseReports("sent");
        Task sent = stored();
        store.before(Call.WRITE, () -> {
            store.undisturbed().replace(sent, sent.postponed(clock.instant()));
            clock.move(RecordStatus.LATEST_TRY);
        });

        assertThat(recordStatus.record(sent, reported("queued")).effect()).isEqualTo(RecordStatus.Effect.NOTED);
    }

    private void somebodyElseReports(String status) {
        store.undisturbed().replace(stored(), reported(status).appliedTo(stored()));
    }

    private Task stored() {
        return store.undisturbed().find(TASK_ID).orElseThrow();
    }
}
