package io.smstask.send;

import static io.smstask.send.SampleSms.CREDENTIALS;
import static io.smstask.send.SampleSms.STATUS_CALLBACK;
import static org.assertj.core.api.Assertions.assertThat;

import io.smstask.send.TwilioAnswer.Accepted;
import io.smstask.send.TwilioAnswer.Incomplete;
import io.smstask.send.TwilioAnswer.NotSent;
import io.smstask.send.TwilioAnswer.Unknown;
import io.smstask.task.CallFailure;
import io.smstask.task.Escalation.CallError;
import io.smstask.task.Escalation.TwilioError;
import io.smstask.task.Retryable;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class FakeSmsGatewayTest extends SmsGatewayContract {

    @Override
    SmsGateway whereTwilioAccepts() {
        return new FakeSmsGateway();
    }

    @Override
    SmsGateway whereTwilioNamesNoStatus() {
        return new FakeSmsGateway().answering(new Incomplete(Optional.of(SID)));
    }

    @Override
    SmsGateway whereTwilioRefuses() {
        return new FakeSmsGateway().answering(SampleSms.refused(400, twilioError("21211", Retryable.NO)));
    }

    @Override
    SmsGateway whereTwilioLimitsTheRate() {
        return new FakeSmsGateway()
                .answering(new NotSent(twilioError("20429", Retryable.YES), Optional.of(Duration.ofSeconds(3))));
    }

    @Override
    SmsGateway whereTwilioIsSilent() {
        return new FakeSmsGateway().answering(new Unknown(new CallError(CallFailure.TIMEOUT, "No answer in time.")));
    }

    @Override
    SmsGateway whereTwilioIsAway() {
        return new FakeSmsGateway()
                .answering(new NotSent(new CallError(CallFailure.CONNECT_FAILED, "No connection."), Optional.empty()));
    }

    @Test
    void after_its_script_it_takes_every_message_under_a_sid_of_its_own() {
        FakeSmsGateway gateway = new FakeSmsGateway();

        TwilioAnswer first = gateway.send(SampleSms.sms(), CREDENTIALS, STATUS_CALLBACK, Duration.ofSeconds(1));
        TwilioAnswer second = gateway.send(SampleSms.sms(), CREDENTIALS, STATUS_CALLBACK, Duration.ofSeconds(1));

        assertThat(first).isInstanceOf(Accepted.class);
        assertThat(second).isInstanceOf(Accepted.class).isNotEqualTo(first);
        assertThat(gateway.asked()).hasSize(2);
        assertThat(gateway.asked().get(0).statusCallback()).isEqualTo(STATUS_CALLBACK);
    }

    private static TwilioError twilioError(String code, Retryable retryable) {
        String page = "https://www.twilio.com/docs/errors/" + code;
        return new TwilioError(code, "Twilio says " + code + ".", Optional.of(page), retryable);
    }
}
