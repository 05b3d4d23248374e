package io.smstask.send;

import com.twilio.http.HttpMethod;
import com.twilio.http.Request;
import com.twilio.http.Response;
import io.smstask.http.ConnectFailed;
import io.smstask.send.TwilioAnswer.NotSent;
import io.smstask.send.TwilioAnswer.Unknown;
import io.smstask.task.CallFailure;
import io.smstask.task.Escalation.CallError;
import io.smstask.task.Sms;
import io.smstask.twilio.TwilioCredentials;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Twilio's Messages API. The request is twilio-java's; the answer is read by {@link TwilioAnswers}, because twilio-java
 * turns an unknown status into null, and its object mapper takes some 50 ms of a cold start.
 *
 * @see
 *     <a href="https://www.twilio.com/docs/messaging/api/message-resource#create-a-message-resource">Twilio: create a Message resource</a>
 */
final class TwilioSmsGateway implements SmsGateway {

    /** Makes one request. */
    @FunctionalInterface
    interface Transport {

        /**
         * @param patience from connecting to the answer's last byte
         * @throws ConnectFailed if the request was not written
         * @throws OutcomeUnknown if it may have been written and no usable answer came
         */
        Response makeRequest(Request request, Duration patience);
    }

    private final URI apiUrl;
    private final Transport http;
    private final Clock clock;

    /**
     * @param apiUrl the setting {@code TWILIO_API_URL}, without a slash at its end
     * @param http a transport to that URL's host
     * @param clock tells how far away a date in {@code Retry-After} is
     */
    TwilioSmsGateway(URI apiUrl, Transport http, Clock clock) {
        this.apiUrl = apiUrl;
        this.http = http;
        this.clock = clock;
    }

    @Override
    public TwilioAnswer send(Sms sms, TwilioCredentials credentials, String statusCallback, Duration patience) {
        Request request = request(sms, credentials, statusCallback);
        try {
            Response response = http.makeRequest(request, patience);
            return TwilioAnswers.read(response, clock.instant());
        } catch (ConnectFailed e) {
            String message = "Twilio could not be reached, nothing was sent: " + e.getMessage() + ".";
            return new NotSent(new CallError(CallFailure.CONNECT_FAILED, message), Optional.empty());
        } catch (OutcomeUnknown e) {
            String message = "Twilio was asked to send, but " + e.getMessage() + ".";
            return new Unknown(new CallError(e.failure(), message));
        }
    }

    private Request request(Sms sms, TwilioCredentials credentials, String statusCallback) {
        String url = apiUrl + "/2010-04-01/Accounts/" + sms.account() + "/Messages.json";
        Request request = new Request(HttpMethod.POST, url);
        request.setAuth(credentials.username(), credentials.password().reveal());
        // Not by addPostParam: it leaves out a text that is exactly "null".
        Map<String, List<String>> form = request.getPostParams();
        form.putAll(sms.further());
        form.put("To", List.of(sms.to().value()));
        if (sms.from().isPresent()) {
            form.put("From", List.of(sms.from().get().value()));
        }
        if (sms.body().isPresent()) {
            form.put("Body", List.of(sms.body().get().value()));
        }
        form.put("StatusCallback", List.of(statusCallback));
        return request;
    }
}
