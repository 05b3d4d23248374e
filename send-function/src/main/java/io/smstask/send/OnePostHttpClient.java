package io.smstask.send;

import com.twilio.http.HttpMethod;
import com.twilio.http.Request;
import com.twilio.http.Response;
import io.smstask.http.Body;
import io.smstask.http.ConnectFailed;
import io.smstask.http.Host;
import io.smstask.http.HttpAnswer;
import io.smstask.http.NoAnswer;
import io.smstask.http.Tls;
import io.smstask.task.CallFailure;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.message.BasicHeader;
import software.amazon.awssdk.crt.http.HttpHeader;
import software.amazon.awssdk.crt.http.HttpRequest;

/**
 * A transport for twilio-java's requests that writes a form at most once per call. twilio-java's own repeats a POST up to
 * three times on a 5xx, and the HTTP client under it does so again on 429 and 503, although sending a message is not
 * idempotent. It is no subclass of twilio-java's {@code HttpClient}, which would load another HTTP client's settings.
 *
 * <p>If no connection is made, nothing has been written, and the failure is a {@link ConnectFailed}. Every later failure is
 * an {@link OutcomeUnknown}. One connection is kept between calls, for at most {@link #MAX_IDLE}.
 *
 * @see Host
 * @see <a href="https://www.twilio.com/docs/api/errors/20500">Twilio: error 20500, on repeated POST requests</a>
 */
final class OnePostHttpClient implements TwilioSmsGateway.Transport, AutoCloseable {

    /** How long a connection may have been idle and still carry a request. */
    static final Duration MAX_IDLE = Duration.ofSeconds(5);

    private static final Duration NEXT_ATTEMPT = Duration.ofMillis(500);

    private final URI origin;
    private final Host host;

    /**
     * A transport to one host.
     *
     * @param origin {@code http} or {@code https} URL; its path is ignored
     */
    OnePostHttpClient(URI origin, Tls tls, Clock clock) {
        this(origin, tls, clock, NEXT_ATTEMPT);
    }

    /**
     * As above.
     *
     * @param nextAttempt how long to wait for a connection before another attempt begins beside it
     */
    OnePostHttpClient(URI origin, Tls tls, Clock clock, Duration nextAttempt) {
        this.origin = origin;
        this.host = new Host(origin, tls, clock, MAX_IDLE, 1, nextAttempt);
    }

    /**
     * One exchange.
     *
     * @param request a POST of a form to this transport's host, or a GET
     * @param patience how long it may take, from connecting to the answer's last byte
     * @return the whole answer, whatever its status
     * @throws ConnectFailed if the request was not written
     * @throws OutcomeUnknown if it may have been written and no usable answer came
     */
    @Override
    public Response makeRequest(Request request, Duration patience) {
        HttpRequest exchanged = written(request);
        try {
            HttpAnswer answer = host.exchange(exchanged, patience);
            List<Header> headers = new ArrayList<>();
            for (HttpHeader header : answer.headers()) {
                headers.add(new BasicHeader(header.getName(), header.getValue()));
            }
            return new Response(
                    new String(answer.body(), StandardCharsets.UTF_8), answer.status(), headers.toArray(new Header[0]));
        } catch (NoAnswer e) {
            throw new OutcomeUnknown(failure(e.why()), e.getMessage());
        }
    }

    private static CallFailure failure(NoAnswer.Cause cause) {
        return switch (cause) {
            case TIMEOUT -> CallFailure.TIMEOUT;
            case CONNECTION_LOST -> CallFailure.CONNECTION_LOST;
            case UNUSABLE -> CallFailure.BAD_ANSWER;
        };
    }

    /**
     * Opens the connection that the next call will use, if it comes within {@link #MAX_IDLE}.
     *
     * @throws ConnectFailed if none is made
     */
    void connectAhead(Duration patience) {
        host.connectAhead(patience);
    }

    @Override
    public void close() {
        host.close();
    }

    private HttpRequest written(Request request) {
        URI target = URI.create(request.getUrl());
        boolean isPost = request.getMethod() == HttpMethod.POST;
        if (!isPost && request.getMethod() != HttpMethod.GET
                || !target.getRawAuthority().equals(origin.getRawAuthority())) {
            throw new IllegalArgumentException("this transport makes POST and GET requests to its own host only");
        }
        byte[] form = request.encodeFormBody().getBytes(StandardCharsets.UTF_8);
        List<HttpHeader> headers = new ArrayList<>();
        headers.add(new HttpHeader("Host", target.getRawAuthority()));
        headers.add(new HttpHeader("User-Agent", "smstask"));
        headers.add(new HttpHeader("Accept", "application/json"));
        if (isPost) {
            headers.add(new HttpHeader("Content-Type", "application/x-www-form-urlencoded"));
            headers.add(new HttpHeader("Content-Length", Integer.toString(form.length)));
        }
        if (request.requiresAuthentication()) {
            headers.add(new HttpHeader("Authorization", request.getAuthString()));
        }
        for (Map.Entry<String, List<String>> header : request.getHeaderParams().entrySet()) {
            for (String value : header.getValue()) {
                headers.add(new HttpHeader(header.getKey(), value));
            }
        }
        String query = request.encodeQueryParams();
        String path = query.isEmpty() ? target.getRawPath() : target.getRawPath() + "?" + query;
        return new HttpRequest(
                isPost ? "POST" : "GET", path, headers.toArray(new HttpHeader[0]), isPost ? new Body(form) : null);
    }
}
