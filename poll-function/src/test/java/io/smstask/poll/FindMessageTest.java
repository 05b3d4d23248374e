package io.smstask.poll;

import static io.smstask.poll.PollFixture.ACCOUNT;
import static io.smstask.poll.PollFixture.TOKEN;
import static org.assertj.core.api.Assertions.assertThat;

import io.smstask.aws.AwsError;
import io.smstask.aws.AwsFailure;
import io.smstask.lambda.FailureCounts;
import io.smstask.lambda.Log;
import io.smstask.poll.Figures.Figure;
import io.smstask.poll.MessageReader.Listing;
import io.smstask.task.AccountSid;
import io.smstask.task.CallFailure;
import io.smstask.task.CallbackProof;
import io.smstask.task.Claim;
import io.smstask.task.Escalation;
import io.smstask.task.HistoryEntry;
import io.smstask.task.ListedMessage;
import io.smstask.task.MessageSid;
import io.smstask.task.MessageStatus;
import io.smstask.task.MessageText;
import io.smstask.task.Misconfigured;
import io.smstask.task.Node;
import io.smstask.task.PhoneNumber;
import io.smstask.task.RecordStatus;
import io.smstask.task.Retryable;
import io.smstask.task.Sms;
import io.smstask.task.Source;
import io.smstask.task.StatusReport;
import io.smstask.task.Task;
import io.smstask.task.TaskId;
import io.smstask.task.UnreadableTask;
import io.smstask.tell.TellSubscribers;
import io.smstask.testing.FaultyStore;
import io.smstask.testing.FaultyStore.Call;
import io.smstask.testing.HandClock;
import io.smstask.twilio.StackCredentials;
import io.smstask.twilio.TwilioCredentials;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Finds the message of an unknown outcome in Twilio's list, or leaves the task unknown. */
class FindMessageTest {

    private static final String TO = "+15558675310";
    private static final String TEXT = "Your code is 4711.";

    private final HandClock clock = new HandClock();
    private final FaultyStore store = new FaultyStore();
    private final List<ListedMessage> atTwilio = new ArrayList<>();
    private final Supplier<Figures> poll = poll("{\"AccountSid\":\"" + ACCOUNT + "\",\"AuthToken\":\"" + TOKEN + "\"}");
    private boolean isRateLimited;
    private boolean isTooLong;
    private int lists;
    private int sids;

    @Test
    void a_message_whose_answer_and_callbacks_were_lost_is_found() {
        Task task = unknown(called("task-1"));
        ListedMessage message = took(task);
        passes(Duration.ofMinutes(16));

        assertThat(run().get(Figure.MOVED)).isEqualTo(1);

        Task found = stored("task-1");
        assertThat(found.sid()).contains(message.sid());
        assertThat(found.status()).contains(new MessageStatus("delivered"));
        assertThat(found.node()).isEqualTo(Node.FINAL);
        assertThat(found.escalation()).isEmpty();
        assertThat(found.history()).last().satisfies(entry -> {
            assertThat(entry.source()).isEqualTo(Source.POLL);
            assertThat(entry.note()).contains("matched");
        });
    }

    @Test
    void a_sender_that_was_killed_leaves_a_message_to_be_found() {
        Task task = called("task-1");
        ListedMessage message = took(task);
        passes(Duration.ofMinutes(1));
        run();
        assertThat(stored("task-1").escalation()).map(Escalation::code).contains("outcome_unknown");
        passes(Duration.ofMinutes(16));
        run();

        assertThat(stored("task-1").sid()).contains(message.sid());
    }

    @Test
    void the_poll_finds_it_even_if_it_is_late_to_write_the_unknown_outcome_down() {
        ListedMessage message = took(called("task-1"));
        passes(Duration.ofHours(1));
        run();

        assertThat(stored("task-1").sid()).contains(message.sid());
        assertThat(stored("task-1").history())
                .singleElement()
                .extracting(HistoryEntry::note)
                .isEqualTo(Optional.of("matched"));
    }

