package io.smstask.send;

import com.twilio.http.Response;
import io.smstask.json.BadJson;
import io.smstask.json.Json;
import io.smstask.send.TwilioAnswer.Accepted;
import io.smstask.send.TwilioAnswer.Incomplete;
import io.smstask.send.TwilioAnswer.NotSent;
import io.smstask.send.TwilioAnswer.Refused;
import io.smstask.send.TwilioAnswer.Unknown;
import io.smstask.task.CallFailure;
import io.smstask.task.ErrorCode;
import io.smstask.task.Escalation.CallError;
import io.smstask.task.Escalation.TwilioError;
import io.smstask.task.MessageSid;
import io.smstask.task.MessageStatus;
import io.smstask.task.Retryable;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import org.apache.hc.core5.http.Header;
import org.jspecify.annotations.Nullable;

/**
 * Reads what Twilio answered to a request to send. What may be done next hangs on the HTTP status first, and on the body
 * only where the body is Twilio's own JSON: a proxy on the way may answer too, in HTML or with nothing.
 */
final class TwilioAnswers {

    private static final String TOO_MANY_REQUESTS = "20429";
    private static final int MAX_DIGITS = 9;

    private TwilioAnswers() {}

    /**
     * Reads one answer.
     *
     * @param now when it came, for a {@code Retry-After} that names a date
     */
    static TwilioAnswer read(Response response, Instant now) {
        int status = response.getStatusCode();
        Optional<Map<String, Object>> json = json(response.getContent());
        if (status >= 500) {
            return new Unknown(serverError(status, json.flatMap(TwilioAnswers::errorBody)));
        }
        if (status == 429) {
            return rateLimited(json.flatMap(TwilioAnswers::errorBody), retryAfter(response.getHeaders(), now));
        }
        if (status >= 400) {
            return json.flatMap(TwilioAnswers::errorBody)
                    .<TwilioAnswer>map(error -> new Refused(status, error.toError(Retryable.NO)))
                    .orElseGet(() -> bad(status));
        }
        if (status >= 300) {
            return bad(status);
        }
        return json.map(TwilioAnswers::taken).orElseGet(() -> bad(status));
    }

    private static TwilioAnswer taken(Map<String, Object> message) {
        Optional<MessageSid> sid =
                text(message, "sid").filter(MessageSid::isValid).map(MessageSid::new);
        Optional<MessageStatus> status =
                text(message, "status").filter(MessageStatus::isWord).map(MessageStatus::new);
        if (sid.isEmpty() || status.isEmpty()) {
            return new Incomplete(sid);
        }
        return new Accepted(
                sid.get(),
                status.get(),
                ErrorCode.read(message.get("error_code")),
                digits(message.get("num_segments")).map(Integer::valueOf));
    }

    private static TwilioAnswer rateLimited(Optional<ErrorBody> body, Optional<Duration> retryAfter) {
        TwilioError error = body.map(known -> known.toError(Retryable.YES))
                .orElseGet(() -> new TwilioError(
                        TOO_MANY_REQUESTS,
                        "Twilio takes no more requests at the moment.",
                        Optional.empty(),
                        Retryable.YES));
        return new NotSent(error, retryAfter);
    }

    private static CallError serverError(int status, Optional<ErrorBody> body) {
        String message = body.map(ErrorBody::message).orElse("Twilio answered with HTTP status " + status + ".");
        return new CallError(CallFailure.SERVER_ERROR, message, body.flatMap(ErrorBody::moreInfo), Retryable.UNKNOWN);
    }

    private static TwilioAnswer bad(int status) {
        return new Unknown(new CallError(
                CallFailure.BAD_ANSWER, "The answer with HTTP status " + status + " is not one of Twilio's."));
    }

    /** An error as Twilio's JSON tells it. */
    private record ErrorBody(String code, String message, Optional<String> moreInfo) {

        TwilioError toError(Retryable retryable) {
            return new TwilioError(code, message, moreInfo, retryable);
        }
    }

    /** The error in a JSON object; empty where it lacks a number or a text, so that it is not Twilio's. */
    private static Optional<ErrorBody> errorBody(Map<String, Object> json) {
        Optional<String> code = ErrorCode.read(json.get("code"));
        Optional<String> message = text(json, "message");
        if (code.isEmpty() || message.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new ErrorBody(code.get(), message.get(), text(json, "more_info").filter(TwilioAnswers::isWeb)));
    }

    private static boolean isWeb(String url) {
        return url.length() <= TwilioTexts.MAX_LENGTH && (url.startsWith("https://") || url.startsWith("http://"));
    }

    /** RFC 9110, section 10.2.3: seconds, or a date. A date that is past asks for no wait. */
    private static Optional<Duration> retryAfter(Header[] headers, Instant now) {
        for (Header header : headers) {
            if (header.getName().equalsIgnoreCase("Retry-After")) {
                String value = header.getValue().strip();
                return digits(value)
                        .map(seconds -> Duration.ofSeconds(Long.parseLong(seconds)))
                        .or(() -> untilDate(value, now));
            }
        }
        return Optional.empty();
    }

    private static Optional<Duration> untilDate(String date, Instant now) {
        try {
            Instant then = DateTimeFormatter.RFC_1123_DATE_TIME.parse(date, Instant::from);
            return Optional.of(then.isAfter(now) ? Duration.between(now, then) : Duration.ZERO);
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> text(Map<String, Object> json, String name) {
        return json.get(name) instanceof String text && !text.isBlank() ? Optional.of(text) : Optional.empty();
    }

    /** A JSON number or text of a few digits: Twilio writes {@code code} as the one, {@code num_segments} as the other. */
    private static Optional<String> digits(@Nullable Object value) {
        if (!(value instanceof String || value instanceof Integer)) {
            return Optional.empty();
        }
        String digits = value.toString();
        if (digits.isEmpty() || digits.length() > MAX_DIGITS) {
            return Optional.empty();
        }
        for (int i = 0; i < digits.length(); i++) {
            if (digits.charAt(i) < '0' || digits.charAt(i) > '9') {
                return Optional.empty();
            }
        }
        return Optional.of(digits);
    }

    private static Optional<Map<String, Object>> json(String content) {
        try {
            return Optional.of(Json.parseObject(content));
        } catch (BadJson e) {
            return Optional.empty();
        }
    }
}
