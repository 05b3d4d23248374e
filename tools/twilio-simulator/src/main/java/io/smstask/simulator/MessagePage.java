package io.smstask.simulator;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One page of a list of messages, and the links to its neighbours.
 *
 * @param query the filters
 * @param token what led to this page; empty on the first
 * @param messages newest first
 * @param hasNewer whether messages that match stand before the first of this page
 * @param hasOlder whether messages that match stand behind the last of this page
 */
record MessagePage(
        String accountSid,
        Map<String, String> query,
        int size,
        int page,
        String token,
        List<SimulatedMessage> messages,
        boolean hasNewer,
        boolean hasOlder) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** In a token, in front of a sid: the page that begins behind this message. */
    static final String AFTER = "PA";
    /** In a token, in front of a sid: the page that ends before this message. */
    static final String BEFORE = "PB";

    /** Writes it message by message. A page of 1,000 long texts takes more than a megabyte. */
    void write(OutputStream out) throws IOException {
        try (var json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeStringField("first_page_uri", link(0, ""));
            json.writeNumberField("end", page * size + Math.max(0, messages.size() - 1));
            json.writeStringField(
                    "previous_page_uri",
                    hasNewer
                            ? link(
                                    Math.max(0, page - 1),
                                    BEFORE + messages.get(0).sid())
                            : null);
            json.writeArrayFieldStart("messages");
            for (var message : messages) {
                json.writeTree(MessageJson.message(message));
            }
            json.writeEndArray();
            json.writeStringField("uri", link(page, token));
            json.writeNumberField("page_size", size);
            json.writeNumberField("start", page * size);
            json.writeStringField(
                    "next_page_uri",
                    hasOlder
                            ? link(
                                    page + 1,
                                    AFTER + messages.get(messages.size() - 1).sid())
                            : null);
            json.writeNumberField("page", page);
            json.writeEndObject();
        }
    }

    private String link(int number, String by) {
        var parameters = new LinkedHashMap<>(query);
        parameters.keySet().removeAll(List.of("PageSize", "Page", "PageToken"));
        parameters.put("PageSize", String.valueOf(size));
        parameters.put("Page", String.valueOf(number));
        if (!by.isEmpty()) {
            parameters.put("PageToken", by);
        }
        return MessageJson.path(accountSid) + ".json?" + FormBody.encode(parameters);
    }
}
