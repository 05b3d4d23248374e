package io.smstask.task;

import static io.smstask.task.Samples.NOW;
import static io.smstask.task.Samples.OTHER_SID;
import static io.smstask.task.Samples.SID;
import static io.smstask.task.Samples.callError;
import static io.smstask.task.Samples.reported;
import static io.smstask.task.Samples.reportedFor;
import static io.smstask.task.Samples.reportedWithCode;
import static io.smstask.task.Samples.task;
import static io.smstask.task.Samples.withStatus;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The one rule for answers, callbacks and polls; the tests are named after what broke elsewhere. */
final class StatusReportTest {

    private static final String NONE = "";
    private static final String UNKNOWN = "partially_delivered";
    private static final List<String> WORDS = List.of(
            "scheduled",
            "accepted",
            "queued",
            "sending",
            "sent",
            "delivered",
            "undelivered",
            "failed",
            "canceled",
            "read");
    private static final Set<String> FINALS = Set.of("delivered", "undelivered", "failed", "canceled", "read");

    /** The contract's order, written out: which words replace a stored one. */
    private static final Map<String, Set<String>> REPLACED_BY = Map.ofEntries(
            Map.entry(NONE, Set.copyOf(WORDS)),
            Map.entry(UNKNOWN, Set.copyOf(WORDS)),
            Map.entry("scheduled", and(FINALS, "queued", "sending", "sent")),
            Map.entry("accepted", and(FINALS, "queued", "sending", "sent")),
            Map.entry("queued", and(FINALS, "sending", "sent")),
            Map.entry("sending", and(FINALS, "sent")),
            Map.entry("sent", FINALS),
            Map.entry("delivered", Set.of("read")),
            Map.entry("undelivered", Set.of()),
            Map.entry("failed", Set.of()),
            Map.entry("canceled", Set.of()),
            Map.entry("read", Set.of()));

    private static Set<String> and(Set<String> words, String... more) {
        Set<String> all = new HashSet<>(words);
        all.addAll(List.of(more));
        return all;
    }

    @Test
    void every_status_meets_every_stored_status_in_every_node() {
        int cases = 0;
        for (String before : REPLACED_BY.keySet()) {
            for (Node node : Node.values()) {
                for (String word : and(Set.copyOf(WORDS), UNKNOWN, "another_unknown")) {
                    Task seen = standing(before, node);

                    Task after = reported(word).appliedTo(seen);

                    assertOrder(before, seen, word, after);
                    cases++;
                }
            }
        }
        assertThat(cases).isEqualTo(12 * 4 * 12);
    }

    /** A task with a sid, in every standing, even those that no rule leads to. */
    private static Task standing(String status, Node node) {
        Optional<Escalation> escalation = node == Node.ESCALATION
                ? Optional.of(new Escalation.DeliveryError("30003", "Unreachable.", Optional.of("https://e/30003")))
                : Optional.empty();
        Optional<MessageStatus> word = status.equals(NONE) ? Optional.empty() : Optional.of(new MessageStatus(status));
        Standing standing = new Standing(node, Optional.of(SID), word, Optional.of(1), escalation, false);
        return task().standing(standing, NOW, History.EMPTY);
    }

    private static void assertOrder(String before, Task seen, String word, Task after) {
        assertThat(after.sid()).contains(SID);
        assertThat(after.escalation().isPresent()).isEqualTo(after.node() == Node.ESCALATION);
        if (REPLACED_BY.get(before).contains(word)) {
            assertThat(after.status()).contains(new MessageStatus(word));
            assertThat(after.node()).isEqualTo(nodeOf(word));
        } else if (WORDS.contains(word)) {
            assertThat(after.standing()).isEqualTo(seen.standing());
        } else {
            assertThat(after.rank()).isEqualTo(seen.rank());
        }
    }

    private static Node nodeOf(String word) {
        return switch (word) {
            case "delivered", "read" -> Node.FINAL;
            case "undelivered", "failed", "canceled" -> Node.ESCALATION;
            default -> Node.WAITING_FOR_CALLBACK;
        };
    }