    @Test
    void later_callbacks_go_on_as_if_nothing_had_been_lost() {
        Task task = unknown(called("task-1"));
        ListedMessage message = took(task, "sent");
        passes(Duration.ofMinutes(16));
        run();
        assertThat(stored("task-1").node()).isEqualTo(Node.WAITING_FOR_CALLBACK);

        record(stored("task-1"), message.sid(), "delivered", Source.CALLBACK);

        assertThat(stored("task-1").node()).isEqualTo(Node.FINAL);
    }

    @Test
    void the_error_of_a_message_that_was_found_is_kept() {
        Task task = unknown(called("task-1"));
        ListedMessage message = message(task, "undelivered");
        atTwilio.add(new ListedMessage(
                message.sid(),
                message.account(),
                message.to(),
                message.from(),
                message.messagingService(),
                message.body(),
                false,
                message.createdAt(),
                message.status(),
                Optional.of("30005"),
                Optional.of("Out of range."),
                Optional.of(2)));
        passes(Duration.ofMinutes(16));
        run();

        assertThat(stored("task-1").escalation()).map(Escalation::code).contains("30005");
        assertThat(stored("task-1").escalation().orElseThrow().message()).endsWith(" Twilio says: Out of range.");
        assertThat(stored("task-1").numSegments()).contains(2);
    }

    @Test
    void twilio_is_not_asked_until_every_other_caller_has_had_its_time() {
        unknown(called("task-1"));
        passes(Duration.ofMinutes(9));
        run();

        assertThat(lists).isZero();
    }

    @Test
    void a_list_that_shows_the_message_later_is_asked_again() {
        Task task = unknown(called("task-1"));
        passes(Duration.ofMinutes(16));
        run();
        ListedMessage message = took(task);
        passes(Duration.ofMinutes(16));
        run();

        assertThat(lists).isEqualTo(2);
        assertThat(stored("task-1").sid()).contains(message.sid());
    }

    @Test
    void of_two_tasks_with_one_number_and_text_and_one_message_none_is_matched() {
        Task sent = unknown(called("task-1"));
        unknown(called("task-2"));
        took(sent);

        nothingIsMatchedUntilTheEnd("task-1", "task-2");
    }

    @Test
    void of_three_tasks_and_two_messages_none_is_matched() {
        took(unknown(called("task-1")));
        unknown(called("task-2"));
        took(unknown(called("task-3")));

        nothingIsMatchedUntilTheEnd("task-1", "task-2", "task-3");
    }

    @Test
    void two_messages_that_nobody_has_are_not_chosen_from() {
        Task task = unknown(called("task-1"));
        took(task);
        // Sent by another application of the account.
        took(task);

        nothingIsMatchedUntilTheEnd("task-1");
    }

    @Test
    void another_tasks_message_is_not_taken() {
        Task other = called("task-1");
        record(other, took(other).sid(), "delivered", Source.SEND);
        unknown(called("task-2"));

        nothingIsMatchedUntilTheEnd("task-2");
    }

    @Test
    void beside_another_tasks_message_ones_own_is_found() {
        Task other = called("task-1");
        record(other, took(other).sid(), "delivered", Source.SEND);
        ListedMessage mine = took(unknown(called("task-2")));
        passes(Duration.ofMinutes(16));
        run();

        assertThat(stored("task-2").sid()).contains(mine.sid());
    }

    @Test
    void a_task_that_is_not_written_down_yet_may_have_the_message() {
        Task calling = called("task-1");
        took(calling);
        unknown(called("task-2"));
        // No poll has come to it.
        store.undisturbed().replace(calling, calling.polledAt(calling.dueAt()));
        passes(Duration.ofMinutes(16));
        run();

        assertThat(stored("task-1").node()).isEqualTo(Node.CALLING_API);
        assertUnknown("task-2");
    }

    @Test
    void a_callback_for_another_task_between_two_reads_of_the_poll_is_seen() {
        Task other = unknown(called("task-1"));
        ListedMessage message = took(other);
        passes(Duration.ofSeconds(1));
        unknown(called("task-2"));
        passes(Duration.ofMinutes(16));
        // The first query is for task-1, the second for task-2. By then the sid's index has shown no owner.
        store.before(Call.NEIGHBOURS, () -> {});
        store.before(Call.NEIGHBOURS, () -> record(stored("task-1"), message.sid(), "sent", Source.CALLBACK));
        run();

        assertThat(stored("task-1").sid()).contains(message.sid());
        assertThat(stored("task-2").sid()).isEmpty();
    }

