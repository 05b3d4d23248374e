package io.smstask.send;

import static io.smstask.send.SampleSms.CREDENTIALS;
import static io.smstask.send.SampleSms.STATUS_CALLBACK;
import static org.assertj.core.api.Assertions.assertThat;

import io.smstask.send.TwilioAnswer.Incomplete;
import io.smstask.send.TwilioAnswer.NotSent;
import io.smstask.send.TwilioAnswer.Refused;
import io.smstask.send.TwilioAnswer.Unknown;
import io.smstask.task.CallFailure;
import io.smstask.task.Escalation.CallError;
import io.smstask.task.Escalation.TwilioError;
import io.smstask.task.MessageSid;
import io.smstask.task.Retryable;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What every gateway must tell apart, the real one and the fake. */
abstract class SmsGatewayContract {

    static final MessageSid SID = new MessageSid(SampleSms.SID);

    /** A gateway whose Twilio takes the message as {@link #SID}, {@code queued}, one segment. */
    abstract SmsGateway whereTwilioAccepts();

    /** A gateway whose Twilio takes the message as {@link #SID}, but names no status. */
    abstract SmsGateway whereTwilioNamesNoStatus();

    /** A gateway whose Twilio answers 400 with error 21211. */
    abstract SmsGateway whereTwilioRefuses();

    /** A gateway whose Twilio answers 429 with error 20429 and asks for a wait of 3 s. */
    abstract SmsGateway whereTwilioLimitsTheRate();

    /** A gateway whose Twilio takes the request and never answers. */
    abstract SmsGateway whereTwilioIsSilent();

    /** A gateway that cannot connect to Twilio. */
    abstract SmsGateway whereTwilioIsAway();

    @Test
    void an_accepted_message_has_its_sid_and_status() {
        assertThat(send(whereTwilioAccepts())).isEqualTo(SampleSms.accepted(SID, "queued"));
    }

    @Test
    void an_answer_without_a_status_keeps_the_sid() {
        assertThat(send(whereTwilioNamesNoStatus())).isEqualTo(new Incomplete(Optional.of(SID)));
    }

    @Test
    void a_refusal_is_twilios_and_for_good() {
        assertThat(send(whereTwilioRefuses())).isInstanceOfSatisfying(Refused.class, refused -> {
            assertThat(refused.httpStatus()).isEqualTo(400);
            assertThat(refused.error().code()).isEqualTo("21211");
            assertThat(refused.error().message()).isNotBlank();
            assertThat(refused.error().urlMoreInfo()).contains("https://www.twilio.com/docs/errors/21211");
            assertThat(refused.error().retryable()).isEqualTo(Retryable.NO);
        });
    }

    @Test
    void a_rate_limit_sent_nothing_and_names_the_wait() {
        assertThat(send(whereTwilioLimitsTheRate())).isInstanceOfSatisfying(NotSent.class, notSent -> {
            assertThat(notSent.error()).isInstanceOf(TwilioError.class);
            assertThat(notSent.error().code()).isEqualTo("20429");
            assertThat(notSent.error().retryable()).isEqualTo(Retryable.YES);
            assertThat(notSent.retryAfter()).contains(Duration.ofSeconds(3));
        });
    }

    @Test
    void silence_leaves_the_outcome_unknown() {
        assertThat(send(whereTwilioIsSilent())).isInstanceOfSatisfying(Unknown.class, unknown -> {
            assertThat(unknown.error().failure()).isEqualTo(CallFailure.TIMEOUT);
            assertThat(unknown.error().retryable()).isEqualTo(Retryable.UNKNOWN);
        });
    }

    @Test
    void without_a_connection_nothing_was_sent() {
        assertThat(send(whereTwilioIsAway())).isInstanceOfSatisfying(NotSent.class, notSent -> {
            assertThat(notSent.error()).isInstanceOf(CallError.class);
            assertThat(notSent.error().code()).isEqualTo("connect_failed");
            assertThat(notSent.error().retryable()).isEqualTo(Retryable.YES);
            assertThat(notSent.retryAfter()).isEmpty();
        });
    }

    private static TwilioAnswer send(SmsGateway gateway) {
        return gateway.send(SampleSms.sms(), CREDENTIALS, STATUS_CALLBACK, Duration.ofMillis(500));
    }
}