    @Test
    void a_late_sent_does_not_replace_delivered() {
        Task after = after(withStatus("delivered"), reported("sent"));

        assertThat(after.status()).contains(new MessageStatus("delivered"));
        assertThat(after.node()).isEqualTo(Node.FINAL);
        assertThat(lastNote(after)).contains(Note.LATE);
    }

    @Test
    void the_senders_own_late_answer_does_not_put_a_delivered_message_back() {
        StatusReport answer = new StatusReport(
                SID,
                new MessageStatus("queued"),
                Optional.empty(),
                Optional.empty(),
                Optional.of(1),
                Source.SEND,
                NOW.plusSeconds(5));

        Task after = after(withStatus("delivered"), answer);

        assertThat(after.status()).contains(new MessageStatus("delivered"));
        assertThat(after.history().get(1).source()).isEqualTo(Source.SEND);
    }

    @Test
    void a_status_may_skip_the_ones_between() {
        Task after = after(withStatus("accepted"), reported("delivered"));

        assertThat(after.node()).isEqualTo(Node.FINAL);
        assertThat(lastNote(after)).isEmpty();
    }

    @Test
    void a_sid_that_the_poll_brings_is_noted_as_matched() {
        StatusReport found = new StatusReport(
                SID,
                new MessageStatus("sent"),
                Optional.empty(),
                Optional.empty(),
                Optional.of(1),
                Source.POLL,
                NOW.plusSeconds(700));

        Task matched = after(escalated(callError(CallFailure.TIMEOUT)), found);

        assertThat(matched.sid()).contains(SID);
        assertThat(matched.node()).isEqualTo(Node.WAITING_FOR_CALLBACK);
        assertThat(lastNote(matched)).contains("matched");
        assertThat(lastNote(after(withStatus("queued"), found))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"undelivered", "failed", "canceled"})
    void undelivered_is_final_like_every_other_failure(String status) {
        Task after = after(withStatus("sent"), reported(status));

        assertThat(after.node()).isEqualTo(Node.ESCALATION);
        assertThat(after.isHardFinal()).isTrue();
        assertThat(after.escalation().orElseThrow().code()).isEqualTo(status);
        assertThat(after.escalation().orElseThrow().urlMoreInfo()).isEmpty();
        assertThat(after.escalation().orElseThrow().retryable()).isEqualTo(Retryable.NO);
    }

    @Test
    void a_failure_tells_twilios_code_and_its_page() {
        Escalation escalation = after(withStatus("sent"), reportedWithCode("undelivered", "30005"))
                .escalation()
                .orElseThrow();

        assertThat(escalation.code()).isEqualTo("30005");
        assertThat(escalation.urlMoreInfo()).contains("https://www.twilio.com/docs/errors/30005");
        assertThat(escalation.message()).startsWith("The number is unknown to the carrier");
    }

    @Test
    void duplicates_are_told_by_sid_and_status_and_noted_once() {
        Task once = after(withStatus("sent"), reported("sent"));
        assertThat(lastNote(once)).contains(Note.DUPLICATE);

        assertThat(reported("sent").appliedTo(once)).isSameAs(once);
    }

    @Test
    void a_known_sid_does_not_make_a_later_status_a_duplicate() {
        Task after = after(after(withStatus("sent"), reported("sent")), reported("delivered"));

        assertThat(after.node()).isEqualTo(Node.FINAL);
    }

    @Test
    void a_status_that_was_late_before_is_a_duplicate_now() {
        Task late = after(withStatus("delivered"), reported("sent"));

        assertThat(lastNote(after(late, reported("sent")))).contains(Note.DUPLICATE);
    }

    @Test
    void the_code_is_not_erased_by_a_later_callback_without_one() {
        Task failed = after(withStatus("sent"), reportedWithCode("failed", "30003"));
        for (String later : new String[] {"failed", "sent", "undelivered", "partially_delivered"}) {
            assertThat(after(failed, reported(later)).escalation().map(Escalation::code))
                    .as(later)
                    .contains("30003");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"queued", "sending", "sent", "delivered", "read"})
    void a_code_does_not_stay_on_a_message_that_is_under_way_or_has_arrived(String status) {
        Task unknown = escalated(callError(CallFailure.SERVER_ERROR));

        Task healed = after(unknown, reportedWithCode(status, "30008"));

        assertThat(healed.escalation()).isEmpty();
        assertThat(healed.history().get(1).code()).contains("30008");
    }

