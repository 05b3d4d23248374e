package io.smstask.send;

import static io.smstask.send.Calls.TOKEN;
import static io.smstask.send.Calls.call;
import static io.smstask.send.Calls.callWithout;
import static org.assertj.core.api.Assertions.assertThat;

import io.smstask.send.FakeSmsGateway.Asked;
import io.smstask.send.TwilioAnswer.Incomplete;
import io.smstask.send.TwilioAnswer.NotSent;
import io.smstask.send.TwilioAnswer.Unknown;
import io.smstask.task.AuthToken;
import io.smstask.task.CallFailure;
import io.smstask.task.Escalation.CallError;
import io.smstask.task.Escalation.TwilioError;
import io.smstask.task.MessageSid;
import io.smstask.task.Retryable;
import io.smstask.testing.HandClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** When a request is repeated, after which wait, and when not. */
final class SafeRetriesTest {

    private static final TwilioAnswer NO_CONNECTION =
            new NotSent(new CallError(CallFailure.CONNECT_FAILED, "No connection."), Optional.empty());
    private static final TwilioAnswer UNAUTHORIZED =
            SampleSms.refused(401, new TwilioError("20003", "Authentication Error.", Optional.empty(), Retryable.NO));

    private final SendFixture fixture = SendFixture.withoutSecret();

    @Test
    void incident_18_a_rate_limit_is_waited_for_inside_the_call() {
        fixture.twilio.answering(rateLimit(Duration.ofSeconds(3)));

        assertThat(fixture.answerTo(call())).isEqualTo(201);

        assertThat(fixture.pauses).containsExactly(Duration.ofSeconds(3));
        assertThat(fixture.twilio.asked()).hasSize(2);
        assertThat(fixture.twilio.asked().get(1).patience()).isEqualTo(Duration.ofSeconds(12));
    }

    @Test
    void a_request_made_again_is_the_same_request() {
        fixture.twilio.answering(NO_CONNECTION, rateLimit(Duration.ofSeconds(1)));

        fixture.send(call());

        assertThat(fixture.twilio.asked())
                .hasSize(3)
                .extracting(Asked::statusCallback)
                .containsOnly(fixture.twilio.asked().get(0).statusCallback());
        assertThat(fixture.twilio.asked())
                .extracting(Asked::sms)
                .containsOnly(SampleSms.sms(Calls.BODY, java.util.Map.of()));
    }

    @Test
    void without_a_word_from_twilio_the_wait_doubles_and_ends_in_time() {
        fixture.twilioAlwaysAnswers(NO_CONNECTION);

        assertThat(fixture.answerTo(call())).isEqualTo(502);

        assertThat(fixture.pauses)
                .extracting(Duration::toMillis)
                .containsExactly(100L, 200L, 400L, 800L, 1600L, 3200L, 6400L);
        assertThat(fixture.twilio.asked()).hasSize(8);
        assertThat(fixture.twilio.asked())
                .allSatisfy(asked -> assertThat(asked.patience()).isGreaterThanOrEqualTo(SafeRetries.LEAST));
    }

    @Test
    void lambdas_deadline_ends_the_waiting_too() {
        fixture.twilioAlwaysAnswers(NO_CONNECTION);

        fixture.send(call(), Duration.ofSeconds(7));

        assertThat(fixture.pauses).extracting(Duration::toMillis).containsExactly(100L, 200L, 400L, 800L);
    }

    @ParameterizedTest
    @CsvSource({"14, 2", "15, 1", "3600, 1"})
    void a_wait_beyond_the_deadline_is_left_to_the_caller(long seconds, int requests) {
        fixture.twilioAlwaysAnswers(rateLimit(Duration.ofSeconds(seconds)));

        var answer = SendReplies.http(fixture.send(call()));

        assertThat(answer.getStatusCode()).isEqualTo(429);
        assertThat(answer.getHeaders()).containsEntry("Retry-After", Long.toString(seconds));
        assertThat(fixture.twilio.asked()).hasSize(requests);
    }

    @Test
    void a_rate_limit_that_asks_for_no_wait_is_not_hammered() {
        fixture.twilio.answering(
                rateLimit(Duration.ZERO), rateLimit(Duration.ZERO), rateLimit(Duration.ZERO), rateLimit(Duration.ZERO));

        fixture.send(call());

        assertThat(fixture.pauses).extracting(Duration::toMillis).containsExactly(100L, 200L, 400L, 800L);
    }

