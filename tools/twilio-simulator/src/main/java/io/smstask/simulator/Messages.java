package io.smstask.simulator;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** All messages taken so far: found by sid, or listed newest first in pages. */
final class Messages {
    private static final int PAGE_SIZE = 50;
    private static final int LARGEST_PAGE = 1000;

    private final Map<String, SimulatedMessage> bySid = new ConcurrentHashMap<>();
    private final BoundedLog<SimulatedMessage> inOrder = new BoundedLog<>();

    void add(SimulatedMessage message) {
        bySid.put(message.sid(), message);
        inOrder.add(message).ifPresent(oldest -> bySid.remove(oldest.sid()));
    }

    void clear() {
        inOrder.clear();
        bySid.clear();
    }

    List<SimulatedMessage> all() {
        return inOrder.all();
    }

    Optional<SimulatedMessage> find(String accountSid, String sid) {
        return Optional.ofNullable(bySid.get(sid))
                .filter(message -> message.accountSid().equals(accountSid));
    }

    /**
     * One page of an account's messages, as {@code GET Messages.json} answers it.
     *
     * @param query decoded: {@code To}, {@code From}, {@code DateSent} (also with {@code <} or {@code >} behind the
     *     name), {@code PageSize}, and {@code Page} and {@code PageToken} from the page before
     */
    ObjectNode page(String accountSid, Map<String, String> query) throws ApiRefusal {
        int size = Math.min(number(query, "PageSize", PAGE_SIZE), LARGEST_PAGE);
        int page = number(query, "Page", 0);
        if (size == 0) {
            throw new ApiRefusal(ApiError.BAD_REQUEST, "'PageSize' must be at least 1");
        }
        var newestFirst = new ArrayList<>(inOrder.all());
        Collections.reverse(newestFirst);
        // The token names the last message of the page before, so that new messages shift nothing.
        String token = query.getOrDefault("PageToken", "");
        if (!token.isEmpty()) {
            int last = newestFirst.indexOf(bySid.get(token.substring(Math.min(2, token.length()))));
            newestFirst.subList(0, last + 1).clear();
        }
        var matching = matching(accountSid, query);
        var found = newestFirst.stream().filter(matching).limit(size + 1L).toList();
        var shown = found.subList(0, Math.min(size, found.size()));

        var json = JsonNodeFactory.instance.objectNode();
        String path = MessageJson.path(accountSid) + ".json";
        json.put("first_page_uri", path + link(query, size, 0, ""));
        json.put("end", page * size + Math.max(0, shown.size() - 1));
        json.putNull("previous_page_uri");
        var messages = json.putArray("messages");
        shown.forEach(message -> messages.add(MessageJson.message(message)));
        json.put("uri", path + link(query, size, page, token));
        json.put("page_size", size);
        json.put("start", page * size);
        if (found.size() > size) {
            String last = "PA" + shown.get(size - 1).sid();
            json.put("next_page_uri", path + link(query, size, page + 1, last));
        } else {
            json.putNull("next_page_uri");
        }
        json.put("page", page);
        return json;
    }

    private static Predicate<SimulatedMessage> matching(String accountSid, Map<String, String> query)
            throws ApiRefusal {
        Predicate<SimulatedMessage> matching = message -> message.accountSid().equals(accountSid);
        if (query.containsKey("To")) {
            String to = Addresses.recipient(query.get("To")).orElse(query.get("To"));
            matching = matching.and(message -> message.to().equals(to));
        }
        if (query.containsKey("From")) {
            String from = Addresses.sender(query.get("From")).orElse(query.get("From"));
            matching = matching.and(message -> message.from().equals(Optional.of(from)));
        }
        if (query.containsKey("DateSent")) {
            Instant from = time(query.get("DateSent"));
            Instant until = from.plusSeconds(IsoTimes.isDay(query.get("DateSent")) ? 86_400 : 1);
            matching = matching.and(m -> !dated(m).isBefore(from) && dated(m).isBefore(until));
        }
        if (query.containsKey("DateSent>")) {
            Instant from = time(query.get("DateSent>"));
            matching = matching.and(message -> !dated(message).isBefore(from));
        }
        if (query.containsKey("DateSent<")) {
            Instant until = time(query.get("DateSent<"));
            matching = matching.and(message -> !dated(message).isAfter(until));
        }
        return matching;
    }

    /** A message that is not sent yet counts by the time of its creation. */
    private static Instant dated(SimulatedMessage message) {
        return message.sent().orElse(message.created());
    }

    private static Instant time(String text) throws ApiRefusal {
        return IsoTimes.parse(text)
                .orElseThrow(() -> new ApiRefusal(ApiError.BAD_REQUEST, "'DateSent' must be a day or a time"));
    }

    private static int number(Map<String, String> query, String name, int preset) throws ApiRefusal {
        String text = query.getOrDefault(name, String.valueOf(preset));
        if (!text.matches("[0-9]{1,6}")) {
            throw new ApiRefusal(ApiError.BAD_REQUEST, "'" + name + "' must be a number");
        }
        return Integer.parseInt(text);
    }

    private static String link(Map<String, String> query, int size, int page, String token) {
        var parameters = new LinkedHashMap<>(query);
        parameters.keySet().removeAll(List.of("PageSize", "Page", "PageToken"));
        parameters.put("PageSize", String.valueOf(size));
        parameters.put("Page", String.valueOf(page));
        if (!token.isEmpty()) {
            parameters.put("PageToken", token);
        }
        return "?" + FormBody.encode(parameters);
    }
}
