package io.smstask.send;

import io.smstask.task.AccountSid;
import io.smstask.task.AuthToken;
import io.smstask.task.Escalation;
import io.smstask.task.MessageSid;
import io.smstask.task.MessageStatus;
import io.smstask.task.MessageText;
import io.smstask.task.PhoneNumber;
import io.smstask.task.Sms;
import io.smstask.twilio.TwilioCredentials;
import io.smstask.twilio.TwilioMessage;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A message that Twilio accepts, what goes with it, and Twilio's answers. */
final class SampleSms {

    static final AccountSid ACCOUNT = new AccountSid("AC00000000000000000000000000000001");
    static final String SID = "SM00000000000000000000000000000001";
    static final TwilioCredentials CREDENTIALS =
            TwilioCredentials.of(ACCOUNT, new AuthToken("0123456789abcdef0123456789abcdef"));
    static final String STATUS_CALLBACK =
            "https://callbacks.example.com/nvp/callback/AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8/order-4711"
                    + "#ct=2000&rt=5000&tt=15000&rc=5&rp=all";

    static final String ACCEPTED = """
            {"sid": "%s", "status": "queued", "error_code": null, "error_message": null, "num_segments": "1",
             "price": null, "subresource_uris": {"media": "/Media.json"}}""".formatted(SID);

    private SampleSms() {}

    static Sms sms() {
        return sms("Your code is 4711.", Map.of());
    }

    static Sms sms(String body, Map<String, List<String>> further) {
        return new Sms(
                ACCOUNT,
                new PhoneNumber("+15558675310"),
                Optional.of(new PhoneNumber("+15005550006")),
                Optional.of(new MessageText(body)),
                further);
    }

    /** Twilio took the message, which takes one SMS. */
    static TwilioAnswer.Accepted accepted(MessageSid sid, String status) {
        return new TwilioAnswer.Accepted(
                new TwilioMessage(sid, new MessageStatus(status), Optional.empty(), Optional.empty(), Optional.of(1)));
    }

    /** A refusal that names no time to wait. */
    static TwilioAnswer.Refused refused(int httpStatus, Escalation error) {
        return new TwilioAnswer.Refused(httpStatus, error, Optional.empty());
    }

    static String error(int code, int status) {
        return """
               {"code": %d, "message": "Twilio says %d.", "more_info": "https://www.twilio.com/docs/errors/%d",
                "status": %d}""".formatted(code, code, code, status);
    }
}
