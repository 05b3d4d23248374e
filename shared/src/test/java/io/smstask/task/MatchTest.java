package io.smstask.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class MatchTest {

    private static final Instant NOW = Samples.NOW;
    private static final Instant DEADLINE = NOW.plusSeconds(25);
    private static final String TO = "+15558675310";
    private static final String FROM = "+15005550006";
    private static final String TEXT = "Your code is 4711.";
    private static final String SERVICE = "MG00000000000000000000000000000001";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "+1 555 867 5310",
                "(555) 867-5310",
                "555.867.5310",
                "15558675310",
                "sms:+15558675310",
                "whatsapp:+15558675310",
                "+١٥٥٥٨٦٧٥٣١٠"
            })
    void all_spellings_of_a_recipient_have_one_key(String spelling) {
        assertThat(Match.key(sms(spelling, TEXT, Map.of()))).isEqualTo(Match.key(sms(TO, TEXT, Map.of())));
    }

    @Test
    void another_text_or_sender_has_the_same_key_and_another_account_has_not() {
        String key = Match.key(sms(TO, TEXT, Map.of()));
        Sms other = new Sms(
                new AccountSid("AC00000000000000000000000000000002"),
                new PhoneNumber(TO),
                Optional.empty(),
                Optional.of(new MessageText(TEXT)),
                Map.of());

        assertThat(key).matches("[0-9a-f]{32}");
        assertThat(Match.key(sms(TO, "Another text", Map.of("MessagingServiceSid", List.of(SERVICE)))))
                .isEqualTo(key);
        assertThat(Match.key(sms("+15558675311", TEXT, Map.of()))).isNotEqualTo(key);
        assertThat(Match.key(sms("+15558670531", TEXT, Map.of()))).isNotEqualTo(key);
        assertThat(Match.key(other)).isNotEqualTo(key);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "12", "messenger:me"})
    void a_recipient_of_few_digits_has_a_key_too(String to) {
        assertThat(Match.key(sms(to, TEXT, Map.of()))).hasSize(32);
    }

    // when

    @Test
    void an_unknown_outcome_is_matched_nine_minutes_after_the_calls_end() {
        Task unknown = unknown(task());
        Instant timely = DEADLINE.plus(Duration.ofMinutes(9));

        assertThat(Match.isTimely(unknown, timely.minusMillis(1))).isFalse();
        assertThat(Match.isTimely(unknown, timely)).isTrue();
        // Not recorded yet.
        assertThat(Match.isTimely(task(), timely)).isTrue();
        assertThat(Match.isTimely(task(), DEADLINE)).isFalse();
    }

    @Test
    void what_has_a_sid_or_surely_sent_nothing_is_not_matched() {
        Instant late = NOW.plus(Duration.ofHours(2));
        Task failed = escalated(task(), Samples.callError(CallFailure.CONNECT_FAILED));
        Task refused =
                escalated(task(), new Escalation.TwilioError("21211", "Invalid", Optional.empty(), Retryable.NO));

        assertThat(Match.isTimely(Samples.withStatus("queued"), late)).isFalse();
        assertThat(Match.isTimely(failed, late)).isFalse();
        assertThat(Match.isTimely(refused, late)).isFalse();
    }

    // strictly

    @Test
    void a_message_that_shows_all_that_was_asked_fits() {
        assertThat(Match.fits(task(), message())).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "-10120, false",
        "-10, true",
        "0, true",
        "25000, true",
        "34880, true",
        "36000, false",
        "-86400000, false"
    })
    void a_message_made_at_another_time_than_the_call_does_not_fit(long millis, boolean fits) {
        // Twilio shows whole seconds.
        Instant created = Instant.ofEpochSecond(NOW.plusMillis(millis).getEpochSecond());

        assertThat(Match.fits(task(), message(created, TEXT))).isEqualTo(fits);
    }

    @ParameterizedTest
    @ValueSource(strings = {"your code is 4711.", "Your code is 4711", " Your code is 4711.", "Your code is 4712.", ""})
    void a_message_with_another_text_does_not_fit(String text) {
        assertThat(Match.fits(task(), message(NOW, text))).isFalse();
    }

    @Test
    void a_message_of_another_account_number_sender_or_service_or_with_media_does_not_fit() {
        ListedMessage good = message();
        AccountSid account = new AccountSid("AC00000000000000000000000000000002");
        Optional<PhoneNumber> from = Optional.of(new PhoneNumber("+15005550007"));

        assertThat(List.of(
                        listed(account, TO, good.from(), Optional.empty(), false),
                        listed(Samples.ACCOUNT, "+15558675311", good.from(), Optional.empty(), false),
                        listed(Samples.ACCOUNT, TO, from, Optional.empty(), false),
                        listed(Samples.ACCOUNT, TO, Optional.empty(), Optional.empty(), false),
                        listed(Samples.ACCOUNT, TO, good.from(), Optional.of(SERVICE), false),
                        listed(Samples.ACCOUNT, TO, good.from(), Optional.empty(), true)))
                .noneMatch(message -> Match.fits(task(), message));
    }

    @Test
    void a_messaging_service_chooses_the_sender_unless_one_was_asked_for() {
        Map<String, List<String>> service = Map.of("MessagingServiceSid", List.of(SERVICE));
        Task chosen = task(new Sms(
                Samples.ACCOUNT, new PhoneNumber(TO), Optional.empty(), Optional.of(new MessageText(TEXT)), service));
        Task asked = task(sms(TO, TEXT, service));
        Optional<PhoneNumber> from = Optional.of(new PhoneNumber("+15005550007"));
        ListedMessage any = listed(Samples.ACCOUNT, TO, from, Optional.of(SERVICE), false);
        ListedMessage none = listed(Samples.ACCOUNT, TO, Optional.empty(), Optional.of(SERVICE), false);
        ListedMessage own = listed(Samples.ACCOUNT, TO, asked.sms().from(), Optional.of(SERVICE), false);
        ListedMessage other =
                listed(Samples.ACCOUNT, TO, from, Optional.of("MG00000000000000000000000000000002"), false);

        assertThat(List.of(any, none, own)).allMatch(message -> Match.fits(chosen, message));
        assertThat(List.of(any, none)).noneMatch(message -> Match.fits(asked, message));
        assertThat(Match.fits(asked, own)).isTrue();
        assertThat(List.of(other, message())).noneMatch(message -> Match.fits(chosen, message));
    }

    @ParameterizedTest
    @ValueSource(strings = {"MediaUrl", "ContentSid"})
    void what_is_more_than_a_text_is_not_matched(String parameter) {
        assertThat(Match.fits(task(sms(TO, TEXT, Map.of(parameter, List.of("x")))), message()))
                .isFalse();
    }

    @Test
    void a_task_without_a_text_is_not_matched() {
        Sms empty = new Sms(
                Samples.ACCOUNT, new PhoneNumber(TO), Optional.of(new PhoneNumber(FROM)), Optional.empty(), Map.of());

        assertThat(Match.fits(task(empty), message(NOW, ""))).isFalse();
    }

    @Test
    void of_a_further_attempt_the_message_may_be_as_old_as_a_lambda_call_can_be() {
        Task first = escalated(task(), Samples.callError(CallFailure.CONNECT_FAILED));
        Instant later = NOW.plus(Duration.ofHours(2));
        Claim next = new Claim("claim-2", 2, later, "https://callbacks.example.com", new CallbackProof.KeyHash("hash"));
        Task again = first.claimedAgain(next, later, later);

        assertThat(Match.fits(again, message(later.minusSeconds(1), TEXT))).isTrue();
        assertThat(Match.fits(again, message(later.minus(Duration.ofMinutes(16)), TEXT)))
                .isFalse();
        assertThat(Match.mayBeOf(again, message(later.minus(Duration.ofMinutes(15)), TEXT)))
                .isTrue();
    }

    // generously

    @Test
    void a_message_may_be_that_of_any_task_that_nothing_is_known_of() {
        assertThat(Match.mayBeOf(task(), message())).isTrue();
        assertThat(Match.mayBeOf(unknown(task()), message())).isTrue();
        Task ended = unknown(task()).ended(NOW.plusSeconds(90_000));
        assertThat(Match.mayBeOf(ended, message())).isTrue();
    }

    @ParameterizedTest
    @EnumSource(
            value = CallFailure.class,
            names = {"STATUS_TIMEOUT"},
            mode = EnumSource.Mode.EXCLUDE)
    void a_task_that_surely_sent_nothing_has_no_message(CallFailure failure) {
        Task failed = escalated(task(), Samples.callError(failure));

        assertThat(Match.mayBeOf(failed, message())).isEqualTo(failure.retryable() == Retryable.UNKNOWN);
    }

    @Test
    void a_task_with_a_sid_has_that_message_and_no_other() {
        Task waiting = Samples.reportedFor(message().sid(), "queued").appliedTo(task());

        assertThat(Match.mayBeOf(waiting, message())).isTrue();
        assertThat(Match.mayBeOf(waiting, message(Samples.OTHER_SID))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Your code is 4711.", "YOUR CODE IS: 4711", "your code… is “4711”", "code", "Ｙｏｕｒ code", "!", ""
            })
    void a_text_that_twilio_may_have_changed_into_the_message_may_be_its_own(String text) {
        assertThat(Match.mayBeOf(unknown(task(sms(TO, text, Map.of()))), message()))
                .isTrue();
    }

    @Test
    void another_text_is_another_message() {
        assertThat(Match.mayBeOf(unknown(task(sms(TO, "Your code is 4712.", Map.of()))), message()))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ContentSid", "ShortenUrls", "SmartEncoded", "MediaUrl", "SomethingNew"})
    void with_further_parameters_another_text_proves_nothing(String parameter) {
        Sms other = sms(TO, "Your code is 4712.", Map.of(parameter, List.of("x")));

        assertThat(Match.mayBeOf(unknown(task(other)), message())).isTrue();
    }

    @Test
    void a_task_of_another_time_has_not_made_the_message() {
        ListedMessage later = message(DEADLINE.plus(Duration.ofMinutes(11)), TEXT);
        ListedMessage delayed = message(DEADLINE.plus(Duration.ofMinutes(9)), TEXT);
        ListedMessage before = message(NOW.minusSeconds(11), TEXT);

        assertThat(Match.mayBeOf(unknown(task()), delayed)).isTrue();
        assertThat(List.of(later, before)).noneMatch(message -> Match.mayBeOf(unknown(task()), message));
    }

    @Test
    void every_task_that_may_have_made_a_message_is_within_its_deadlines() {
        for (long seconds = -40; seconds < 1000; seconds += 5) {
            ListedMessage message = message(NOW.plusSeconds(seconds), TEXT);
            if (Match.mayBeOf(task(), message)) {
                assertThat(DEADLINE).isBetween(Match.firstDeadline(message), Match.lastDeadline(message));
            }
        }
    }

    @Test
    void nothing_private_is_printed() {
        assertThat(message().toString()).doesNotContain("5558675310", "5005550006", "4711");
    }

    private static Task task() {
        return task(sms(TO, TEXT, Map.of()));
    }

    private static Task task(Sms sms) {
        return Task.claimed(Samples.TASK_ID, sms, Samples.claim("claim-1", 1), NOW, NOW.plus(Duration.ofHours(24)));
    }

    private static Task unknown(Task task) {
        return escalated(task, Samples.callError(CallFailure.TIMEOUT));
    }

    private static Task escalated(Task task, Escalation escalation) {
        return task.escalated(escalation, NOW);
    }

    private static Sms sms(String to, String text, Map<String, List<String>> further) {
        return new Sms(
                Samples.ACCOUNT,
                new PhoneNumber(to),
                Optional.of(new PhoneNumber(FROM)),
                Optional.of(new MessageText(text)),
                further);
    }

    private static ListedMessage message() {
        return message(NOW, TEXT);
    }

    private static ListedMessage message(MessageSid sid) {
        return message(
                sid, Samples.ACCOUNT, TO, Optional.of(new PhoneNumber(FROM)), Optional.empty(), TEXT, false, NOW);
    }

    private static ListedMessage message(Instant created, String text) {
        return message(
                Samples.SID,
                Samples.ACCOUNT,
                TO,
                Optional.of(new PhoneNumber(FROM)),
                Optional.empty(),
                text,
                false,
                created);
    }

    private static ListedMessage listed(
            AccountSid account, String to, Optional<PhoneNumber> from, Optional<String> service, boolean hasMedia) {
        return message(Samples.SID, account, to, from, service, TEXT, hasMedia, NOW);
    }

    private static ListedMessage message(
            MessageSid sid,
            AccountSid account,
            String to,
            Optional<PhoneNumber> from,
            Optional<String> service,
            String text,
            boolean hasMedia,
            Instant created) {
        return new ListedMessage(
                sid,
                account,
                new PhoneNumber(to),
                from,
                service,
                new MessageText(text),
                hasMedia,
                created,
                new MessageStatus("sent"),
                Optional.empty(),
                Optional.empty(),
                Optional.of(1));
    }
}
