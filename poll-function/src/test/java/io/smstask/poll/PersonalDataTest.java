package io.smstask.poll;

import static io.smstask.testing.TaskFixture.TOKEN;
import static io.smstask.testing.TaskFixture.secret;
import static org.assertj.core.api.Assertions.assertThat;

import io.smstask.poll.MessageReader.Look;
import io.smstask.task.CallFailure;
import io.smstask.task.MessageSid;
import io.smstask.task.MessageStatus;
import io.smstask.task.Task;
import io.smstask.testing.FaultyStore.Call;
import io.smstask.twilio.TwilioMessage;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the poll removes from the tasks that it ends or tells, and what it leaves alone. */
final class PersonalDataTest {

    private final PollFixture fixture = PollFixture.withTaskOfTheStack(secret(TOKEN));

    @Test
    void the_look_that_ends_a_task_removes_its_texts() {
        fixture.recorded("queued");
        fixture.look = seen("delivered");
        fixture.clock.move(Duration.ofMinutes(15));

        fixture.run();

        assertThat(fixture.status()).isEqualTo("delivered");
        assertThat(fixture.stored().sms().body()).isEmpty();
        assertThat(fixture.stored().bodyLength()).isPresent();
    }

    @Test
    void so_does_the_write_after_the_last_who_waits_was_told() {
        fixture.recorded("queued").waitedForBy("first");
        fixture.look = seen("delivered");
        fixture.executionsAreThere = false;
        fixture.clock.move(Duration.ofMinutes(15));
        fixture.run();
        assertThat(fixture.stored().sms().body()).isPresent();

        fixture.executionsAreThere = true;
        fixture.clock.move(Duration.ofMinutes(30));
        fixture.run();

        assertThat(fixture.told)
                .allSatisfy(task -> assertThat(task.sms().body()).isPresent());
        assertThat(fixture.stored().pollAt()).isEmpty();
        assertThat(fixture.stored().sms().body()).isEmpty();
    }

    @Test
    void an_unknown_outcome_keeps_its_texts_until_the_poll_ends_it() {
        fixture.recordedUnknown(CallFailure.TIMEOUT);
        fixture.look = new Look.NoMatch();
        fixture.clock.move(Duration.ofMinutes(15));
        fixture.run();
        assertThat(fixture.stored().sms().body()).isPresent();

        fixture.clock.move(Duration.ofHours(31));
        fixture.run();

        assertThat(fixture.stored().isGivenUp()).isTrue();
        assertThat(fixture.stored().sms().body()).isEmpty();
    }

    @Test
    void a_task_that_is_erased_under_the_poll_stays_so() {
        fixture.recordedUnknown(CallFailure.TIMEOUT);
        fixture.look = new Look.NoMatch();
        fixture.clock.move(Duration.ofHours(31));
        fixture.dispatch();
        fixture.store.before(
                Call.WRITE,
                () -> fixture.store
                        .undisturbed()
                        .replace(fixture.stored(), fixture.stored().erased(fixture.clock.instant())));

        fixture.work();

        Task erased = fixture.stored();
        assertThat(erased.isErased()).isTrue();
        assertThat(erased.history()).isEmpty();
        assertThat(erased.pollAt()).isEmpty();
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