    @Test
    void an_unknown_word_is_noted_and_moves_nothing() {
        Task after = after(withStatus("sent"), reported("partially_delivered"));

        assertThat(after.status()).contains(new MessageStatus("sent"));
        assertThat(after.node()).isEqualTo(Node.WAITING_FOR_CALLBACK);
        assertThat(lastNote(after)).contains(Note.UNKNOWN_STATUS);
    }

    @Test
    void an_unknown_word_still_brings_the_sid() {
        Task after = after(task(), reported("partially_delivered"));

        assertThat(after.sid()).contains(SID);
        assertThat(after.node()).isEqualTo(Node.WAITING_FOR_CALLBACK);
        assertThat(after.rank()).isEqualTo(MessageStatus.NO_RANK);
        assertThat(lastNote(after)).contains(Note.UNKNOWN_STATUS);
    }

    @ParameterizedTest
    @EnumSource(CallFailure.class)
    void an_unknown_word_heals_as_well(CallFailure failure) {
        Task after = after(escalated(callError(failure)), reported("partially_delivered"));

        assertThat(after.node()).isEqualTo(Node.WAITING_FOR_CALLBACK);
        assertThat(after.escalation()).isEmpty();
        assertThat(lastNote(after)).contains(Note.HEALED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"queued", "sent"})
    void an_unknown_word_does_not_reopen_a_task_that_was_given_up(String status) {
        Task waiting = withStatus(status);
        Task ended = waiting.ended(NOW.plusSeconds(9));

        Task noted = after(ended, reported("partially_delivered"));
        Task repeated = after(noted, reported("partially_delivered"));

        assertThat(noted.node()).isEqualTo(ended.node());
        assertThat(noted.escalation()).isEqualTo(ended.escalation());
        assertThat(noted.status()).isEqualTo(ended.status());
        assertThat(noted.isOpen()).isFalse();
        assertThat(lastNote(noted)).contains(Note.UNKNOWN_STATUS);
        assertThat(lastNote(repeated)).contains(Note.DUPLICATE);
        assertThat(reported("partially_delivered").appliedTo(repeated)).isSameAs(repeated);
    }

    @Test
    void an_unknown_word_brings_the_sid_to_a_task_that_was_given_up_and_nothing_else() {
        Task unknown = escalated(callError(CallFailure.TIMEOUT));
        Task ended = unknown.ended(NOW.plusSeconds(9));

        Task after = after(ended, reported("partially_delivered"));

        assertThat(after.sid()).contains(SID);
        assertThat(after.status()).isEmpty();
        assertThat(after.escalation()).isEqualTo(ended.escalation());
        assertThat(after.isOpen()).isFalse();
        assertThat(after.subscribers()).isEqualTo(ended.subscribers());
        assertThat(after(after, reported("delivered")).node()).isEqualTo(Node.FINAL);
    }