    @ParameterizedTest
    @CsvSource({"0, 90", "0.5, 100", "1, 110"})
    void the_backoff_is_jittered_by_a_tenth(double jitter, long millis) {
        List<Duration> pauses = new ArrayList<>();
        FakeSmsGateway twilio = new FakeSmsGateway().answering(NO_CONNECTION);
        HandClock clock = new HandClock();
        SafeRetries retries = new SafeRetries(twilio, Duration.ofSeconds(3), clock, pauses::add, () -> jitter);
        SendingAccount account = new SendingAccount.OfCaller(SampleSms.ACCOUNT, new AuthToken(TOKEN), Optional.empty());

        retries.send(
                SampleSms.sms(),
                account,
                SampleSms.STATUS_CALLBACK,
                new Deadline(clock, clock.instant().plusSeconds(28)));

        assertThat(pauses).containsExactly(Duration.ofMillis(millis));
    }

    /** A 401 to the stack's own credentials: they may have been rotated since they were read. */
    @Nested
    class Rotated_credentials {

        private static final String ROTATED = "f".repeat(32);

        private final SendFixture own = SendFixture.withSecret(SendFixture.secret(TOKEN));

        /** The secret has been in use for a while. */
        private void warm() {
            own.send(Calls.callWith("task_id", "earlier", "AuthToken", null));
            own.clock.move(Duration.ofHours(1));
        }

        private List<Asked> asked() {
            List<Asked> all = own.twilio.asked();
            return all.subList(1, all.size());
        }

        @Test
        void a_changed_secret_is_tried_once() {
            warm();
            own.secretBecomes(SendFixture.secret(ROTATED));
            own.twilio.answering(UNAUTHORIZED);

            assertThat(own.answerTo(callWithout("AuthToken"))).isEqualTo(201);

            assertThat(asked())
                    .extracting(asked -> asked.credentials().password().reveal())
                    .containsExactly(TOKEN, ROTATED);
        }

        @Test
        void a_401_that_is_not_twilios_json_is_reason_enough_to_read_again() {
            warm();
            own.secretBecomes(SendFixture.secret(ROTATED));
            own.twilio.answering(SampleSms.refused(401, new CallError(CallFailure.REFUSED, "Refused.")));

            assertThat(own.answerTo(callWithout("AuthToken"))).isEqualTo(201);

            assertThat(asked()).hasSize(2);
        }

        @Test
        void a_secret_that_is_wrong_again_is_not_tried_a_third_time() {
            warm();
            own.secretBecomes(SendFixture.secret(ROTATED));
            own.twilioAlwaysAnswers(UNAUTHORIZED);

            assertThat(own.answerTo(callWithout("AuthToken"))).isEqualTo(422);

            assertThat(asked()).hasSize(2);
            assertThat(own.secretReads()).isEqualTo(2);
        }

        @Test
        void a_secret_that_changes_once_more_is_left_to_the_next_call() {
            warm();
            own.secretBecomes(SendFixture.secret(ROTATED));
            own.twilioAlwaysAnswers(UNAUTHORIZED);
            own.whileTwilioWorks(() -> {
                if (asked().size() == 2) {
                    own.clock.move(Duration.ofMillis(10_500));
                    own.secretBecomes(SendFixture.secret("e".repeat(32)));
                }
            });

            assertThat(own.answerTo(callWithout("AuthToken"))).isEqualTo(422);

            assertThat(asked()).hasSize(2);
        }

        @Test
        void an_unchanged_secret_is_not_tried_again() {
            warm();
            own.twilioAlwaysAnswers(UNAUTHORIZED);

            assertThat(own.answerTo(callWithout("AuthToken"))).isEqualTo(422);

            assertThat(asked()).hasSize(1);
            assertThat(own.secretReads()).isEqualTo(2);
        }

        @Test
        void a_secret_read_just_now_is_not_read_again() {
            own.twilioAlwaysAnswers(UNAUTHORIZED);

            assertThat(own.answerTo(callWithout("AuthToken"))).isEqualTo(422);

            assertThat(own.secretReads()).isEqualTo(1);
        }

