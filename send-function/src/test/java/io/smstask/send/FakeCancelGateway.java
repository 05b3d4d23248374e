package io.smstask.send;

import io.smstask.task.AccountSid;
import io.smstask.task.CallFailure;
import io.smstask.task.Escalation.CallError;
import io.smstask.task.Escalation.TwilioError;
import io.smstask.task.MessageSid;
import io.smstask.task.Retryable;
import io.smstask.twilio.TwilioCredentials;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A Twilio that holds one message, cancels it while it can, and may lose requests or answers. */
final class FakeCancelGateway implements CancelGateway {

    /** The message's status. */
    String status = "scheduled";

    /** How many of the next requests and answers are lost. */
    int lostRequests;

    int lostAnswers;

    /** The password that Twilio accepts; empty for any. */
    String password = "";

    final List<String> asked = new ArrayList<>();

    @Override
    public TwilioAnswer cancel(AccountSid account, MessageSid sid, TwilioCredentials credentials, Duration patience) {
        asked.add("cancel");
        if (lostRequests > 0) {
            lostRequests--;
            return new TwilioAnswer.NotSent(
                    new CallError(CallFailure.CONNECT_FAILED, "Twilio could not be reached."), Optional.empty());
        }
        if (isForeign(credentials)) {
            return unauthorized();
        }
        boolean isCanceled = List.of("scheduled", "accepted", "queued").contains(status);
        status = isCanceled ? "canceled" : status;
        if (lostAnswers > 0) {
            lostAnswers--;
            return new TwilioAnswer.Unknown(new CallError(CallFailure.TIMEOUT, "Twilio did not answer in time."));
        }
        return isCanceled
                ? SampleSms.accepted(sid, status)
                : SampleSms.refused(400, new TwilioError("30409", "Too late.", Optional.empty(), Retryable.NO));
    }

    @Override
    public TwilioAnswer read(AccountSid account, MessageSid sid, TwilioCredentials credentials, Duration patience) {
        asked.add("read");
        if (lostAnswers > 0) {
            lostAnswers--;
            return new TwilioAnswer.Unknown(new CallError(CallFailure.TIMEOUT, "Twilio did not answer in time."));
        }
        return isForeign(credentials) ? unauthorized() : SampleSms.accepted(sid, status);
    }

    private boolean isForeign(TwilioCredentials credentials) {
        return !password.isEmpty() && !password.equals(credentials.password().reveal());
    }

    private static TwilioAnswer unauthorized() {
        return SampleSms.refused(401, new TwilioError("20003", "Wrong.", Optional.empty(), Retryable.NO));
    }
}
