package io.smstask.simulator;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** All messages taken so far: found by sid, or listed newest first in pages. */
final class Messages {
    private static final int PAGE_SIZE = 50;
    private static final int LARGEST_PAGE = 1000;
    private static final Pattern DATE_SENT = Pattern.compile("DateSent(=|=[<>]=?|[<>]==?)([^<>=]*)");

    private final Map<String, SimulatedMessage> bySid = new ConcurrentHashMap<>();
    private final BoundedLog<SimulatedMessage> inOrder = new BoundedLog<>();

    void add(SimulatedMessage message) {
        bySid.put(message.sid(), message);
        inOrder.add(message).ifPresent(oldest -> bySid.remove(oldest.sid()));
    }

    void remove(SimulatedMessage message) {
        inOrder.remove(message);
        bySid.remove(message.sid());
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
     * @param query decoded: {@code To}, {@code From}, {@code DateSent} (also with {@code <}, {@code >},
     *     {@code <=} or {@code >=} behind the name or before the value), {@code PageSize}, and {@code Page} and {@code PageToken} from the page before
     */
    MessagePage page(String accountSid, Map<String, String> query) throws ApiRefusal {
        int size = Math.min(number(query, "PageSize", PAGE_SIZE), LARGEST_PAGE);
        if (size == 0) {
            throw new ApiRefusal(ApiError.INVALID_PARAMETER, "'PageSize' must be at least 1");
        }
        var matching = matching(accountSid, query);
        var found = new ArrayList<>(inOrder.all());
        Collections.reverse(found);
        found.removeIf(matching.negate());
        String token = query.getOrDefault("PageToken", "");
        int start = token.isEmpty() ? 0 : start(found, accountSid, token, size);
        int end = Math.min(start + size, found.size());
        return new MessagePage(
                accountSid,
                query,
                size,
                number(query, "Page", 0),
                token,
                found.subList(start, end),
                start > 0 && start < end,
                end < found.size());
    }

    /** The token names a message of the neighbouring page, so that new messages shift nothing. */
    private int start(List<SimulatedMessage> found, String accountSid, String token, int size) throws ApiRefusal {
        int named = token.length() < 2
                ? -1
                : find(accountSid, token.substring(2)).map(found::indexOf).orElse(-1);
        if (named >= 0 && token.startsWith(MessagePage.AFTER)) {
            return named + 1;
        }
        if (named >= 0 && token.startsWith(MessagePage.BEFORE)) {
            return Math.max(0, named - size);
        }
        throw new ApiRefusal(ApiError.INVALID_PARAMETER, "'PageToken' must be one of this list's");
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
        for (var parameter : query.entrySet()) {
            if (parameter.getKey().matches("DateSent[<>]?")) {
                var days = days(parameter.getKey() + "=" + parameter.getValue());
                matching = matching.and(message -> sent(message).filter(days).isPresent());
            }
        }
        return matching;
    }

    /** Twilio's pages and clients put the comparison at the end of the name, or at the start of the value. */
    private static Predicate<LocalDate> days(String filter) throws ApiRefusal {
        var parts = DATE_SENT.matcher(filter);
        if (!parts.matches()) {
            throw invalidDate();
        }
        var day = day(parts.group(2));
        return switch (parts.group(1)) {
            case "=" -> day::equals;
            case ">=", "=>", "=>=", ">==" -> on -> !on.isBefore(day);
            default -> on -> !on.isAfter(day);
        };
    }

    /** Empty while the message is under way: then no filter by day finds it. */
    private static Optional<LocalDate> sent(SimulatedMessage message) {
        return message.sent().map(at -> LocalDate.ofInstant(at, ZoneOffset.UTC));
    }

    /** Twilio documents days only. A time counts as its day, so that nobody relies on it. */
    private static LocalDate day(String text) throws ApiRefusal {
        return IsoTimes.parse(text)
                .map(at -> LocalDate.ofInstant(at, ZoneOffset.UTC))
                .orElseThrow(Messages::invalidDate);
    }

    private static ApiRefusal invalidDate() {
        return new ApiRefusal(
                ApiError.INVALID_PARAMETER,
                "'DateSent' must be a day or a time, after '<', '<=', '>', '>=' or nothing");
    }

    private static int number(Map<String, String> query, String name, int preset) throws ApiRefusal {
        String text = query.getOrDefault(name, String.valueOf(preset));
        if (!text.matches("[0-9]{1,6}")) {
            throw new ApiRefusal(ApiError.INVALID_PARAMETER, "'" + name + "' must be a number");
        }
        return Integer.parseInt(text);
    }
}
