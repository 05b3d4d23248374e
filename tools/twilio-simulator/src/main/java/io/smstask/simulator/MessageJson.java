package io.smstask.simulator;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Twilio's JSON, every field of it.
 *
 * @see <a href="https://www.twilio.com/docs/messaging/api/message-resource#message-properties">Message properties</a>
 */
final class MessageJson {
    /** RFC 2822, always GMT. */
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss '+0000'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private MessageJson() {}

    static ObjectNode message(SimulatedMessage message) {
        String uri = path(message.accountSid()) + "/" + message.sid();
        var json = JsonNodeFactory.instance.objectNode();
        // One look at what changes, so that one answer never mixes two statuses.
        synchronized (message) {
            json.put("body", message.body());
            json.put("num_segments", segments(message));
            json.put("direction", "outbound-api");
            json.put("from", message.from().orElse(null));
            json.put("date_updated", DATE.format(message.updated()));
            json.putNull("price");
            json.put("error_message", message.errorMessage().orElse(null));
            json.put("uri", uri + ".json");
            json.put("account_sid", message.accountSid());
            json.put("num_media", String.valueOf(message.media()));
            json.put("to", message.to());
            json.put("date_created", DATE.format(message.created()));
            json.put("status", message.status());
            json.put("sid", message.sid());
            json.put("date_sent", message.sent().map(MessageJson::date).orElse(null));
            json.put("messaging_service_sid", message.messagingServiceSid().orElse(null));
            json.put("error_code", message.errorCode().orElse(null));
            json.put("price_unit", "USD");
            json.put("api_version", SimulatedMessage.API_VERSION);
        }
        json.putObject("subresource_uris").put("media", uri + "/Media.json");
        return json;
    }

    /** {@return the path of an account's messages, without {@code .json}} */
    static String path(String accountSid) {
        return "/" + SimulatedMessage.API_VERSION + "/Accounts/" + accountSid + "/Messages";
    }

    /** The page of a message's media, of which there are at most ten. They were never fetched, so their type is unknown. */
    static ObjectNode mediaList(SimulatedMessage message) {
        String path = path(message.accountSid()) + "/" + message.sid() + "/Media";
        String uri = path + ".json?PageSize=50&Page=0";
        var json = JsonNodeFactory.instance.objectNode();
        json.put("first_page_uri", uri).put("uri", uri);
        json.putNull("previous_page_uri").putNull("next_page_uri");
        json.put("page", 0).put("page_size", 50).put("start", 0).put("end", Math.max(0, message.media() - 1));
        var list = json.putArray("media_list");
        for (int i = 0; i < message.media(); i++) {
            String sid = "ME" + message.sid().substring(2, 33) + i;
            list.addObject()
                    .put("sid", sid)
                    .put("account_sid", message.accountSid())
                    .put("parent_sid", message.sid())
                    .put("content_type", "application/octet-stream")
                    .put("date_created", DATE.format(message.created()))
                    .put("date_updated", DATE.format(message.created()))
                    .put("uri", path + "/" + sid + ".json");
        }
        return json;
    }

    private static String date(Instant at) {
        return DATE.format(at);
    }

    /** Until a messaging service has chosen the sender, Twilio does not know. */
    private static String segments(SimulatedMessage message) {
        return message.from().isEmpty() ? "0" : String.valueOf(message.segments());
    }
}