    @Test
    void a_callback_during_the_match_wins() {
        Task task = unknown(called("task-1"));
        took(task, "sent");
        MessageSid real = new MessageSid("SM0000000000000000000000000000ffff");
        passes(Duration.ofMinutes(16));
        store.before(Call.WRITE, () -> record(stored("task-1"), real, "delivered", Source.CALLBACK));
        run();

        assertThat(stored("task-1").sid()).contains(real);
        assertThat(stored("task-1").status()).contains(new MessageStatus("delivered"));
    }

    @ParameterizedTest
    @EnumSource(
            names = {"CONNECT_FAILED", "STORE_UNAVAILABLE"},
            value = CallFailure.class)
    void a_task_that_surely_sent_nothing_stands_in_nobodys_way(CallFailure failure) {
        escalated(called("task-1"), failure);
        ListedMessage message = took(unknown(called("task-2")));
        passes(Duration.ofMinutes(16));
        run();

        assertThat(stored("task-2").sid()).contains(message.sid());
    }

    @Test
    void a_task_with_another_text_stands_in_nobodys_way() {
        unknown(called("task-1", sms(TO, "Your code is 4712.", Map.of())));
        ListedMessage message = took(unknown(called("task-2")));
        passes(Duration.ofMinutes(16));
        run();

        assertThat(stored("task-2").sid()).contains(message.sid());
        assertThat(stored("task-1").sid()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"(555) 867-5310", "1 555 867 5310", "whatsapp:+15558675310"})
    void a_task_that_spells_the_number_otherwise_may_have_the_message(String spelling) {
        unknown(called("task-1", sms(spelling, TEXT, Map.of())));
        took(unknown(called("task-2")));

        nothingIsMatchedUntilTheEnd("task-1", "task-2");
    }

    @Test
    void a_task_whose_text_twilio_makes_may_have_the_message() {
        unknown(called("task-1", sms(TO, "Another text", Map.of("ContentSid", List.of("HX")))));
        took(unknown(called("task-2")));

        nothingIsMatchedUntilTheEnd("task-1", "task-2");
    }

    @Test
    void a_number_with_too_many_tasks_at_one_time_is_not_matched() {
        for (int i = 0; i < FindMessage.MOST_NEIGHBOURS; i++) {
            escalated(called("other-" + i), CallFailure.CONNECT_FAILED);
        }
        took(unknown(called("task-1")));

        nothingIsMatchedUntilTheEnd("task-1");
    }

    @Test
    void as_many_as_may_be_are_read() {
        for (int i = 1; i < FindMessage.MOST_NEIGHBOURS; i++) {
            escalated(called("other-" + i), CallFailure.CONNECT_FAILED);
        }
        ListedMessage message = took(unknown(called("task-1")));
        passes(Duration.ofMinutes(16));
        run();

        assertThat(stored("task-1").sid()).contains(message.sid());
    }

    @Test
    void a_text_that_was_sent_too_often_is_not_looked_through() {
        Task other = called("other");
        for (int i = 0; i <= FindMessage.MOST_MESSAGES; i++) {
            took(other);
        }
        unknown(called("task-1"));
        passes(Duration.ofMinutes(16));
        run();

        assertThat(store.calls()).doesNotContain(Call.FIND_BY_SID, Call.NEIGHBOURS);
    }

    @Test
    void a_message_that_is_older_than_the_task_is_not_taken() {
        Task older = called("older");
        took(older);
        passes(Duration.ofMinutes(1));
        escalated(older, CallFailure.CONNECT_FAILED);
        unknown(called("task-1"));

        nothingIsMatchedUntilTheEnd("task-1");
    }

