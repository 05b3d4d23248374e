package io.smstask.lambda;

import io.smstask.json.BadJson;
import io.smstask.json.Json;
import io.smstask.task.Escalation;
import io.smstask.task.HistoryEntry;
import io.smstask.task.Sms;
import io.smstask.task.Task;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The task as callers see it: the contract's fields, absent if the task lacks them. It holds no secret. */
public final class TaskJson {

    private static final int NANOS_PER_MILLI = 1_000_000;

    private TaskJson() {}

    /** The task's fields in the contract's order, ready for {@link Json#write}. */
    public static Map<String, Object> of(Task task) {
        if (task.isErased()) {
            return erased(task);
        }
        Sms sms = task.sms();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put(Wire.TASK_ID, task.id().value());
        put(json, Wire.SID, task.sid().isPresent() ? task.sid().get().value() : null);
        json.put(Wire.NODE, task.node().label());
        put(json, Wire.STATUS, task.status().isPresent() ? task.status().get().word() : null);
        json.put(Wire.ACCOUNT_SID, sms.account().value());
        json.put(Wire.NUMBER_TO, sms.to().value());
        put(json, Wire.NUMBER_FROM, sms.from().isPresent() ? sms.from().get().value() : null);
        put(json, Wire.BODY, sms.body().isPresent() ? sms.body().get().value() : null);
        put(json, Wire.BODY_LENGTH, task.bodyLength().orElse(null));
        // Sorted, since the order of an immutable map changes from one process to the next.
        for (Map.Entry<String, List<String>> further : new TreeMap<>(sms.further()).entrySet()) {
            List<String> values = further.getValue();
            json.put(further.getKey(), values.size() == 1 ? values.get(0) : values);
        }
        if (task.escalation().isPresent()) {
            Escalation escalation = task.escalation().get();
            json.put(Wire.CODE, escalation.code());
            json.put(Wire.MESSAGE, escalation.message());
            put(json, Wire.URL_MORE_INFO, escalation.urlMoreInfo().orElse(null));
            json.put(Wire.RETRYABLE, escalation.retryable().word());
            json.put(Wire.REASON, escalation.reason().word());
        }
        put(json, Wire.NUM_SEGMENTS, task.numSegments().orElse(null));
        json.put(Wire.CREATED_AT, time(task.createdAt()));
        json.put(Wire.UPDATED_AT, time(task.updatedAt()));
        json.put(Wire.HISTORY, history(task.history()));
        put(
                json,
                Wire.CONTEXT,
                task.context().isPresent() ? context(task.context().get()) : null);
        return json;
    }

    private static Map<String, Object> erased(Task task) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put(Wire.TASK_ID, task.id().value());
        json.put(Wire.NODE, task.node().label());
        if (task.escalation().isPresent()) {
            json.put(Wire.CODE, task.escalation().get().code());
            json.put(Wire.RETRYABLE, task.escalation().get().retryable().word());
        }
        json.put(Wire.ERASED, true);
        return json;
    }

    /**
     * The task without personal data: no number, text, further parameter or context, and not Twilio's message, which
     * may quote a number.
     */
    public static Map<String, Object> withoutPersonalData(Task task) {
        Map<String, Object> json = of(task);
        json.keySet().removeAll(Set.of(Wire.NUMBER_TO, Wire.NUMBER_FROM, Wire.BODY, Wire.MESSAGE, Wire.CONTEXT));
        json.keySet().removeAll(task.sms().further().keySet());
        return json;
    }

    /** An error without a task: a code and a message. */
    public static Map<String, Object> error(String code, String message) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put(Wire.CODE, code);
        json.put(Wire.MESSAGE, message);
        return json;
    }

    /** A time as RFC 3339 in UTC with milliseconds. A formatter would take 5 ms of a cold start. */
    public static String time(Instant time) {
        LocalDateTime utc = LocalDateTime.ofEpochSecond(time.getEpochSecond(), time.getNano(), ZoneOffset.UTC);
        return utc.toLocalDate() + "T" + digits(utc.getHour(), 2) + ":" + digits(utc.getMinute(), 2) + ":"
                + digits(utc.getSecond(), 2) + "." + digits(utc.getNano() / NANOS_PER_MILLI, 3) + "Z";
    }

    private static String digits(int number, int count) {
        String digits = "00" + number;
        return digits.substring(digits.length() - count);
    }

    private static List<Map<String, Object>> history(List<HistoryEntry> history) {
        List<Map<String, Object>> entries = new ArrayList<>();
        for (HistoryEntry entry : history) {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put(Wire.AT, time(entry.at()));
            json.put(Wire.SOURCE, entry.source().word());
            put(json, Wire.STATUS, entry.status().orElse(null));
            put(json, Wire.CODE, entry.code().orElse(null));
            put(json, Wire.NOTE, entry.note().orElse(null));
            entries.add(json);
        }
        return entries;
    }

    private static Object context(String stored) {
        try {
            return Json.parseObject(stored);
        } catch (BadJson e) {
            throw new IllegalStateException("a stored context is JSON: it was written as such", e);
        }
    }

    private static void put(Map<String, Object> json, String name, @Nullable Object value) {
        if (value != null) {
            json.put(name, value);
        }
    }
}
