package io.smstask.send;

import static io.smstask.send.Calls.ID;
import static io.smstask.send.Calls.SERVICE;
import static io.smstask.send.Calls.TOKEN;
import static io.smstask.send.Calls.call;
import static io.smstask.send.Calls.callWith;
import static io.smstask.send.Calls.callWithout;
import static io.smstask.send.SendFixture.WAIT;
import static io.smstask.testing.HandClock.START;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.smstask.lambda.TaskJson;
import io.smstask.send.FakeSmsGateway.Asked;
import io.smstask.send.TwilioAnswer.Accepted;
import io.smstask.send.TwilioAnswer.Incomplete;
import io.smstask.send.TwilioAnswer.NotSent;
import io.smstask.send.TwilioAnswer.Refused;
import io.smstask.send.TwilioAnswer.Unknown;
import io.smstask.task.AuthToken;
import io.smstask.task.CallFailure;
import io.smstask.task.CallbackProof;
import io.smstask.task.Claim;
import io.smstask.task.Escalation.CallError;
import io.smstask.task.Escalation.TwilioError;
import io.smstask.task.HistoryEntry;
import io.smstask.task.MessageSid;
import io.smstask.task.MessageStatus;
import io.smstask.task.Misconfigured;
import io.smstask.task.Node;
import io.smstask.task.Reason;
import io.smstask.task.Retryable;
import io.smstask.task.Sms;
import io.smstask.task.StoreUnavailable;
import io.smstask.task.Subscribers;
import io.smstask.task.Task;
import io.smstask.task.TaskStore;
import io.smstask.task.TwilioTexts;
import io.smstask.task.UnreadableTask;
import io.smstask.testing.FaultyStore.Call;
import io.smstask.twilio.CallbackKey;
import io.smstask.twilio.TwilioMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Claim, one POST, record; and what a repeat of the same call does after each possible end. */
final class SendSmsTest {

    private static final MessageSid SID = new MessageSid(SampleSms.SID);
    private static final TwilioAnswer QUEUED = accepted("queued");
    private static final TwilioAnswer INVALID_NUMBER = refused(400, "21211", "Invalid 'To' Phone Number.");
    private static final TwilioAnswer RATE_LIMIT = new NotSent(
            new TwilioError("20429", "Too many requests.", Optional.empty(), Retryable.YES),
            Optional.of(Duration.ofMinutes(1)));
    private static final TwilioAnswer NO_CONNECTION =
            new NotSent(new CallError(CallFailure.CONNECT_FAILED, "No connection."), Optional.empty());
    private static final TwilioAnswer NO_ANSWER = unknown(CallFailure.TIMEOUT, "No answer in time.");
    private static final TwilioAnswer QUOTA = retryable(429, "63038");
    private static final TwilioAnswer REFUSED =
            SampleSms.refused(451, new CallError(CallFailure.REFUSED, "Refused with HTTP status 451."));

    private static final String EMOJI = "\uD83D\uDE9A";

    private final SendFixture fixture = SendFixture.withoutSecret();

    @Test
    void a_task_is_claimed_then_sent_once_then_recorded() {
        fixture.whileTwilioWorks(() -> {
            assertThat(fixture.stored().node()).isEqualTo(Node.CALLING_API);
            assertThat(fixture.stored().claim().callDeadline()).isEqualTo(START.plus(SendFixture.FUNCTION_TIMEOUT));
            fixture.clock.move(Duration.ofSeconds(1));
        });

        SendResult.Sent sent = (SendResult.Sent) fixture.send(call());

        assertThat(fixture.store.calls()).containsExactly(Call.CLAIM, Call.WRITE);
        assertThat(fixture.twilio.asked()).hasSize(1);
        assertThat(sent.isRecorded()).isTrue();
        assertThat(sent.task()).isEqualTo(fixture.stored());
        assertThat(fixture.stored()).satisfies(task -> {
            assertThat(task.node()).isEqualTo(Node.WAITING_FOR_CALLBACK);
            assertThat(task.sid()).contains(SID);
            assertThat(task.status()).contains(new MessageStatus("queued"));
            assertThat(task.numSegments()).contains(1);
            assertThat(task.createdAt()).isEqualTo(START);
            assertThat(task.updatedAt()).isEqualTo(START.plusSeconds(1));
            assertThat(task.history()).hasSize(1);
        });
    }

    @Test
    void claiming_is_one_step_of_four_seconds_with_all_its_tries() {
        fixture.twilio.answering(RATE_LIMIT);
        fixture.send(call());
        fixture.send(call());

        assertThat(fixture.store.calls())
                .containsExactly(Call.CLAIM, Call.WRITE, Call.CLAIM, Call.CLAIM_AGAIN, Call.WRITE);
        assertThat(fixture.store.steps()).containsExactly(Duration.ofSeconds(4), Duration.ofSeconds(4));
    }

    /** A messaging service has not chosen the sender yet, so Twilio cannot count. */
    @Test
    void a_count_of_no_segments_is_left_out() {
        fixture.twilio.answering(new Accepted(new TwilioMessage(
                SID, new MessageStatus("accepted"), Optional.empty(), Optional.empty(), Optional.of(0))));

        SendResult.Sent sent = (SendResult.Sent) fixture.send(call());

        assertThat(TaskJson.of(sent.task())).containsEntry("status", "accepted").doesNotContainKey("num_segments");
        assertThat(fixture.stored().numSegments()).isEmpty();
    }

    @Test
    void twilio_is_asked_for_what_the_caller_asked() {
        fixture.send(callWith("MediaUrl", List.of("https://example.com/b.jpg", "https://example.com/a.jpg")));

        Asked asked = fixture.twilio.asked().get(0);
        Sms sms = asked.sms();
        assertThat(sms.account()).isEqualTo(SampleSms.ACCOUNT);
        assertThat(sms.to().value()).isEqualTo(Calls.TO);
        assertThat(sms.from().orElseThrow().value()).isEqualTo(Calls.FROM);
        assertThat(sms.body().orElseThrow().value()).isEqualTo(Calls.BODY);
        assertThat(sms.further())
                .containsEntry("MediaUrl", List.of("https://example.com/b.jpg", "https://example.com/a.jpg"));
        assertThat(asked.credentials().username()).isEqualTo(SampleSms.ACCOUNT.value());
        assertThat(asked.credentials().password()).isEqualTo(new AuthToken(TOKEN));
        assertThat(asked.patience()).isEqualTo(Duration.ofSeconds(15));
    }