    @Test
    void a_message_of_another_account_is_not_taken() {
        Task task = unknown(called("task-1"));
        ListedMessage message = message(task, "delivered");
        atTwilio.add(new ListedMessage(
                message.sid(),
                new AccountSid("AC00000000000000000000000000000002"),
                message.to(),
                message.from(),
                message.messagingService(),
                message.body(),
                false,
                message.createdAt(),
                message.status(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));

        nothingIsMatchedUntilTheEnd("task-1");
    }

    @Test
    void without_the_accounts_credentials_a_task_stays_unknown_and_ends() {
        took(unknown(called("task-1")));
        Supplier<Figures> blind =
                poll("{\"AccountSid\":\"AC00000000000000000000000000000002\",\"AuthToken\":\"" + TOKEN + "\"}");
        passes(Duration.ofMinutes(16));
        blind.get();
        assertUnknown("task-1");
        passes(Duration.ofHours(24));
        blind.get();
        assertThat(stored("task-1").isOpen()).isTrue();
        passes(Task.PATIENCE);
        blind.get();

        assertThat(lists).isZero();
        assertUnknown("task-1");
        assertThat(stored("task-1").pollAt()).isEmpty();
    }

    @Test
    void a_list_that_is_too_long_leaves_the_outcome_unknown_and_is_an_answer() {
        for (int i = 0; i < Looks.MOST_UNANSWERED + 1; i++) {
            unknown(called("task-" + i));
        }
        isTooLong = true;
        passes(Duration.ofMinutes(16));

        assertThat(run().get(Figure.LOOKED)).isEqualTo(Looks.MOST_UNANSWERED + 1);

        assertUnknown("task-0");
    }

    @Test
    void a_rate_limit_of_the_list_puts_the_match_off() {
        ListedMessage message = took(unknown(called("task-1")));
        isRateLimited = true;
        passes(Duration.ofMinutes(16));
        assertThat(run().get(Figure.PUT_OFF)).isEqualTo(1);
        assertUnknown("task-1");

        isRateLimited = false;
        passes(Duration.ofMinutes(16));
        run();

        assertThat(stored("task-1").sid()).contains(message.sid());
    }

    @ParameterizedTest
    @EnumSource(
            names = {"FIND_BY_SID", "NEIGHBOURS"},
            value = Call.class)
    void without_the_index_nothing_is_matched(Call call) {
        ListedMessage message = took(unknown(called("task-1")));
        passes(Duration.ofMinutes(16));
        store.failOnce(call);

        assertThat(run().get(Figure.FAILED)).isEqualTo(1);
        assertUnknown("task-1");

        passes(Task.NO_ANSWER);
        run();
        assertThat(stored("task-1").sid()).contains(message.sid());
    }

    @Test
    void beside_a_task_that_cannot_be_read_a_task_stays_unknown_and_ends_when_it_is_due() {
        Task task = unknown(called("task-1"));
        took(task);
        TaskId unreadable = called("corrupt").id();
        store.undisturbed()
                .reschedule(
                        unreadable,
                        BigDecimal.valueOf(
                                stored("corrupt").pollAt().orElseThrow().toEpochMilli()),
                        clock.instant().plus(Duration.ofDays(99)));
        passes(Duration.ofHours(24));
        store.before(
                Call.NEIGHBOURS,
                () -> store.before(Call.FIND, () -> {
                    throw new UnreadableTask(unreadable);
                }));

        assertThat(run().get(Figure.ENDED)).isEqualTo(1);

        assertUnknown("task-1");
        assertThat(stored("task-1").pollAt()).isEmpty();
    }

    /** What may have happened to a task. */
    private enum Way {
        SENT_AND_RECORDED,
        SENT_AND_UNKNOWN,
        SENT_AND_STILL_CALLING,
        NOT_SENT_AND_UNKNOWN,
        NOT_SENT_AND_STILL_CALLING,
        NOT_SENT_FOR_SURE
    }

    /** All combinations for three tasks with the same number and text, and of which messages the list shows. */
    @Test
    void whatever_became_of_three_alike_none_gets_anothers_message() {
        int matched = 0;
        for (Way first : Way.values()) {
            for (Way second : Way.values()) {
                for (Way third : Way.values()) {
                    for (int shown = 0; shown < 8; shown++) {
                        matched += new FindMessageTest().matchedOf(List.of(first, second, third), shown);
                    }
                }
            }
        }
        // One of the three is unknown or still calling, and its message is shown. The others are recorded or surely
        // not sent, and their messages are shown or not: 3 × 2 × 2² × 2².
        assertThat(matched).isEqualTo(96);
    }

    private int matchedOf(List<Way> ways, int shown) {
        List<Optional<MessageSid>> own = new ArrayList<>();
        for (int i = 0; i < ways.size(); i++) {
            Way way = ways.get(i);
            Task task = called("task-" + i);
            boolean isSent = way.name().startsWith("SENT");
            Optional<ListedMessage> message = isSent ? Optional.of(message(task, "delivered")) : Optional.empty();
            own.add(message.map(ListedMessage::sid));
            if (isSent && (shown & 1 << i) != 0) {
                atTwilio.add(message.get());
            }
            switch (way) {
                case SENT_AND_RECORDED -> record(task, message.orElseThrow().sid(), "queued", Source.SEND);
                case SENT_AND_UNKNOWN, NOT_SENT_AND_UNKNOWN -> unknown(task);
                case NOT_SENT_FOR_SURE -> escalated(task, CallFailure.CONNECT_FAILED);
                case SENT_AND_STILL_CALLING, NOT_SENT_AND_STILL_CALLING -> {}
            }
        }
        passes(Duration.ofMinutes(16));
        run();
        int matched = 0;
        for (int i = 0; i < ways.size(); i++) {
            Task after = stored("task-" + i);
            if (after.sid().isPresent()) {
                assertThat(after.sid()).as("%s, shown %s", ways, shown).isEqualTo(own.get(i));
                matched += ways.get(i) == Way.SENT_AND_RECORDED ? 0 : 1;
            }
        }
        return matched;
    }

    private void nothingIsMatchedUntilTheEnd(String... ids) {
        for (int i = 0; i < 8; i++) {
            passes(Duration.ofMinutes(16).plus(Duration.ofHours(i)));
            run();
        }
        assertThat(lists).isPositive();
        for (String id : ids) {
            assertUnknown(id);
            assertThat(stored(id).pollAt()).isEmpty();
        }
    }

    private void assertUnknown(String id) {
        assertThat(stored(id).node()).isEqualTo(Node.ESCALATION);
        assertThat(stored(id).sid()).isEmpty();
        assertThat(stored(id).escalation()).map(Escalation::retryable).contains(Retryable.UNKNOWN);
    }

    private Figures run() {
        return poll.get();
    }

    private void passes(Duration time) {
        clock.move(time);
    }

    private Task stored(String id) {
        return store.undisturbed().find(new TaskId(id)).orElseThrow();
    }

    /** A task whose call to Twilio has begun. */
    private Task called(String id) {
        return called(id, sms(TO, TEXT, Map.of()));
    }

    private Task called(String id, Sms sms) {
        Instant now = clock.instant();
        Claim claim = new Claim(
                "claim-of-" + id, 1, now.plusSeconds(28), PollFixture.BASE, new CallbackProof.KeyHash("hash"));
        Task task = Task.claimed(new TaskId(id), sms, claim, now, now.plus(Duration.ofHours(24)));
        store.undisturbed().claim(task);
        return task;
    }

    @Test
    void a_store_that_is_slow_leaves_the_task_to_a_later_look() {
        Task task = unknown(called("task-1"));
        for (int i = 0; i < FindMessage.MOST_MESSAGES; i++) {
            took(task);
            store.before(Call.FIND_BY_SID, () -> passes(Duration.ofSeconds(10)));
        }
        passes(Duration.ofMinutes(16));
        Instant end = clock.instant().plus(PollFixture.RUN);

        Figures figures = run();

        assertThat(clock.instant()).isBeforeOrEqualTo(end);
        assertThat(figures.get(Figure.FAILED)).isEqualTo(1);
        assertThat(figures.get(Figure.MOVED)).isZero();
        assertThat(stored("task-1").isOpen()).isTrue();
        assertThat(stored("task-1").pollAt().orElseThrow()).isAfter(end);
    }

    @ParameterizedTest
    @EnumSource(
            value = Call.class,
            names = {"FIND_BY_SID", "NEIGHBOURS"})
    void an_index_that_is_not_there_makes_no_dead_letter_of_a_task(Call call) {
        took(unknown(called("task-1")));
        passes(Duration.ofMinutes(16));
        for (int i = 0; i <= Received.MOST_RECEIVES; i++) {
            store.before(call, () -> {
                throw new Misconfigured(
                        "there is no such index", new AwsFailure("DynamoDB", new AwsError("ValidationException", 400)));
            });

            assertThat(run().get(Figure.FAILED)).isEqualTo(1);

            assertThat(stored("task-1").pollAt()).contains(clock.instant().plus(Task.NO_ANSWER));
            passes(Task.NO_ANSWER);
        }
        assertThat(lists).isEqualTo(Received.MOST_RECEIVES + 1);

        run();
        assertThat(stored("task-1").sid()).isPresent();
    }

    private Task unknown(Task task) {
        return escalated(task, CallFailure.TIMEOUT);
    }

    private Task escalated(Task task, CallFailure failure) {
        Escalation escalation = new Escalation.CallError(failure, "The call failed.");
        store.undisturbed().replace(task, task.escalated(escalation, clock.instant()));
        return stored(task.id().value());
    }

    private void record(Task task, MessageSid sid, String status, Source source) {
        StatusReport report = new StatusReport(
                sid,
                new MessageStatus(status),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                source,
                clock.instant());
        store.undisturbed().replace(task, report.appliedTo(task));
    }

    /** Twilio took the task's message. */
    private ListedMessage took(Task task) {
        return took(task, "delivered");
    }

    private ListedMessage took(Task task, String status) {
        ListedMessage message = message(task, status);
        atTwilio.add(message);
        return message;
    }

    private ListedMessage message(Task task, String status) {
        sids++;
        return new ListedMessage(
                new MessageSid(String.format("SM%032x", sids)),
                task.sms().account(),
                new PhoneNumber(TO),
                task.sms().from(),
                Optional.empty(),
                task.sms().body().orElseThrow(),
                false,
                task.createdAt(),
                new MessageStatus(status),
                Optional.empty(),
                Optional.empty(),
                Optional.of(1));
    }

    private static Sms sms(String to, String text, Map<String, List<String>> further) {
        return new Sms(
                new AccountSid(ACCOUNT),
                new PhoneNumber(to),
                Optional.of(new PhoneNumber("+15005550006")),
                Optional.of(new MessageText(text)),
                further);
    }

    /** A dispatch, and the work on what it put on the queue. */
    private Supplier<Figures> poll(String secret) {
        StackCredentials stack = new StackCredentials("smstask/twilio", id -> Optional.of(secret), clock);
        TellSubscribers nobody = new TellSubscribers(store, (token, task, limit) -> true, clock);
        MessageReader list = new FakeList();
        PollFixture.FakeStates states = new PollFixture.FakeStates(clock);
        PollFixture.FakeQueue queue = new PollFixture.FakeQueue();
        FailureCounts failures = new FailureCounts();
        Parallel parallel = new Parallel(1);
        Looks looks = new Looks(stack, list, new FindMessage(store, store, list, clock), states, failures, clock);
        Dispatcher dispatcher = new Dispatcher(store, store, queue, states, failures, parallel, () -> 0, clock);
        Worker worker =
                new Worker(store, new RecordStatus(store, clock), nobody, looks, failures, parallel, () -> 0, clock);
        return () -> {
            Instant end = clock.instant().plus(PollFixture.RUN);
            dispatcher.dispatch(end, Log.silent());
            Worker.Worked worked = worker.work(queue.receive(), end, Log.silent());
            queue.answered(worked.failed());
            return worked.figures();
        };
    }

    /** Twilio's list only: reading a message by its sid fails. */
    private final class FakeList implements MessageReader {

        @Override
        public Look look(AccountSid account, MessageSid sid, TwilioCredentials credentials) {
            return new Look.Unreadable();
        }

        @Override
        public Listing page(
                AccountSid account,
                Instant until,
                String page,
                TwilioCredentials credentials,
                Consumer<Look.Seen> each) {
            return new Listing.Unreadable();
        }

        @Override
        public Listing list(Sms sms, Instant since, TwilioCredentials credentials) {
            lists++;
            if (isTooLong) {
                return new Listing.TooLong();
            }
            return isRateLimited ? new Listing.RateLimited(Duration.ZERO) : new Listing.Read(List.copyOf(atTwilio));
        }
    }
}