        @Test
        void a_secret_that_now_belongs_to_another_account_is_not_tried() {
            warm();
            own.secretBecomes("{\"AccountSid\":\"AC" + "2".repeat(32) + "\",\"AuthToken\":\"" + ROTATED + "\"}");
            own.twilioAlwaysAnswers(UNAUTHORIZED);

            own.send(callWithout("AuthToken"));

            assertThat(asked()).hasSize(1);
        }

        @Test
        void a_secret_that_cannot_be_read_again_leaves_twilios_refusal_as_it_is() {
            warm();
            own.secretCannotBeRead();
            own.twilioAlwaysAnswers(UNAUTHORIZED);

            assertThat(own.answerTo(callWithout("AuthToken"))).isEqualTo(422);

            assertThat(own.stored().escalation().orElseThrow().code()).isEqualTo("20003");
        }

        @Test
        void a_callers_own_token_is_never_tried_again() {
            own.twilioAlwaysAnswers(UNAUTHORIZED);

            assertThat(own.answerTo(call())).isEqualTo(422);

            assertThat(own.twilio.asked()).hasSize(1);
            assertThat(own.secretReads()).isZero();
        }

        @Test
        void a_refusal_that_came_late_leaves_no_time_to_try_again() {
            warm();
            own.secretBecomes(SendFixture.secret(ROTATED));
            own.twilioAlwaysAnswers(UNAUTHORIZED);
            own.whileTwilioWorks(() -> own.clock.move(Duration.ofMillis(14_500)));

            assertThat(own.answerTo(callWithout("AuthToken"))).isEqualTo(422);

            assertThat(asked()).hasSize(1);
        }

        @Test
        void a_refusal_that_leaves_just_enough_time_is_tried_again() {
            warm();
            own.secretBecomes(SendFixture.secret(ROTATED));
            own.twilio.answering(UNAUTHORIZED);
            own.whileTwilioWorks(() -> {
                if (asked().size() == 1) {
                    own.clock.move(
                            SafeRetries.LIMIT.minus(SendFixture.SECRET_LIMIT).minus(SafeRetries.LEAST));
                }
            });

            assertThat(own.answerTo(callWithout("AuthToken"))).isEqualTo(201);

            assertThat(asked()).hasSize(2);
        }

        static Stream<TwilioAnswer> every_other_answer() {
            return Stream.of(
                    SampleSms.accepted(new MessageSid(SampleSms.SID), "queued"),
                    new Incomplete(Optional.empty()),
                    new Unknown(new CallError(CallFailure.TIMEOUT, "No answer in time.")),
                    SampleSms.refused(400, new TwilioError("21211", "Invalid number.", Optional.empty(), Retryable.NO)),
                    SampleSms.refused(403, new CallError(CallFailure.REFUSED, "Refused.")),
                    SampleSms.refused(429, new TwilioError("63038", "Daily limit.", Optional.empty(), Retryable.YES)));
        }

        @ParameterizedTest
        @MethodSource("every_other_answer")
        void incident_17_no_answer_but_401_is_ever_tried_again_with_the_changed_secret(TwilioAnswer answer) {
            warm();
            own.secretBecomes(SendFixture.secret(ROTATED));
            own.twilioAlwaysAnswers(answer);

            own.send(callWithout("AuthToken"));

            assertThat(asked()).hasSize(1);
            assertThat(own.secretReads()).isEqualTo(1);
        }

        @Test
        void both_secrets_are_masked_in_what_twilio_says() {
            warm();
            own.secretBecomes(SendFixture.secret(ROTATED));
            own.twilioAlwaysAnswers(SampleSms.refused(
                    401, new TwilioError("20003", TOKEN + " and " + ROTATED, Optional.empty(), Retryable.NO)));

            own.send(callWithout("AuthToken"));

            assertThat(own.stored().escalation().orElseThrow().message()).endsWith(" Twilio says: *** and ***");
        }
    }

    private static TwilioAnswer rateLimit(Duration retryAfter) {
        return new NotSent(
                new TwilioError("20429", "Too many requests.", Optional.empty(), Retryable.YES),
                Optional.of(retryAfter));
    }
}
