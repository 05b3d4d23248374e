package io.smstask.twilio;

import io.smstask.json.BadJson;
import io.smstask.json.Json;
import io.smstask.task.AccountSid;
import io.smstask.task.Digits;
import io.smstask.task.ErrorCode;
import io.smstask.task.ListedMessage;
import io.smstask.task.MessageSid;
import io.smstask.task.MessageStatus;
import io.smstask.task.MessageText;
import io.smstask.task.PhoneNumber;
import io.smstask.task.Source;
import io.smstask.task.StatusReport;
import io.smstask.task.TwilioTexts;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What Twilio says of one message. The only reader of Twilio's Message resource, wherever it stands: in the answer to a call,
 * alone, or in a list. A field that is not as Twilio documents it counts as absent.
 *
 * @param errorCode Twilio's error number, if there is an error
 * @param errorText Twilio's text about the error
 * @param numSegments how many SMS the message takes
 * @see
 *     <a href="https://www.twilio.com/docs/messaging/api/message-resource#message-properties">Twilio: message properties</a>
 */
public record TwilioMessage(
        MessageSid sid,
        MessageStatus status,
        Optional<String> errorCode,
        Optional<String> errorText,
        Optional<Integer> numSegments) {

    /** The message of a list's entry. */
    public static TwilioMessage of(ListedMessage listed) {
        return new TwilioMessage(
                listed.sid(), listed.status(), listed.errorCode(), listed.errorText(), listed.numSegments());
    }

    /** The resource's own sid. */
    public static Optional<MessageSid> readSid(Map<?, ?> resource) {
        Optional<String> sid = Json.text(resource, "sid");
        return sid.isPresent() && MessageSid.isValid(sid.get())
                ? Optional.of(new MessageSid(sid.get()))
                : Optional.empty();
    }

    /**
     * Reads the resource of the message with this sid.
     *
     * @return empty if it has no status
     */
    public static Optional<TwilioMessage> read(MessageSid sid, Map<?, ?> resource) {
        Optional<String> status = Json.text(resource, "status");
        if (status.isEmpty() || !MessageStatus.isWord(status.get())) {
            return Optional.empty();
        }
        Optional<String> segments = Digits.read(resource.get("num_segments"));
        return Optional.of(new TwilioMessage(
                sid,
                new MessageStatus(status.get()),
                ErrorCode.read(resource.get("error_code")),
                Json.text(resource, "error_message"),
                segments.isPresent() ? Optional.of(Integer.valueOf(segments.get())) : Optional.empty()));
    }

    /**
     * Reads the resource as an entry of Twilio's list.
     *
     * @throws BadJson if a field is missing or wrong that tells whose message it is
     */
    public static ListedMessage readListed(Map<?, ?> resource) throws BadJson {
        TwilioMessage message = readSid(resource)
                .flatMap(sid -> read(sid, resource))
                .orElseThrow(() -> new BadJson("expected a message's sid and status"));
        try {
            return new ListedMessage(
                    message.sid(),
                    new AccountSid(Json.text(resource, "account_sid").orElse("")),
                    new PhoneNumber(Json.text(resource, "to").orElseThrow(() -> new BadJson("expected to"))),
                    Json.text(resource, "from").map(PhoneNumber::new),
                    Json.text(resource, "messaging_service_sid"),
                    new MessageText(resource.get("body") instanceof String body ? body : ""),
                    !Json.text(resource, "num_media").orElse("").equals("0"),
                    readTime(resource, "date_created").orElseThrow(() -> new BadJson("expected date_created")),
                    message.status(),
                    message.errorCode(),
                    message.errorText(),
                    message.numSegments());
        } catch (IllegalArgumentException e) {
            throw new BadJson("expected account_sid");
        }
    }

    /** Whether the API sent the message: others are received, or sent by TwiML. */
    public static boolean isSentByApi(Map<?, ?> resource) {
        return Json.text(resource, "direction").orElse("").equals("outbound-api");
    }

    /**
     * When Twilio sent the message; empty until then.
     *
     * @throws BadJson if it is no time
     */
    public static Optional<Instant> readSentAt(Map<?, ?> resource) throws BadJson {
        return readTime(resource, "date_sent");
    }

    /** Twilio writes times in the format of RFC 2822, to the second. */
    private static Optional<Instant> readTime(Map<?, ?> resource, String name) throws BadJson {
        try {
            return Json.text(resource, name)
                    .map(text -> DateTimeFormatter.RFC_1123_DATE_TIME.parse(text, Instant::from));
        } catch (DateTimeException e) {
            throw new BadJson("expected a time in " + name);
        }
    }

    /** This message with its text about the error as it may be stored. */
    public TwilioMessage cleaned(List<String> secrets) {
        return errorText.isEmpty()
                ? this
                : new TwilioMessage(
                        sid,
                        status,
                        errorCode,
                        Optional.of(TwilioTexts.cleaned(errorText.get(), secrets)),
                        numSegments);
    }

    /** What this message, {@linkplain #cleaned cleaned}, reports for its task. */
    public StatusReport report(Source source, Instant at) {
        return new StatusReport(sid, status, errorCode, errorText, numSegments, source, at);
    }
}
