package io.smstask.send;

import com.twilio.http.HttpMethod;
import com.twilio.http.Request;
import io.smstask.http.ConnectFailed;
import io.smstask.send.TwilioAnswer.NotSent;
import io.smstask.send.TwilioAnswer.Unknown;
import io.smstask.task.AccountSid;
import io.smstask.task.CallFailure;
import io.smstask.task.Escalation.CallError;
import io.smstask.task.MessageSid;
import io.smstask.twilio.TwilioCredentials;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Twilio's Messages API, for single messages.
 *
 * @see
 *     <a href="https://www.twilio.com/docs/messaging/features/message-scheduling#cancel-a-scheduled-message">Twilio: cancel a scheduled message</a>
 */
final class TwilioCancelGateway implements CancelGateway {

    private final URI apiUrl;
    private final TwilioSmsGateway.Transport http;
    private final Clock clock;

    /**
     * @param apiUrl the setting {@code TWILIO_API_URL}
     * @param http a transport to that URL's host
     * @param clock tells how far away a date in {@code Retry-After} is
     */
    TwilioCancelGateway(URI apiUrl, TwilioSmsGateway.Transport http, Clock clock) {
        this.apiUrl = apiUrl;
        this.http = http;
        this.clock = clock;
    }

    @Override
    public TwilioAnswer cancel(AccountSid account, MessageSid sid, TwilioCredentials credentials, Duration patience) {
        Request request = new Request(HttpMethod.POST, url(account, sid));
        request.getPostParams().put("Status", List.of("canceled"));
        return answer(request, credentials, patience);
    }

    @Override
    public TwilioAnswer read(AccountSid account, MessageSid sid, TwilioCredentials credentials, Duration patience) {
        return answer(new Request(HttpMethod.GET, url(account, sid)), credentials, patience);
    }

    private String url(AccountSid account, MessageSid sid) {
        return apiUrl + "/2010-04-01/Accounts/" + account + "/Messages/" + sid + ".json";
    }

    private TwilioAnswer answer(Request request, TwilioCredentials credentials, Duration patience) {
        request.setAuth(credentials.username(), credentials.password().reveal());
        try {
            return TwilioAnswers.read(http.makeRequest(request, patience), clock.instant());
        } catch (ConnectFailed e) {
            String message = "Twilio could not be reached: " + e.getMessage() + ".";
            return new NotSent(new CallError(CallFailure.CONNECT_FAILED, message), Optional.empty());
        } catch (OutcomeUnknown e) {
            String message = "Twilio was asked to cancel, but " + e.getMessage() + ".";
            return new Unknown(new CallError(e.failure(), message));
        }
    }
}