    static Stream<Arguments> outcomes() {
        return Stream.of(
                arguments("queued", QUEUED, 201, Node.WAITING_FOR_CALLBACK, "", "", 200),
                arguments("accepted", accepted("accepted"), 201, Node.WAITING_FOR_CALLBACK, "", "", 200),
                arguments("new word", accepted("brand_new"), 201, Node.WAITING_FOR_CALLBACK, "", "", 200),
                arguments("delivered", accepted("delivered"), 201, Node.FINAL, "", "", 200),
                arguments("failed", accepted("failed"), 201, Node.ESCALATION, "failed", "no", 200),
                arguments("refused", INVALID_NUMBER, 422, Node.ESCALATION, "21211", "no", 422),
                arguments("401", refused(401, "20003", "No."), 422, Node.ESCALATION, "20003", "no", 422),
                arguments("451 in text", REFUSED, 422, Node.ESCALATION, "refused", "no", 422),
                arguments("401 in HTML", refusedInHtml(401), 422, Node.ESCALATION, "refused", "no", 422),
                arguments(
                        "no status",
                        new Incomplete(Optional.of(SID)),
                        502,
                        Node.ESCALATION,
                        "status_missing",
                        "no",
                        502),
                arguments(
                        "no sid",
                        new Incomplete(Optional.empty()),
                        502,
                        Node.ESCALATION,
                        "status_missing",
                        "unknown",
                        502),
                arguments("timeout", NO_ANSWER, 504, Node.ESCALATION, "timeout", "unknown", 504),
                arguments(
                        "lost",
                        unknown(CallFailure.CONNECTION_LOST, "Lost."),
                        502,
                        Node.ESCALATION,
                        "connection_lost",
                        "unknown",
                        502),
                arguments(
                        "unreadable",
                        unknown(CallFailure.BAD_ANSWER, "Bad."),
                        502,
                        Node.ESCALATION,
                        "bad_answer",
                        "unknown",
                        502),
                arguments(
                        "5xx",
                        unknown(CallFailure.SERVER_ERROR, "500."),
                        502,
                        Node.ESCALATION,
                        "server_error",
                        "unknown",
                        502));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("outcomes")
    void incident_17_whatever_came_of_the_one_post_a_repeat_makes_no_second(
            String name, TwilioAnswer answer, int first, Node node, String code, String retryable, int repeated) {
        fixture.twilio.answering(answer);

        assertThat(fixture.answerTo(call())).isEqualTo(first);
        Task task = fixture.stored();
        assertThat(task.node()).isEqualTo(node);
        assertThat(task.escalation().map(red -> red.code()).orElse("")).isEqualTo(code);
        assertThat(task.escalation().map(red -> red.retryable().word()).orElse(""))
                .isEqualTo(retryable);

        fixture.clock.move(Duration.ofDays(1));
        assertThat(fixture.answerTo(call())).isEqualTo(repeated);
        assertThat(fixture.twilio.asked()).hasSize(1);
        assertThat(fixture.stored()).isEqualTo(task);
    }

    static Stream<Arguments> nothing_was_sent() {
        return Stream.of(
                arguments("20429", RATE_LIMIT, 429),
                arguments("63038", QUOTA, 429),
                arguments("21611", retryable(400, "21611"), 422),
                arguments("21730", retryable(400, "21730"), 422),
                arguments("connect_failed", NO_CONNECTION, 502));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("nothing_was_sent")
    void incident_18_where_surely_nothing_was_sent_the_same_call_runs_the_task_again(
            String code, TwilioAnswer answer, int first) {
        fixture.twilioAlwaysAnswers(answer);
        assertThat(fixture.answerTo(callWith("context", Map.of("order", 4711)))).isEqualTo(first);
        Task before = fixture.stored();
        int postsBefore = fixture.twilio.asked().size();
        assertThat(before.escalation().orElseThrow().code()).isEqualTo(code);
        assertThat(before.mayRunAgain()).isTrue();

        fixture.twilioAnswersAsScripted();
        fixture.clock.move(Duration.ofHours(1));
        assertThat(fixture.answerTo(call())).isEqualTo(201);

        assertThat(fixture.twilio.asked()).hasSize(postsBefore + 1);
        assertThat(keyOf(fixture.twilio.asked().get(postsBefore)))
                .isNotEqualTo(keyOf(fixture.twilio.asked().get(0)));
        assertThat(fixture.stored()).satisfies(task -> {
            assertThat(task.claim().attempt()).isEqualTo(2);
            assertThat(task.claim().id()).isNotEqualTo(before.claim().id());
            assertThat(task.claim().proof()).isNotEqualTo(before.claim().proof());
            assertThat(task.node()).isEqualTo(Node.WAITING_FOR_CALLBACK);
            assertThat(task.escalation()).isEmpty();
            assertThat(task.createdAt()).isEqualTo(before.createdAt());
            assertThat(task.dueAt()).isEqualTo(fixture.clock.instant().plus(WAIT));
            assertThat(task.context()).contains("{\"order\":4711}");
            assertThat(task.history())
                    .startsWith(before.history().toArray(HistoryEntry[]::new))
                    .hasSize(2);
        });
    }

    @Test
    void incident_32_a_quota_is_asked_for_once_and_named_with_an_hour_to_wait() {
        fixture.twilioAlwaysAnswers(QUOTA);

        SendResult sent = fixture.send(call());

        assertThat(fixture.twilio.asked()).hasSize(1);
        assertThat(fixture.pauses).isEmpty();
        assertThat(SendReplies.http(sent).getStatusCode()).isEqualTo(429);
        assertThat(SendReplies.http(sent).getHeaders()).containsEntry("Retry-After", "3600");
        assertThat(SendReplies.direct(sent, fixture.clock.instant())).containsEntry("retry_after_seconds", 3600L);
    }

    @Test
    void a_quota_for_which_twilio_names_the_time_is_named_with_twilios() {
        fixture.twilio.answering(new Refused(429, error("63038", Retryable.YES), Optional.of(Duration.ofHours(5))));

        SendResult sent = fixture.send(call());

        assertThat(SendReplies.http(sent).getHeaders()).containsEntry("Retry-After", "18000");
        assertThat(SendReplies.direct(sent, fixture.clock.instant())).containsEntry("retry_after_seconds", 18000L);
    }

    @Test
    void who_loses_the_race_to_run_again_and_finds_the_next_quota_is_asked_to_wait_as_long() {
        fixture.twilioAlwaysAnswers(QUOTA);
        fixture.send(call());
        fixture.store.before(Call.CLAIM_AGAIN, () -> fixture.send(call()));

        SendResult repeated = fixture.send(call());

        assertThat(repeated).isInstanceOf(SendResult.Repeated.class);
        assertThat(SendReplies.http(repeated).getHeaders()).containsEntry("Retry-After", "3600");
        assertThat(SendReplies.direct(repeated, fixture.clock.instant())).containsEntry("retry_after_seconds", 3600L);
    }

    /** The time to wait is for calls that may be repeated. */
    @Test
    void a_direct_caller_is_told_how_long_to_wait_only_where_somebody_knows_and_a_repeat_may_help() {
        assertThat(directAnswerTo(RATE_LIMIT)).containsEntry("retry_after_seconds", 60L);
        assertThat(directAnswerTo(new Refused(400, error("21611", Retryable.YES), Optional.of(Duration.ofMillis(1)))))
                .containsEntry("retry_after_seconds", 1L);
        for (TwilioAnswer answer : List.of(
                NO_CONNECTION,
                retryable(400, "21611"),
                retryable(400, "21730"),
                REFUSED,
                INVALID_NUMBER,
                new Refused(400, error("21211", Retryable.NO), Optional.of(Duration.ofHours(1))),
                NO_ANSWER,
                QUEUED)) {
            assertThat(directAnswerTo(answer)).doesNotContainKey("retry_after_seconds");
        }
    }

    private static Map<String, Object> directAnswerTo(TwilioAnswer answer) {
        SendFixture own = SendFixture.withoutSecret();
        own.twilioAlwaysAnswers(answer);
        return SendReplies.direct(own.send(call()), own.clock.instant());
    }

    /** The operator fixes the stack's credentials, and then the same call must send. */
    @ParameterizedTest
    @ValueSource(strings = {"20003", "20006", "refused"})
    void incident_32_a_refusal_of_the_stacks_credentials_is_not_kept_for_ever(String code) {
        SendFixture own = SendFixture.withSecret(SendFixture.secret(TOKEN));
        TwilioAnswer unauthorized = code.equals("refused") ? refusedInHtml(401) : refused(401, code, "Authenticate");
        own.twilioAlwaysAnswers(unauthorized);

        assertThat(own.answerTo(callWithout("AuthToken"))).isEqualTo(422);

        assertThat(own.stored().escalation().orElseThrow().code()).isEqualTo(code);
        assertThat(own.stored().escalation().orElseThrow().retryable()).isEqualTo(Retryable.YES);
        assertThat(own.stored().escalation().orElseThrow().reason()).isEqualTo(Reason.ACCOUNT);
        own.secretBecomes(SendFixture.secret("f".repeat(32)));
        own.twilioAnswersAsScripted();
        own.clock.move(Duration.ofMinutes(1));
        own.twilio.answering(unauthorized);
        assertThat(own.answerTo(callWithout("AuthToken"))).isEqualTo(201);
    }

    @Test
    void a_refusal_of_the_stacks_request_for_another_cause_is_for_good() {
        SendFixture own = SendFixture.withSecret(SendFixture.secret(TOKEN));
        for (TwilioAnswer answer : List.of(INVALID_NUMBER, refused(403, "20003", "No."), refusedInHtml(403))) {
            own.twilio.answering(answer);
            own.send(callWithout("AuthToken"));

            assertThat(own.stored().escalation().orElseThrow().retryable()).isEqualTo(Retryable.NO);
            own.store.forgetAll();
        }
    }

    @Test
    void an_answer_that_lacks_something_is_told_with_what_it_lacks() {
        SendFixture withoutStatus = SendFixture.withoutSecret();
        withoutStatus.twilio.answering(new Incomplete(Optional.of(SID)));
        withoutStatus.send(call());
        assertThat(withoutStatus.stored().escalation().orElseThrow().message()).endsWith("without a status.");

        fixture.twilio.answering(new Incomplete(Optional.empty()));
        fixture.send(call());
        assertThat(fixture.stored().escalation().orElseThrow().message()).endsWith("without a sid.");
    }

    @Test
    void a_task_run_again_while_the_store_is_down_stays_as_it_was() {
        fixture.twilio.answering(RATE_LIMIT);
        fixture.send(call());
        Task before = fixture.stored();
        fixture.store.failOnce(Call.CLAIM_AGAIN);

        assertThatThrownBy(() -> fixture.send(call())).isInstanceOf(StoreUnavailable.class);

        assertThat(fixture.stored()).isEqualTo(before);
        assertThat(fixture.twilio.asked()).hasSize(1);
    }

    @Test
    void a_repeat_during_the_call_is_told_that_it_is_in_progress() {
        List<Integer> repeats = new ArrayList<>();
        fixture.whileTwilioWorks(() -> repeats.add(fixture.answerTo(call())));

        assertThat(fixture.answerTo(call())).isEqualTo(201);

        assertThat(repeats).containsExactly(202);
        assertThat(fixture.twilio.asked()).hasSize(1);
    }

    @Test
    void incident_20_of_two_calls_at_the_same_moment_one_sends() throws Exception {
        CyclicBarrier bothAreHere = new CyclicBarrier(2);
        fixture.store.before(Call.CLAIM, () -> await(bothAreHere));
        fixture.store.before(Call.CLAIM, () -> await(bothAreHere));

        List<Integer> answers = twiceAtOnce();

        assertThat(fixture.twilio.asked()).hasSize(1);
        assertThat(answers).contains(201).allMatch(status -> status >= 200 && status <= 202);
    }

    @Test
    void of_two_calls_that_run_a_task_again_at_the_same_moment_one_sends() throws Exception {
        fixture.twilio.answering(RATE_LIMIT);
        fixture.send(call());
        CyclicBarrier bothAreHere = new CyclicBarrier(2);
        fixture.store.before(Call.CLAIM_AGAIN, () -> await(bothAreHere));
        fixture.store.before(Call.CLAIM_AGAIN, () -> await(bothAreHere));

        List<Integer> answers = twiceAtOnce();

        assertThat(fixture.twilio.asked()).hasSize(2);
        assertThat(answers).contains(201).allMatch(status -> status >= 200 && status <= 202);
        assertThat(fixture.stored().claim().attempt()).isEqualTo(2);
    }

    @Test
    void a_task_of_which_somebody_is_told_at_this_moment_is_run_again_all_the_same() {
        SendFixture withBus = SendFixture.withEventBus();
        withBus.twilio.answering(RATE_LIMIT);
        withBus.send(call());
        withBus.store.before(Call.CLAIM_AGAIN, () -> {
            Task failed = withBus.stored();
            withBus.store
                    .undisturbed()
                    .replace(
                            failed,
                            failed.told(new Subscribers(List.of(), Subscribers.Event.PUT), withBus.clock.instant()));
        });

        SendResult.Sent sent = (SendResult.Sent) withBus.send(call());

        assertThat(SendReplies.http(sent).getStatusCode()).isEqualTo(201);
        assertThat(withBus.stored().subscribers().event()).isEqualTo(Subscribers.Event.WANTED);
    }

    @Test
    void who_loses_the_race_to_run_again_and_finds_the_next_rate_limit_is_asked_to_wait_too() {
        fixture.twilioAlwaysAnswers(RATE_LIMIT);
        fixture.send(call());
        fixture.store.before(Call.CLAIM_AGAIN, () -> fixture.send(call()));

        var answer = SendReplies.http(fixture.send(call()));

        assertThat(answer.getStatusCode()).isEqualTo(429);
        assertThat(answer.getHeaders()).containsKey("Retry-After");
        assertThat(fixture.twilio.asked()).hasSize(2);
    }

    @Test
    void who_loses_the_race_to_run_again_and_finds_the_next_attempt_released_is_asked_to_repeat() {
        fixture.twilioAlwaysAnswers(NO_CONNECTION);
        fixture.send(call());
        fixture.store.before(
                Call.CLAIM_AGAIN,
                () -> assertThatThrownBy(() -> fixture.send(call(), Duration.ZERO))
                        .isInstanceOf(StoreUnavailable.class));

        var answer = SendReplies.http(fixture.send(call()));

        assertThat(answer.getStatusCode()).isEqualTo(503);
        assertThat(answer.getHeaders()).containsEntry("Retry-After", "1");
    }

    @Test
    void a_rate_limit_whose_record_is_repeated_while_the_next_attempt_runs_is_answered_as_one() {
        fixture.twilio.answering(RATE_LIMIT);
        fixture.store.before(Call.WRITE, () -> {
            // The first write got through, its answer was lost, and another call runs the task again before the retry.
            TaskStore store = fixture.store.undisturbed();
            TwilioError error = (TwilioError) ((NotSent) RATE_LIMIT).error();
            store.replace(fixture.stored(), fixture.stored().escalated(error, fixture.clock.instant()));
            Task failed = fixture.stored();
            Claim next = new Claim(
                    "claim-2",
                    2,
                    failed.claim().callDeadline(),
                    SendFixture.CALLBACK_BASE,
                    failed.claim().proof());
            store.claimAgain(failed, failed.claimedAgain(next, fixture.clock.instant(), failed.dueAt()));
        });

        SendResult.Sent sent = (SendResult.Sent) fixture.send(call());

        assertThat(SendReplies.http(sent).getStatusCode()).isEqualTo(429);
        assertThat(sent.task().claim().attempt()).isEqualTo(1);
        assertThat(fixture.stored().node()).isEqualTo(Node.CALLING_API);
        assertThat(fixture.stored().claim().attempt()).isEqualTo(2);
    }

    /** The callback may come before the answer, or between answer and record. */
    @Nested
    class Faster_callbacks {

        @ParameterizedTest
        @CsvSource({"sending", "sent", "delivered", "undelivered"})
        void incident_2_the_senders_record_does_not_undo_a_callback(String status) {
            fixture.whileTwilioWorks(() -> fixture.callback(status));

            assertThat(fixture.answerTo(call())).isEqualTo(201);

            assertThat(fixture.stored()).satisfies(task -> {
                assertThat(task.status()).contains(new MessageStatus(status));
                assertThat(task.node()).isEqualTo(new MessageStatus(status).node());
                assertThat(task.sid()).contains(SID);
                assertThat(task.numSegments()).contains(1);
            });
        }

        @ParameterizedTest
        @ValueSource(strings = {"queued", "sent", "delivered"})
        void a_callback_between_claim_and_record_costs_one_more_write_at_most(String status) {
            fixture.store.before(Call.WRITE, () -> fixture.callback(status));

            SendResult.Sent sent = (SendResult.Sent) fixture.send(call());

            assertThat(sent.isRecorded()).isTrue();
            assertThat(sent.task().status()).contains(new MessageStatus(status));
            assertThat(fixture.store.calls()).containsExactly(Call.CLAIM, Call.WRITE, Call.WRITE);
        }

        @Test
        void callbacks_that_are_faster_each_time_are_the_later_truth() {
            fixture.store.before(Call.WRITE, () -> fixture.callback("sending"));
            fixture.store.before(Call.WRITE, () -> fixture.callback("sent"));

            SendResult.Sent sent = (SendResult.Sent) fixture.send(call());

            assertThat(SendReplies.http(sent).getStatusCode()).isEqualTo(201);
            assertThat(sent.task()).isEqualTo(fixture.stored());
            assertThat(sent.task().status()).contains(new MessageStatus("sent"));
            assertThat(fixture.store.calls()).containsExactly(Call.CLAIM, Call.WRITE, Call.WRITE, Call.WRITE);
        }

        static Stream<TwilioAnswer> answers_that_tell_no_outcome() {
            return Stream.of(
                    NO_ANSWER,
                    unknown(CallFailure.SERVER_ERROR, "500."),
                    new Incomplete(Optional.empty()),
                    new Incomplete(Optional.of(SID)));
        }

        @ParameterizedTest
        @MethodSource("answers_that_tell_no_outcome")
        void a_callback_tells_what_twilios_answer_did_not(TwilioAnswer answer) {
            fixture.twilio.answering(answer);
            fixture.whileTwilioWorks(() -> fixture.callback("sent"));

            assertThat(fixture.answerTo(call())).isEqualTo(201);

            assertThat(fixture.stored().node()).isEqualTo(Node.WAITING_FOR_CALLBACK);
            assertThat(fixture.stored().escalation()).isEmpty();
        }

        @Test
        void incident_17_a_timeout_is_healed_by_the_callback_and_then_answered_as_sent() {
            fixture.twilio.answering(NO_ANSWER);
            assertThat(fixture.answerTo(call())).isEqualTo(504);

            fixture.callback("delivered");

            assertThat(fixture.answerTo(call())).isEqualTo(200);
            assertThat(fixture.stored().node()).isEqualTo(Node.FINAL);
            assertThat(fixture.twilio.asked()).hasSize(1);
        }
    }

    /** The point at which the store fails decides whether Twilio may be called. */
    @Nested
    class Without_the_store {

        @Test
        void no_claim_no_post() {
            fixture.store.failOnce(Call.CLAIM);

            assertThatThrownBy(() -> fixture.send(call())).isInstanceOf(StoreUnavailable.class);

            assertThat(fixture.twilio.asked()).isEmpty();
        }

        @Test
        void incident_19_what_could_not_be_recorded_is_told_to_the_caller_and_never_sent_again() {
            fixture.store.failOnce(Call.WRITE);

            SendResult.Sent sent = (SendResult.Sent) fixture.send(call());

            assertThat(SendReplies.http(sent).getStatusCode()).isEqualTo(201);
            assertThat(sent.isRecorded()).isFalse();
            assertThat(sent.task().sid()).contains(SID);
            assertThat(sent.task().status()).contains(new MessageStatus("queued"));
            assertThat(fixture.stored().sid()).isEmpty();
            assertThat(fixture.answerTo(call())).isEqualTo(202);
            fixture.clock.move(SendFixture.FUNCTION_TIMEOUT);
            assertThat(fixture.answerTo(call())).isEqualTo(504);
            fixture.callback("sent");
            assertThat(fixture.answerTo(call())).isEqualTo(200);
            assertThat(fixture.twilio.asked()).hasSize(1);
        }

        @Test
        void what_was_sent_is_told_even_where_the_item_cannot_be_read_any_more() {
            fixture.store.before(Call.WRITE, () -> {
                throw new UnreadableTask(Calls.ID);
            });

            SendResult.Sent sent = (SendResult.Sent) fixture.send(call());

            assertThat(SendReplies.http(sent).getStatusCode()).isEqualTo(201);
            assertThat(sent.isRecorded()).isFalse();
        }

        @Test
        void a_refusal_that_could_not_be_recorded_is_told_to_the_caller() {
            fixture.twilio.answering(INVALID_NUMBER);
            fixture.store.failOnce(Call.WRITE);

            SendResult.Sent sent = (SendResult.Sent) fixture.send(call());

            assertThat(SendReplies.http(sent).getStatusCode()).isEqualTo(422);
            assertThat(sent.isRecorded()).isFalse();
        }

        @Test
        void incident_9_a_task_that_is_gone_when_twilio_has_answered_is_not_made_anew_and_the_caller_is_told() {
            for (TwilioAnswer answer : List.of(QUEUED, INVALID_NUMBER)) {
                fixture.twilio.answering(answer);
                fixture.store.before(Call.WRITE, fixture.store::forgetAll);

                SendResult.Sent sent = (SendResult.Sent) fixture.send(call());

                assertThat(SendReplies.http(sent).getStatusCode()).isEqualTo(answer == QUEUED ? 201 : 422);
                assertThat(sent.isRecorded()).isFalse();
                assertThat(fixture.hasTask()).isFalse();
            }
        }

        @Test
        void a_rate_limit_that_could_not_be_recorded_still_says_how_long_to_wait() {
            fixture.twilio.answering(RATE_LIMIT);
            fixture.store.failOnce(Call.WRITE);

            SendResult.Sent sent = (SendResult.Sent) fixture.send(call());

            assertThat(sent.retryAfter()).contains(Duration.ofMinutes(1));
            assertThat(sent.isRecorded()).isFalse();
        }

        @Test
        void a_write_that_fails_after_a_lost_race_still_knows_the_callback() {
            fixture.store.before(Call.WRITE, () -> fixture.callback("sent"));
            fixture.store.failOnce(Call.WRITE);

            SendResult.Sent sent = (SendResult.Sent) fixture.send(call());

            assertThat(sent.isRecorded()).isFalse();
            assertThat(sent.task().status()).contains(new MessageStatus("sent"));
        }
    }

    @Nested
    class Time {

        @Test
        void incident_22_a_call_that_was_killed_has_an_unknown_outcome_for_reader_and_repeat_alike() {
            fixture.whileTwilioWorks(() -> {
                throw new IllegalStateException("killed");
            });
            assertThatThrownBy(() -> fixture.send(call())).hasMessage("killed");
            fixture.whileTwilioWorks(() -> {});
            ReadTask readTask = fixture.wiring().readTask();

            fixture.clock.move(SendFixture.FUNCTION_TIMEOUT.minusMillis(1));
            assertThat(fixture.answerTo(call())).isEqualTo(202);
            assertThat(readTask.byId(ID).orElseThrow().node()).isEqualTo(Node.CALLING_API);

            fixture.clock.move(Duration.ofMillis(1));
            SendResult.Repeated repeated = (SendResult.Repeated) fixture.send(call());
            assertThat(SendReplies.http(repeated).getStatusCode()).isEqualTo(504);
            assertThat(readTask.byId(ID)).contains(repeated.task());
            assertThat(repeated.task().escalation().orElseThrow().code()).isEqualTo("outcome_unknown");
            assertThat(repeated.task().escalation().orElseThrow().retryable()).isEqualTo(Retryable.UNKNOWN);
            assertThat(fixture.twilio.asked()).hasSize(1);
        }

        @Test
        void without_time_to_record_there_is_no_post_and_the_task_is_released() {
            StoreUnavailable unavailable =
                    catchThrowableOfType(StoreUnavailable.class, () -> fixture.send(call(), Duration.ofMillis(5499)));

            assertThat(unavailable.mayReadAsUnknown()).isFalse();
            assertThat(SendReplies.unavailable(unavailable).getBody()).doesNotContain("outcome_unknown");

            assertThat(fixture.twilio.asked()).isEmpty();
            assertThat(fixture.stored().node()).isEqualTo(Node.ESCALATION);
            assertThat(fixture.stored().escalation().orElseThrow().code()).isEqualTo("store_unavailable");
            assertThat(fixture.stored().escalation().orElseThrow().retryable()).isEqualTo(Retryable.YES);
            assertThat(fixture.answerTo(call())).isEqualTo(201);
            assertThat(fixture.twilio.asked()).hasSize(1);
        }

        @Test
        void with_just_enough_time_twilio_has_a_second() {
            fixture.send(call(), Duration.ofMillis(5500));

            assertThat(fixture.twilio.asked())
                    .singleElement()
                    .satisfies(asked -> assertThat(asked.patience()).isEqualTo(Duration.ofSeconds(1)));
        }

        @Test
        void a_slow_claim_takes_from_the_time_for_twilio() {
            fixture.store.before(Call.CLAIM, () -> fixture.clock.move(Duration.ofSeconds(23)));

            assertThatThrownBy(() -> fixture.send(call())).isInstanceOf(StoreUnavailable.class);

            assertThat(fixture.twilio.asked()).isEmpty();
        }

        @Test
        void a_task_that_cannot_even_be_released_is_not_sent() {
            fixture.store.failOnce(Call.WRITE);

            StoreUnavailable unavailable =
                    catchThrowableOfType(StoreUnavailable.class, () -> fixture.send(call(), Duration.ofSeconds(5)));

            assertThat(unavailable.mayReadAsUnknown()).isTrue();
            assertThat(SendReplies.unavailable(unavailable).getBody()).contains("may later read as outcome_unknown");

            assertThat(fixture.twilio.asked()).isEmpty();
        }

        @ParameterizedTest
        @CsvSource({
            "2026-12-01T09:00:00Z, 2026-12-01T09:00:00Z",
            "2026-12-01T09:00:00+02:00, 2026-12-01T07:00:00Z",
            "2026-12-01T09:00:00+0200, 2026-12-01T07:00:00Z",
            "2026-12-01T09:00:00, 2026-12-01T09:00:00Z",
            "2026-12-01 09:00:00Z, 2026-12-01T09:00:00Z",
            "2026-11-24T11:59:59Z, 2026-11-24T12:00:00Z",
            "tomorrow, 2026-11-24T12:00:00Z",
            "9999-12-31T23:59:59Z, 2026-12-29T12:00:00Z",
            "+999999999-12-31T23:59:59Z, 2026-11-24T12:00:00Z"
        })
        void the_wait_begins_when_twilio_is_to_send(String sendAt, Instant start) {
            fixture.send(callWith("MessagingServiceSid", SERVICE, "ScheduleType", "fixed", "SendAt", sendAt));

            assertThat(fixture.stored().dueAt()).isEqualTo(start.plus(WAIT));
        }

        @ParameterizedTest
        @CsvSource({
            "scheduled, tomorrow at noon, 2026-12-30T12:00:00Z",
            "scheduled, 2026-12-01T09:00:00Z, 2026-12-02T09:00:00Z",
            "accepted, tomorrow at noon, 2026-11-25T12:00:00Z"
        })
        void a_schedule_that_only_twilio_can_read_is_waited_for_as_long_as_twilio_takes_one(
                String status, String sendAt, Instant dueAt) {
            fixture.twilio.answering(accepted(status));

            fixture.send(callWith("MessagingServiceSid", SERVICE, "ScheduleType", "fixed", "SendAt", sendAt));

            assertThat(fixture.stored().dueAt()).isEqualTo(dueAt);
            assertThat(fixture.stored().pollAt().orElseThrow()).isBeforeOrEqualTo(dueAt);
        }

        @Test
        void times_are_kept_to_the_millisecond() {
            fixture.clock.move(Duration.ofNanos(1_234_567));

            fixture.send(call());

            assertThat(fixture.stored().createdAt()).isEqualTo(START.plusMillis(1));
            assertThat(fixture.stored().updatedAt()).isEqualTo(START.plusMillis(1));
        }
    }

    @Nested
    class The_same_task_id {

        @Test
        void with_other_parameters_is_a_conflict() {
            fixture.send(call());

            for (Map<String, Object> other : List.of(
                    callWith("body", "Another text."),
                    callWith("number_to", "+15558675311"),
                    callWith("number_from", "+15005550007"),
                    callWith("AccountSid", "AC00000000000000000000000000000002"),
                    callWith("ValidityPeriod", 60))) {
                assertThat(fixture.send(other)).isEqualTo(new SendResult.Conflict(ID));
            }
            assertThat(fixture.twilio.asked()).hasSize(1);
        }

        @Test
        void with_other_parameters_is_a_conflict_even_where_it_might_be_run_again() {
            fixture.twilio.answering(RATE_LIMIT);
            fixture.send(call());
            Task before = fixture.stored();

            assertThat(fixture.answerTo(callWith("body", "Another text."))).isEqualTo(409);

            assertThat(fixture.stored()).isEqualTo(before);
            assertThat(fixture.twilio.asked()).hasSize(1);
        }

        @Test
        void with_another_token_or_context_or_spelling_is_the_same_call() {
            fixture.send(callWith("context", Map.of("order", 4711)));
            Map<String, Object> repeat = callWith("AuthToken", "f".repeat(32), "context", Map.of("order", 4712));
            repeat.remove("body");
            repeat.put("Body", Calls.BODY);

            SendResult.Repeated repeated = (SendResult.Repeated) fixture.send(repeat);

            assertThat(repeated.task().context()).contains("{\"order\":4711}");
            assertThat(fixture.twilio.asked()).hasSize(1);
        }
    }

    /** What the callback URL, the item and texts contain. */
    @Nested
    class Secrets {

        private static final String OTHER_TOKEN = "f".repeat(32);

        @Test
        void incident_11_the_callback_url_is_the_base_the_key_and_the_task_with_twilios_overrides() {
            fixture.send(call());

            Asked asked = fixture.twilio.asked().get(0);
            assertThat(asked.statusCallback())
                    .matches("https://callbacks\\.example\\.com/nvp/callback/[A-Za-z0-9_-]{43}/order-4711"
                            + "#ct=2000&rt=5000&tt=15000&rc=5&rp=all");
            assertThat(fixture.stored().claim().callbackBase()).isEqualTo("https://callbacks.example.com");
        }

        @Test
        void the_callers_token_is_sealed_with_a_key_that_stands_in_the_url_only() {
            fixture.send(call());

            String key = keyOf(fixture.twilio.asked().get(0));
            Task task = fixture.stored();
            CallbackProof.SealedToken sealed =
                    (CallbackProof.SealedToken) task.claim().proof();
            assertThat(CallbackKey.parse(key).orElseThrow().unseal(sealed, ID)).contains(new AuthToken(TOKEN));
            assertThat(task.claim().toString()).doesNotContain(key, TOKEN);
            assertThat(TaskJson.of(task).toString()).doesNotContain(key, TOKEN, sealed.text());
        }

        @Test
        void a_second_token_for_signatures_is_sealed_beside_the_first_and_never_sends() {
            fixture.send(callWith("SigningAuthToken", OTHER_TOKEN));

            Asked asked = fixture.twilio.asked().get(0);
            Task task = fixture.stored();
            CallbackProof.SealedToken sealed =
                    (CallbackProof.SealedToken) task.claim().proof();
            assertThat(CallbackKey.parse(keyOf(asked)).orElseThrow().unseal(sealed, ID))
                    .containsExactly(new AuthToken(TOKEN), new AuthToken(OTHER_TOKEN));
            assertThat(asked.credentials().password()).isEqualTo(new AuthToken(TOKEN));
            assertThat(task.toString() + task.claim() + task.sms().further()).doesNotContain(OTHER_TOKEN);
            assertThat(TaskJson.of(task).toString()).doesNotContain(OTHER_TOKEN);
        }

        @Test
        void a_second_token_for_signatures_is_not_one_of_the_parameters_that_a_repeat_must_have() {
            fixture.send(call());

            assertThat(fixture.send(callWith("SigningAuthToken", OTHER_TOKEN))).isInstanceOf(SendResult.Repeated.class);
        }

        @Test
        void a_second_token_for_signatures_is_masked_where_twilio_quotes_it() {
            fixture.twilio.answering(refused(400, "20001", "Not " + OTHER_TOKEN + " but " + TOKEN));

            fixture.send(callWith("SigningAuthToken", OTHER_TOKEN));

            assertThat(fixture.stored().escalation().orElseThrow().message()).isEqualTo("Not *** but ***");
        }

        @Test
        void with_the_stacks_credentials_the_item_holds_a_hash_of_the_key_only() {
            SendFixture own = SendFixture.withSecret(SendFixture.secret(TOKEN));

            own.send(callWithout("AuthToken"));

            CallbackKey key =
                    CallbackKey.parse(keyOf(own.twilio.asked().get(0))).orElseThrow();
            assertThat(own.stored().claim().proof()).isEqualTo(key.hash());
            assertThat(own.stored().claim().toString()).doesNotContain(key.reveal(), TOKEN);
        }

        @Test
        void twilios_text_for_an_invalid_callback_url_is_replaced_by_ours() {
            SendFixture echo = SendFixture.withoutSecret();
            echo.whileTwilioWorks(() -> echo.twilioAlwaysAnswers(refused(
                    400,
                    "21609",
                    "The StatusCallback URL " + echo.twilio.asked().get(0).statusCallback() + " is not valid.")));

            echo.send(call());

            assertThat(echo.stored().escalation().orElseThrow().message())
                    .contains("CALLBACK_BASE_URL")
                    .doesNotContain("nvp", keyOf(echo.twilio.asked().get(0)));
        }

        @Test
        void key_and_token_are_masked_wherever_twilio_quotes_them() {
            fixture.whileTwilioWorks(() -> {
                String key = keyOf(fixture.twilio.asked().get(0));
                fixture.twilioAlwaysAnswers(SampleSms.refused(
                        400,
                        new TwilioError(
                                "20001",
                                key + " and " + TOKEN + " and once more " + key,
                                Optional.of("https://www.twilio.com/docs/errors/20001?key=" + key + "&token=" + TOKEN),
                                Retryable.NO)));
            });

            SendResult.Sent sent = (SendResult.Sent) fixture.send(call());

            assertThat(sent.task().escalation().orElseThrow().message()).isEqualTo("*** and *** and once more ***");
            assertThat(sent.task().escalation().orElseThrow().urlMoreInfo())
                    .contains("https://www.twilio.com/docs/errors/20001?key=***&token=***");
            assertThat(fixture.stored()).isEqualTo(sent.task().withoutTextsIfDone());
        }

        @Test
        void they_are_masked_in_the_text_of_a_server_error_too() {
            fixture.whileTwilioWorks(() -> {
                String key = keyOf(fixture.twilio.asked().get(0));
                fixture.twilioAlwaysAnswers(unknown(CallFailure.SERVER_ERROR, "Broken by " + key + " and " + TOKEN));
            });

            fixture.send(call());

            assertThat(fixture.stored().escalation().orElseThrow().message()).isEqualTo("Broken by *** and ***");
        }

        @Test
        void they_are_masked_in_the_text_of_a_message_that_failed_at_once() {
            fixture.twilio.answering(new Accepted(new TwilioMessage(
                    SID,
                    new MessageStatus("failed"),
                    Optional.of("30001"),
                    Optional.of("Overflow of " + TOKEN),
                    Optional.empty())));

            fixture.send(call());

            assertThat(fixture.stored().escalation().orElseThrow().message()).endsWith(" Twilio says: Overflow of ***");
        }

        @Test
        void basic_auth_is_masked_too() {
            String basic = Base64.getEncoder().encodeToString((SampleSms.ACCOUNT + ":" + TOKEN).getBytes(UTF_8));
            fixture.twilio.answering(refused(400, "20001", "Authorization: Basic " + basic));

            fixture.send(call());

            assertThat(fixture.stored().escalation().orElseThrow().message()).isEqualTo("Authorization: Basic ***");
        }

        /** An item may have 400 KB; a larger one could never be written. */
        @Test
        void a_text_of_endless_length_is_cut_after_it_was_masked() {
            fixture.twilio.answering(
                    refused(400, "20001", "x".repeat(TwilioTexts.MAX_LENGTH - 10) + TOKEN + EMOJI.repeat(100_000)));

            fixture.send(call());

            assertThat(fixture.stored().escalation().orElseThrow().message())
                    .isEqualTo("x".repeat(TwilioTexts.MAX_LENGTH - 10) + "***" + EMOJI.repeat(3) + "\u2026");
        }

        @Test
        void all_secrets_of_the_stack_are_masked() {
            SendFixture own =
                    SendFixture.withSecret("{\"AccountSid\":\"" + SampleSms.ACCOUNT + "\",\"AuthToken\":\"token-1\","
                            + "\"PreviousAuthToken\":\"token-2\",\"ApiKeySid\":\"SK1\",\"ApiKeySecret\":\"secret-3\"}");
            own.twilio.answering(refused(400, "20001", "token-1 token-2 secret-3"));

            own.send(callWithout("AuthToken"));

            assertThat(own.twilio.asked().get(0).credentials().username()).isEqualTo("SK1");
            assertThat(own.stored().escalation().orElseThrow().message()).isEqualTo("*** *** ***");
        }
    }

    @Nested
    class Credentials {

        private final SendFixture own = SendFixture.withSecret(SendFixture.secret(TOKEN));

        @Test
        void the_stacks_own_account_sends_where_the_call_names_none() {
            assertThat(own.answerTo(callWithout("AuthToken", "AccountSid"))).isEqualTo(201);

            assertThat(own.twilio.asked().get(0).sms().account()).isEqualTo(SampleSms.ACCOUNT);
            assertThat(own.answerTo(callWithout("AuthToken"))).isEqualTo(200);
        }

        @Test
        void an_account_that_nobody_has_credentials_for_makes_no_task() {
            InvalidTask stacks = catchThrowableOfType(InvalidTask.class, () -> fixture.send(callWithout("AuthToken")));
            InvalidTask others = catchThrowableOfType(
                    InvalidTask.class,
                    () -> own.send(without("AuthToken", callWith("AccountSid", "AC" + "2".repeat(32)))));
            InvalidTask none =
                    catchThrowableOfType(InvalidTask.class, () -> fixture.send(callWithout("AuthToken", "AccountSid")));

            assertThat(stacks.getMessage()).contains("\"field\":\"AuthToken\"");
            assertThat(others.getMessage()).contains("\"field\":\"AuthToken\"");
            assertThat(none.getMessage()).contains("\"field\":\"AuthToken\"", "\"field\":\"AccountSid\"");
            assertThat(fixture.store.calls()).isEmpty();
            assertThat(own.store.calls()).isEmpty();
        }

        @Test
        void a_stack_with_a_secret_per_account_asks_for_the_account_first() {
            SendFixture perAccount = SendFixture.withSecretsPerAccount();

            InvalidTask unnamed = catchThrowableOfType(
                    InvalidTask.class, () -> perAccount.send(callWithout("AuthToken", "AccountSid")));
            InvalidTask named =
                    catchThrowableOfType(InvalidTask.class, () -> perAccount.send(callWithout("AuthToken")));

            assertThat(unnamed.getMessage())
                    .contains("\"field\":\"AccountSid\"")
                    .doesNotContain("AuthToken");
            assertThat(named.getMessage()).contains("\"field\":\"AuthToken\"").doesNotContain("AccountSid");
        }

        @Test
        void a_secret_that_cannot_be_read_proves_that_twilio_was_not_called() {
            own.secretCannotBeRead();

            assertThatThrownBy(() -> own.send(callWithout("AuthToken"))).isExactlyInstanceOf(StoreUnavailable.class);

            assertThat(own.store.calls()).isEmpty();
            assertThat(own.twilio.asked()).isEmpty();
        }

        @ParameterizedTest
        @NullSource
        @ValueSource(strings = {"not JSON", "{\"Sid\":\"AC1\"}"})
        void incident_36_a_bad_secret_is_not_the_callers_mistake_and_makes_no_task(@Nullable String secret) {
            own.secretBecomes(secret);

            for (String[] left : new String[][] {{"AuthToken"}, {"AuthToken", "AccountSid"}}) {
                assertThatThrownBy(() -> own.send(callWithout(left))).isInstanceOf(Misconfigured.class);
            }

            assertThat(own.store.calls()).isEmpty();
            assertThat(own.twilio.asked()).isEmpty();
        }

        @Test
        void a_bad_secret_is_nothing_to_a_caller_with_a_token() {
            own.secretBecomes("not JSON");

            assertThat(own.answerTo(call())).isEqualTo(201);
        }

        @Test
        void a_callers_own_token_needs_no_secret() {
            own.secretCannotBeRead();

            assertThat(own.answerTo(call())).isEqualTo(201);
            assertThat(own.secretReads()).isZero();
        }
    }

    private List<Integer> twiceAtOnce() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            Callable<Integer> sending = () -> fixture.answerTo(call());
            List<Integer> answers = new ArrayList<>();
            for (Future<Integer> answer : threads.invokeAll(List.of(sending, sending), 3, TimeUnit.MINUTES)) {
                answers.add(answer.get());
            }
            return answers;
        } finally {
            threads.shutdownNow();
        }
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await(2, TimeUnit.MINUTES);
        } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
            throw new IllegalStateException("waited 2 minutes for the other call", e);
        }
    }

    private static String keyOf(Asked asked) {
        String url = asked.statusCallback();
        int start = url.indexOf("/nvp/callback/") + "/nvp/callback/".length();
        return url.substring(start, url.indexOf('/', start));
    }

    private static Map<String, Object> without(String name, Map<String, Object> call) {
        call.remove(name);
        return call;
    }

    private static TwilioAnswer accepted(String status) {
        return SampleSms.accepted(SID, status);
    }

    private static TwilioAnswer refused(int httpStatus, String code, String message) {
        return SampleSms.refused(
                httpStatus,
                new TwilioError(
                        code, message, Optional.of("https://www.twilio.com/docs/errors/" + code), Retryable.NO));
    }

    private static TwilioAnswer refusedInHtml(int httpStatus) {
        return SampleSms.refused(
                httpStatus, new CallError(CallFailure.REFUSED, "Refused with HTTP status " + httpStatus + "."));
    }

    private static TwilioAnswer retryable(int httpStatus, String code) {
        return SampleSms.refused(httpStatus, error(code, Retryable.YES));
    }

    private static TwilioError error(String code, Retryable retryable) {
        return new TwilioError(
                code,
                "Twilio says " + code + ".",
                Optional.of("https://www.twilio.com/docs/errors/" + code),
                retryable);
    }

    private static TwilioAnswer unknown(CallFailure failure, String message) {
        return new Unknown(new CallError(failure, message));
    }
}
