package io.smstask.poll;

import static org.assertj.core.api.Assertions.assertThat;

import io.smstask.lambda.FailureCounts;
import io.smstask.lambda.Log;
import io.smstask.poll.Figures.Figure;
import io.smstask.task.AccountSid;
import io.smstask.task.CallbackProof;
import io.smstask.task.Claim;
import io.smstask.task.MessageSid;
import io.smstask.task.MessageStatus;
import io.smstask.task.MessageText;
import io.smstask.task.PhoneNumber;
import io.smstask.task.RecordStatus;
import io.smstask.task.Sms;
import io.smstask.task.Source;
import io.smstask.task.StatusReport;
import io.smstask.task.Task;
import io.smstask.task.TaskId;
import io.smstask.tell.TellSubscribers;
import io.smstask.testing.HandClock;
import io.smstask.testing.InMemoryTaskStore;
import io.smstask.twilio.StackCredentials;
import io.smstask.twilio.TwilioCredentials;
import io.smstask.twilio.TwilioMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Dispatcher and worker with as many threads as they have in Lambda. */
final class ManyAtOnceTest {

    private static final int COUNT = 1000;
    private static final AccountSid ACCOUNT = new AccountSid(PollFixture.ACCOUNT);

    private final HandClock clock = new HandClock();
    private final InMemoryTaskStore store = new InMemoryTaskStore();
    private final PollFixture.FakeQueue queue = new PollFixture.FakeQueue();
    private final AtomicInteger looks = new AtomicInteger();

    @Test
    void each_of_a_thousand_tasks_is_leased_once_looked_at_once_and_moved() {
        for (int i = 0; i < COUNT; i++) {
            sent(i);
        }
        clock.move(Duration.ofMinutes(15));
        FailureCounts failures = new FailureCounts();
        PollStates states = new PollFixture.FakeStates(clock);
        MessageReader twilio = new Twilio();
        StackCredentials stack =
                new StackCredentials("smstask/twilio", id -> Optional.of(PollFixture.secret("token")), clock);
        Dispatcher dispatcher = new Dispatcher(
                store, store, queue, states, failures, new Parallel(PollWiring.LEASES_AT_ONCE), () -> 0, clock);
        Worker worker = new Worker(
                store,
                new RecordStatus(store, clock),
                new TellSubscribers(store, (token, task, limit) -> true, clock),
                new Looks(stack, twilio, new FindMessage(store, store, twilio, clock), states, failures, clock),
                failures,
                new Parallel(PollWiring.TASKS_AT_ONCE),
                () -> 0,
                clock);
        Instant end = clock.instant().plus(PollFixture.RUN);

        Figures dispatched = dispatcher.dispatch(end, Log.silent());
        Worker.Worked worked = worker.work(queue.receive(), end, Log.silent());

        assertThat(dispatched.get(Figure.LEASED)).isEqualTo(COUNT);
        assertThat(queue.sent).doesNotHaveDuplicates().hasSize(COUNT);
        assertThat(worked.failed()).isEmpty();
        assertThat(worked.figures().get(Figure.MOVED)).isEqualTo(COUNT);
        assertThat(looks).hasValue(COUNT);
    }

    private void sent(int number) {
        Sms sms = new Sms(
                ACCOUNT,
                new PhoneNumber("+15558675310"),
                Optional.of(new PhoneNumber("+15005550006")),
                Optional.of(new MessageText("Your order is on its way.")),
                Map.of());
        Instant now = clock.instant();
        Claim claim = new Claim(
                "claim-" + number,
                1,
                now.plusSeconds(28),
                PollFixture.BASE,
                new CallbackProof.KeyHash("hash-" + number));
        Task claimed = Task.claimed(new TaskId("order-" + number), sms, claim, now, now.plus(Duration.ofHours(24)));
        store.claim(claimed);
        MessageSid sid = new MessageSid("SM" + String.format("%032x", number));
        store.replace(
                claimed,
                new StatusReport(
                                sid,
                                new MessageStatus("queued"),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.of(1),
                                Source.SEND,
                                now)
                        .appliedTo(claimed));
    }

    private final class Twilio implements MessageReader {

        @Override
        public Look look(AccountSid account, MessageSid sid, TwilioCredentials credentials) {
            looks.incrementAndGet();
            return new Look.Seen(new TwilioMessage(
                    sid, new MessageStatus("delivered"), Optional.empty(), Optional.empty(), Optional.of(1)));
        }

        @Override
        public Listing page(
                AccountSid account,
                Instant until,
                String page,
                TwilioCredentials credentials,
                Consumer<Look.Seen> each) {
            return new Listing.PageRead("");
        }

        @Override
        public Listing list(Sms sms, Instant since, TwilioCredentials credentials) {
            return new Listing.Read(List.of());
        }
    }
}
