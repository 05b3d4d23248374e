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
import io.smstask.task.Retryable;
import io.smstask.task.TwilioTexts;
import io.smstask.twilio.RetryAfter;
import io.smstask.twilio.TwilioMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.hc.core5.http.Header;

/**
 * Reads what Twilio answered to a request to send. What may be done next depends on the HTTP status first, and on the
 * body only if that is Twilio's own JSON: a proxy may answer too, in HTML or with nothing.
 */
final class TwilioAnswers {

    private static final String TOO_MANY_REQUESTS = "20429";

    private TwilioAnswers() {}

    /**
     * Reads one answer.
     *
     * @param now when it came, for a {@code Retry-After} that names a date
     */
    static TwilioAnswer read(Response response, Instant now) {
        int status = response.getStatusCode();
        if (status >= 400) {
            return error(status, errorAnswer(response, now));
        }
        if (status >= 300) {
            return bad(status);
        }
        Optional<Map<String, Object>> json = json(response.getContent());
        return json.isPresent() ? taken(json.get()) : bad(status);
    }

    private static TwilioAnswer taken(Map<String, Object> resource) {
        Optional<MessageSid> sid = TwilioMessage.readSid(resource);
        Optional<TwilioMessage> message = sid.isPresent() ? TwilioMessage.read(sid.get(), resource) : Optional.empty();
        return message.isPresent() ? new Accepted(message.get()) : new Incomplete(sid);
    }

    private static TwilioAnswer error(int status, ErrorAnswer answer) {
        if (status >= 500) {
            String message = answer.isTwilios()
                    ? answer.message().get()
                    : answer.after("Twilio answered with HTTP status " + status);
            return new Unknown(new CallError(CallFailure.SERVER_ERROR, message, answer.moreInfo(), Retryable.UNKNOWN));
        }
        if (status == 429) {
            String code = answer.code().orElse(TOO_MANY_REQUESTS);
            TwilioError error = new TwilioError(code, answer.message().orElse(""), answer.moreInfo(), Retryable.YES);
            // Too many at once passes in a moment, a quota does not.
            return code.equals(TOO_MANY_REQUESTS)
                    ? new NotSent(error, answer.retryAfter())
                    : new Refused(status, error, answer.retryAfter());
        }
        if (answer.isTwilios()) {
            String code = answer.code().get();
            return new Refused(
                    status,
                    new TwilioError(code, answer.message().get(), answer.moreInfo(), retryable(code)),
                    answer.retryAfter());
        }
        if (!isRefusal(status)) {
            return bad(status);
        }
        String message = answer.after("The request was refused with HTTP status " + status);
        return new Refused(
                status,
                new CallError(CallFailure.REFUSED, message, answer.moreInfo(), Retryable.NO),
                answer.retryAfter());
    }

    /** A full queue and a maintenance pass: the same call may succeed later. */
    private static Retryable retryable(String code) {
        return switch (code) {
            case "21611", "21730" -> Retryable.YES;
            default -> Retryable.NO;
        };
    }

    /** Whether nothing was sent, no matter whether Twilio or a proxy answered with this status. */
    private static boolean isRefusal(int status) {
        return switch (status) {
            case 400, 401, 403, 404, 405, 410, 411, 413, 414, 415, 422, 431, 451 -> true;
            default -> false;
        };
    }

    private static TwilioAnswer bad(int status) {
        return new Unknown(new CallError(
                CallFailure.BAD_ANSWER, "The answer with HTTP status " + status + " is not one of Twilio's."));
    }

    /**
     * What an answer with an error says.
     *
     * @param code Twilio's number
     * @param message from the JSON, or the body as plain text
     */
    private record ErrorAnswer(
            Optional<String> code, Optional<String> message, Optional<String> moreInfo, Optional<Duration> retryAfter) {

        /** Whether it is Twilio's own JSON: only that has a number and a text. */
        boolean isTwilios() {
            return code.isPresent() && message.isPresent();
        }

        /** The sentence, continued by what the body says. */
        String after(String beginning) {
            if (message.isPresent()) {
                return beginning + ": " + message.get();
            }
            return code.isPresent() ? beginning + ": error " + code.get() + "." : beginning + ".";
        }
    }

    private static ErrorAnswer errorAnswer(Response response, Instant now) {
        Optional<Duration> retryAfter = retryAfter(response.getHeaders(), now);
        Optional<Map<String, Object>> json = json(response.getContent());
        if (json.isEmpty()) {
            return new ErrorAnswer(Optional.empty(), plainText(response), Optional.empty(), retryAfter);
        }
        Optional<String> moreInfo = Json.text(json.get(), "more_info");
        return new ErrorAnswer(
                ErrorCode.read(json.get().get("code")),
                Json.text(json.get(), "message"),
                moreInfo.isPresent() && isWeb(moreInfo.get()) ? moreInfo : Optional.empty(),
                retryAfter);
    }

    /** The body if it is plain text for people: no HTML, and nothing like JSON. */
    private static Optional<String> plainText(Response response) {
        String text = response.getContent().strip();
        boolean isMarkup =
                text.startsWith("<") || text.startsWith("{") || text.startsWith("[") || text.startsWith("\"");
        return text.isEmpty() || isMarkup || isHtml(response.getHeaders()) ? Optional.empty() : Optional.of(text);
    }

    private static boolean isHtml(Header[] headers) {
        for (Header header : headers) {
            if (header.getName().equalsIgnoreCase("Content-Type")
                    && header.getValue().toLowerCase(Locale.ROOT).contains("html")) {
                return true;
            }
        }
        return false;
    }

    private static boolean isWeb(String url) {
        return url.length() <= TwilioTexts.MAX_LENGTH && (url.startsWith("https://") || url.startsWith("http://"));
    }

    private static Optional<Duration> retryAfter(Header[] headers, Instant now) {
        for (Header header : headers) {
            if (header.getName().equalsIgnoreCase("Retry-After")) {
                return RetryAfter.read(header.getValue(), now);
            }
        }
        return Optional.empty();
    }

    private static Optional<Map<String, Object>> json(String content) {
        try {
            return Optional.of(Json.parseObject(content));
        } catch (BadJson e) {
            return Optional.empty();
        }
    }
}