    @Test
    void an_unknown_word_does_not_stand_in_the_way_of_a_known_one() {
        Task after = after(after(task(), reported("partially_delivered")), reported("accepted"));

        assertThat(after.status()).contains(new MessageStatus("accepted"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"delivered", "read", "failed"})
    void an_unknown_word_does_not_reopen_a_final_task(String status) {
        Task after = after(withStatus(status), reported("partially_delivered"));

        assertThat(after.node()).isEqualTo(new MessageStatus(status).node());
        assertThat(after.status()).contains(new MessageStatus(status));
    }

    @ParameterizedTest
    @CsvSource({"queued,Waiting for Callback", "delivered,Final", "undelivered,Escalation"})
    void an_unknown_outcome_heals_with_the_first_real_status(String status, String node) {
        Task healed = after(escalated(callError(CallFailure.TIMEOUT)), reported(status));

        assertThat(healed.node().label()).isEqualTo(node);
        assertThat(healed.sid()).contains(SID);
        assertThat(lastNote(healed)).contains(Note.HEALED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"delivered", "undelivered"})
    void an_end_of_our_own_making_yields_to_a_real_one(String status) {
        Task unconfirmed = unconfirmed();

        Task after = after(unconfirmed, reported(status));

        assertThat(after.status()).contains(new MessageStatus(status));
        assertThat(lastNote(after)).contains(Note.HEALED);
    }

    @Test
    void read_comes_after_delivered() {
        Task after = after(withStatus("delivered"), reported("read"));

        assertThat(after.status()).contains(new MessageStatus("read"));
        assertThat(after.node()).isEqualTo(Node.FINAL);
        assertThat(lastNote(after)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"undelivered", "failed", "canceled"})
    void read_does_not_come_after_a_failure(String status) {
        Task after = after(withStatus(status), reported("read"));

        assertThat(after.status()).contains(new MessageStatus(status));
        assertThat(lastNote(after)).contains(Note.CONFLICT);
    }

    @ParameterizedTest
    @CsvSource({
        "delivered,failed", "delivered,undelivered", "delivered,canceled", "failed,delivered",
        "failed,undelivered", "undelivered,delivered", "canceled,delivered", "read,failed"
    })
    void of_two_finals_the_first_wins_and_the_other_is_a_conflict(String first, String second) {
        Task stored = withStatus(first);

        Task after = after(stored, reportedWithCode(second, "30003"));

        assertThat(after.status()).contains(new MessageStatus(first));
        assertThat(after.node()).isEqualTo(stored.node());
        assertThat(after.escalation()).isEqualTo(stored.escalation());
        assertThat(after.history().get(1).status()).contains(second);
        assertThat(after.history().get(1).code()).contains("30003");
        assertThat(lastNote(after)).contains(Note.CONFLICT);
    }

    @Test
    void another_sid_than_the_tasks_is_noted_once_a_status() {
        Task once = after(withStatus("queued"), reportedFor(OTHER_SID, "sent"));
        assertThat(once.sid()).contains(SID);
        assertThat(once.status()).contains(new MessageStatus("queued"));
        assertThat(lastNote(once)).contains(Note.CONFLICT);

        assertThat(reportedFor(OTHER_SID, "sent").appliedTo(once)).isSameAs(once);
        assertThat(after(once, reportedFor(OTHER_SID, "delivered")).history()).hasSize(3);
    }

    @Test
    void scheduled_and_accepted_do_not_replace_each_other() {
        assertThat(after(withStatus("scheduled"), reported("accepted")).status())
                .contains(new MessageStatus("scheduled"));
        assertThat(after(withStatus("accepted"), reported("scheduled")).status())
                .contains(new MessageStatus("accepted"));
    }

    @Test
    void an_unknown_word_that_tells_nothing_more_does_not_advance_the_task() {
        Task sent = withStatus("sent");
        StatusReport anHourLater = new StatusReport(
                SID,
                new MessageStatus("partially_delivered"),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Source.CALLBACK,
                NOW.plusSeconds(3_600));

        Task after = after(sent, anHourLater);

        assertThat(after.standing()).isEqualTo(sent.standing());
        assertThat(after.pollAt()).isEqualTo(sent.pollAt());
    }

    @ParameterizedTest
    @CsvSource({
        "scheduled, tomorrow at noon, 35",
        "scheduled, 2026-12-04T10:00:00Z, 0",
        "accepted, tomorrow at noon, 0",
        "delivered, tomorrow at noon, 0"
    })
    void only_a_schedule_that_twilio_alone_can_read_moves_the_end_of_the_wait(String status, String sendAt, int days) {
        Sms scheduled = new Sms(
                task().sms().account(),
                task().sms().to(),
                Optional.empty(),
                task().sms().body(),
                Map.of("SendAt", List.of(sendAt)));
        Task claimed = Task.claimed(task().id(), scheduled, task().claim(), NOW, task().dueAt());

        Task after = after(claimed, reported(status));

        assertThat(after.dueAt()).isEqualTo(claimed.dueAt().plus(Duration.ofDays(days)));
    }

    @Test
    void what_was_read_had_been_delivered_before() {
        Task after = after(withStatus("read"), reported("delivered"));

        assertThat(after.status()).contains(new MessageStatus("read"));
        assertThat(lastNote(after)).contains(Note.LATE);
    }

    @Test
    void a_status_is_a_duplicate_even_where_the_history_had_no_room_for_it() {
        Task after = after(Samples.withHistory(withStatus("sent"), 3), reported("sent"));

        assertThat(lastNote(after)).contains(Note.DUPLICATE);
    }

    @Test
    void a_full_history_does_not_stop_the_number_of_segments() {
        Task full = Samples.withHistory(withStatus("sent"), 45);
        StatusReport answer = new StatusReport(
                SID,
                new MessageStatus("sent"),
                Optional.empty(),
                Optional.empty(),
                Optional.of(2),
                Source.SEND,
                NOW.plusSeconds(5));

        Task after = after(full, answer);

        assertThat(after.numSegments()).contains(2);
        assertThat(after.history()).hasSize(45);
    }

    @Test
    void a_refusal_is_not_looked_after_until_a_callback_shows_that_it_was_none() {
        Task refused = escalated(callError(CallFailure.REFUSED));
        assertThat(refused.isOpen()).isFalse();
        assertThat(refused.pollAt()).isEmpty();

        Task healed = after(refused, reported("sent"));

        assertThat(healed.node()).isEqualTo(Node.WAITING_FOR_CALLBACK);
        assertThat(healed.sid()).contains(SID);
        assertThat(healed.escalation()).isEmpty();
        assertThat(lastNote(healed)).contains(Note.HEALED);
        assertThat(healed.pollAt()).isPresent();
    }

    /** Twilio says 0 until a messaging service has chosen the sender. */
    @ParameterizedTest
    @ValueSource(ints = {0, -1})
    void a_count_of_no_segments_is_left_out_and_a_later_one_is_taken(int none) {
        Task after = after(task(), queued(none));

        assertThat(after.numSegments()).isEmpty();
        assertThat(after(after, queued(2)).numSegments()).contains(2);
        assertThat(after(after(after, queued(2)), reported("sent")).numSegments())
                .contains(2);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            undelivered | 30003 | Out of range | The phone could not be reached: it was off, or had no signal. Twilio says: Out of range
            undelivered | 30003 | ``           | The phone could not be reached: it was off, or had no signal.
            failed      | 39999 | Odd          | Twilio reported the message as failed with error 39999. Twilio says: Odd
            failed      | 39999 | ``           | Twilio reported the message as failed with error 39999.
            failed      | ``    | Odd          | Twilio reported the message as failed. Twilio says: Odd
            canceled    | ``    | ``           | Twilio reported the message as canceled.
            """)
    void a_delivery_failure_is_told_in_words(String status, String code, String text, String message) {
        StatusReport report = new StatusReport(
                SID,
                new MessageStatus(status),
                Optional.of(code).filter(it -> !it.isEmpty()),
                Optional.empty(),
                Optional.empty(),
                Source.CALLBACK,
                NOW);

        assertThat(report.withErrorText(text)
                        .appliedTo(task())
                        .escalation()
                        .orElseThrow()
                        .message())
                .isEqualTo(message);
    }

    private static StatusReport queued(int numSegments) {
        return new StatusReport(
                SID,
                new MessageStatus("queued"),
                Optional.empty(),
                Optional.empty(),
                Optional.of(numSegments),
                Source.POLL,
                NOW);
    }

    @Test
    void a_duplicate_in_a_full_history_is_nothing() {
        Task full = Samples.withHistory(withStatus("sent"), 45);

        assertThat(reported("sent").appliedTo(full)).isSameAs(full);
    }

    private static Task after(Task seen, StatusReport report) {
        return report.appliedTo(seen);
    }

    private static Task escalated(Escalation escalation) {
        return task().escalated(escalation, NOW);
    }

    private static Task unconfirmed() {
        Task waiting = withStatus("sent");
        return waiting.standing(waiting.standing().in(Node.FINAL), NOW, waiting.history());
    }

    private static Optional<String> lastNote(Task task) {
        return task.history().get(task.history().size() - 1).note();
    }
}
