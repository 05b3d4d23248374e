package io.smstask.simulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * A valid request to create a message. Unknown parameters are ignored, as at Twilio.
 *
 * @param from the sender; empty if only a messaging service was given
 * @param sendAt when to send; only with a messaging service
 * @see <a href="https://www.twilio.com/docs/messaging/api/message-resource">Twilio's Message resource</a>
 */
record MessageRequest(
        String to,
        Optional<String> from,
        Optional<String> messagingServiceSid,
        String body,
        int media,
        Optional<String> statusCallback,
        Optional<Instant> sendAt) {

    private static final Set<String> REPEATABLE = Set.of("MediaUrl", "PersistentAction");
    private static final String SERVICE_SID = "MG[0-9a-fA-F]{32}";
    private static final String CONTENT_SID = "HX[0-9a-fA-F]{32}";
    private static final int LONGEST_BODY = 1600;
    private static final int LONGEST_URL = 4000;
    private static final Duration SOONEST = Duration.ofSeconds(300);
    private static final Duration LATEST = Duration.ofDays(35);

    /** Checks a form as Twilio would; the first error is the answer. */
    static MessageRequest of(FormBody form, Instant now) throws ApiRefusal {
        for (var field : form.fields().entrySet()) {
            if (field.getValue().size() > 1 && !REPEATABLE.contains(field.getKey())) {
                throw new ApiRefusal(ApiError.BAD_REQUEST, "'" + field.getKey() + "' was given twice");
            }
        }
        String to = form.value("To").orElseThrow(() -> new ApiRefusal(ApiError.TO_REQUIRED));
        // A messaging service may be named in From as well: see Twilio's page on 21603.
        var given = form.value("From");
        var service = form.value("MessagingServiceSid").or(() -> given.filter(from -> from.matches(SERVICE_SID)));
        var from = given.filter(sender -> !sender.matches(SERVICE_SID));
        if (from.isEmpty() && service.isEmpty()) {
            throw new ApiRefusal(ApiError.FROM_REQUIRED);
        }
        if (service.isPresent() && !service.get().matches(SERVICE_SID)) {
            throw ApiRefusal.quoting(ApiError.INVALID_MESSAGING_SERVICE, service.get());
        }
        checkContent(form, service.isPresent());
        String recipient = recipient(to);
        var sender = from.isEmpty() ? from : Optional.of(sender(from.get(), recipient));
        var statusCallback = form.value("StatusCallback");
        if (statusCallback.isPresent() && !isCallback(statusCallback.get())) {
            throw ApiRefusal.quoting(ApiError.INVALID_STATUS_CALLBACK, statusCallback.get());
        }
        checkValidityPeriod(form);
        return new MessageRequest(
                recipient,
                sender,
                service,
                form.value("Body").orElse(""),
                form.values("MediaUrl").size(),
                statusCallback,
                sendAt(form, service.isPresent(), now));
    }

    private static void checkContent(FormBody form, boolean service) throws ApiRefusal {
        var media = form.values("MediaUrl");
        var content = form.value("ContentSid");
        var body = form.value("Body");
        if (body.isEmpty() && media.isEmpty() && content.isEmpty()) {
            throw new ApiRefusal(service ? ApiError.CONTENT_REQUIRED : ApiError.BODY_REQUIRED);
        }
        // Twilio counts some characters, such as emojis, as several; here UTF-16 units are counted.
        if (body.isPresent() && body.get().length() > LONGEST_BODY) {
            throw new ApiRefusal(ApiError.BODY_TOO_LONG);
        }
        if (media.size() > 10) {
            throw new ApiRefusal(ApiError.TOO_MANY_MEDIA);
        }
        for (String url : media) {
            if (!isWebUrl(url)) {
                throw ApiRefusal.quoting(ApiError.INVALID_MEDIA_URL, url);
            }
        }
        if (content.isPresent() && !content.get().matches(CONTENT_SID)) {
            throw ApiRefusal.quoting(ApiError.INVALID_CONTENT_SID, content.get());
        }
        var variables = form.value("ContentVariables");
        if (variables.isPresent() && !isJsonObject(variables.get())) {
            throw new ApiRefusal(ApiError.INVALID_CONTENT_VARIABLES);
        }
    }

    private static String recipient(String to) throws ApiRefusal {
        String recipient = Addresses.recipient(to).orElseThrow(() -> notAnAddress(ApiError.INVALID_TO, to));
        var magic = Addresses.magicRecipient(recipient);
        if (magic.isPresent()) {
            throw ApiRefusal.quoting(magic.get(), recipient);
        }
        return recipient;
    }

    private static ApiRefusal notAnAddress(ApiError error, String value) {
        return value.matches(" [0-9].*")
                ? new ApiRefusal(
                        error,
                        error.text() + ": '" + value + "' begins with a blank; a form needs its plus sign as %2B")
                : ApiRefusal.quoting(error, value);
    }

    private static String sender(String from, String recipient) throws ApiRefusal {
        String sender = Addresses.sender(from).orElseThrow(() -> notAnAddress(ApiError.INVALID_FROM, from));
        var magic = Addresses.magicSender(sender);
        if (magic.isPresent()) {
            throw ApiRefusal.quoting(magic.get(), sender);
        }
        if (sender.equals(recipient)) {
            throw new ApiRefusal(ApiError.INVALID_TO, "The 'To' number must not be the 'From' number");
        }
        if (!Addresses.channel(sender).equals(Addresses.channel(recipient))) {
            throw new ApiRefusal(ApiError.CHANNELS_DIFFER);
        }
        return sender;
    }

    private static void checkValidityPeriod(FormBody form) throws ApiRefusal {
        var seconds = form.value("ValidityPeriod");
        if (seconds.isPresent()
                && !(seconds.get().matches("[1-9][0-9]{0,4}") && Integer.parseInt(seconds.get()) <= 36_000)) {
            throw new ApiRefusal(ApiError.INVALID_VALIDITY_PERIOD);
        }
    }

    /** Without ScheduleType, Twilio ignores SendAt and sends at once. */
    private static Optional<Instant> sendAt(FormBody form, boolean service, Instant now) throws ApiRefusal {
        if (form.value("ScheduleType").isEmpty()) {
            return Optional.empty();
        }
        if (!service) {
            throw new ApiRefusal(ApiError.SCHEDULE_NEEDS_SERVICE);
        }
        if (!form.value("ScheduleType").get().equals("fixed")) {
            throw new ApiRefusal(ApiError.INVALID_SCHEDULE_TYPE);
        }
        String text = form.value("SendAt").orElseThrow(() -> new ApiRefusal(ApiError.SEND_AT_REQUIRED));
        var sendAt =
                IsoTimes.parse(text).filter(at -> !at.isBefore(now.plus(SOONEST)) && !at.isAfter(now.plus(LATEST)));
        if (sendAt.isPresent()) {
            return sendAt;
        }
        throw new ApiRefusal(ApiError.INVALID_SEND_AT);
    }

    /** Without a path, or with other characters than ASCII, it could not be requested as it is signed. */
    private static boolean isCallback(String url) {
        String requested = url.replaceFirst("#.*", "");
        return url.length() <= LONGEST_URL
                && isWebUrl(requested)
                && !URI.create(requested).getRawPath().isEmpty()
                && requested.chars().allMatch(c -> c < 128);
    }

    /** A host with an underscore is invalid for java.net.URI, and for Twilio. */
    private static boolean isWebUrl(String url) {
        try {
            var uri = new URI(url);
            return uri.getHost() != null
                    && (uri.getPort() == -1 || uri.getPort() > 0 && uri.getPort() < 65_536)
                    && ("https".equalsIgnoreCase(uri.getScheme()) || "http".equalsIgnoreCase(uri.getScheme()));
        } catch (URISyntaxException notAUrl) {
            return false;
        }
    }

    private static boolean isJsonObject(String text) {
        try {
            return new ObjectMapper().readTree(text).isObject();
        } catch (JsonProcessingException notJson) {
            return false;
        }
    }
}
