package io.smstask.store;

import io.smstask.json.BadJson;
import io.smstask.json.Json;
import io.smstask.task.AccountSid;
import io.smstask.task.CallbackProof;
import io.smstask.task.Claim;
import io.smstask.task.Escalation;
import io.smstask.task.Fingerprint;
import io.smstask.task.History;
import io.smstask.task.HistoryEntry;
import io.smstask.task.Match;
import io.smstask.task.MessageSid;
import io.smstask.task.MessageStatus;
import io.smstask.task.MessageText;
import io.smstask.task.Node;
import io.smstask.task.PhoneNumber;
import io.smstask.task.Retryable;
import io.smstask.task.Sms;
import io.smstask.task.Source;
import io.smstask.task.Standing;
import io.smstask.task.Subscribers;
import io.smstask.task.Task;
import io.smstask.task.TaskId;
import io.smstask.task.TaskToken;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Turns a task into an item of the table, and back. Items are DynamoDB's own JSON as maps, {@code {"name": {"S": "value"}}}.
 *
 * @see
 *     <a href="https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html">AWS: AttributeValue</a>
 */
final class Items {

    private Items() {}

    /** The item of a task, without its expiry and revision, which the store sets with each write. */
    static Map<String, Object> item(Task task) {
        Map<String, Object> item = tombstone(task);
        if (task.isErased()) {
            item.put(Attributes.ERASED, Map.of("BOOL", true));
            if (task.escalation().isPresent()) {
                item.put(Attributes.CODE, text(task.escalation().get().code()));
            }
            return item;
        }
        item.put(Attributes.NUMBER_TO, text(task.sms().to().value()));
        if (task.sms().from().isPresent()) {
            item.put(Attributes.NUMBER_FROM, text(task.sms().from().get().value()));
        }
        if (task.sms().body().isPresent()) {
            item.put(Attributes.BODY, text(task.sms().body().get().value()));
        }
        item.put(Attributes.FURTHER, further(task.sms().further()));
        item.put(Attributes.MATCH_KEY, text(Match.key(task.sms())));
        if (task.context().isPresent()) {
            item.put(Attributes.CONTEXT, text(task.context().get()));
        }
        if (task.bodyLength().isPresent()) {
            item.put(Attributes.BODY_LENGTH, number(task.bodyLength().get()));
        }
        item.put(Attributes.HISTORY, history(task.history()));
        item.put(Attributes.CREATED_AT, number(task.createdAt().toEpochMilli()));
        claim(item, task.claim());
        if (task.sid().isPresent()) {
            item.put(Attributes.SID, text(task.sid().get().value()));
        }
        if (task.numSegments().isPresent()) {
            item.put(Attributes.NUM_SEGMENTS, number(task.numSegments().get()));
        }
        if (task.escalation().isPresent()) {
            escalation(item, task.escalation().get());
        }
        if (task.isGivenUp()) {
            item.put(Attributes.GIVEN_UP, Map.of("BOOL", true));
        }
        return item;
    }

    /** What is left of every task in the end. */
    private static Map<String, Object> tombstone(Task task) {
        Map<String, Object> item = new HashMap<>();
        item.put(Attributes.TASK_ID, text(task.id().value()));
        item.put(Attributes.NODE, text(task.node().label()));
        if (task.status().isPresent()) {
            item.put(Attributes.STATUS, text(task.status().get().word()));
        }
        item.put(Attributes.ACCOUNT_SID, text(task.sms().account().value()));
        item.put(Attributes.SALT, text(task.fingerprint().salt()));
        item.put(Attributes.FINGERPRINT, text(task.fingerprint().hash()));
        item.put(Attributes.CLAIM_ID, text(task.claim().id()));
        item.put(Attributes.KEY_HASH, text(task.claim().proof().key().text()));
        item.put(Attributes.UPDATED_AT, number(task.updatedAt().toEpochMilli()));
        item.put(Attributes.DUE_AT, number(task.dueAt().toEpochMilli()));
        if (task.pollAt().isPresent()) {
            item.put(Attributes.POLL_SHARD, text(PollIndex.shardOf(task.pollKind(), task.id())));
            item.put(Attributes.POLL_AT, number(task.pollAt().get().toEpochMilli()));
        }
        if (task.subscribers().event() != Subscribers.Event.OFF) {
            item.put(Attributes.EVENT, text(task.subscribers().event().name().toLowerCase(Locale.ROOT)));
        }
        if (!task.subscribers().tokens().isEmpty()) {
            item.put(Attributes.TASK_TOKENS, tokens(task.subscribers().tokens()));
        }
        return item;
    }

    private static void escalation(Map<String, Object> item, Escalation escalation) {
        item.put(Attributes.CODE, text(escalation.code()));
        item.put(Attributes.MESSAGE, text(escalation.message()));
        item.put(Attributes.RETRYABLE, text(escalation.retryable().word()));
        if (escalation.urlMoreInfo().isPresent()) {
            item.put(Attributes.URL_MORE_INFO, text(escalation.urlMoreInfo().get()));
        }
    }

    private static void claim(Map<String, Object> item, Claim claim) {
        item.put(Attributes.ATTEMPT, number(claim.attempt()));
        item.put(Attributes.CALL_DEADLINE, number(claim.callDeadline().toEpochMilli()));
        item.put(Attributes.CALLBACK_BASE, text(claim.callbackBase()));
        if (claim.proof() instanceof CallbackProof.SealedToken sealed) {
            item.put(Attributes.SEALED_TOKEN, text(sealed.text()));
        }
    }

    /**
     * The task of an item.
     *
     * @throws IllegalArgumentException if the item is not a task's; the message may quote it
     */
    static Task task(Map<?, ?> item) {
        if (item.containsKey(Attributes.ERASED)) {
            return erased(item);
        }
        Optional<MessageSid> sid = item.containsKey(Attributes.SID)
                ? Optional.of(new MessageSid(text(item, Attributes.SID)))
                : Optional.empty();
        Node node = Node.of(text(item, Attributes.NODE));
        Optional<Escalation> escalation = escalation(item, sid.isPresent());
        if (escalation.isPresent() != (node == Node.ESCALATION)) {
            throw new IllegalArgumentException("an item has a code exactly in " + Node.ESCALATION.label());
        }
        return new Task(
                new TaskId(text(item, Attributes.TASK_ID)),
                new Sms(
                        new AccountSid(text(item, Attributes.ACCOUNT_SID)),
                        new PhoneNumber(text(item, Attributes.NUMBER_TO)),
                        item.containsKey(Attributes.NUMBER_FROM)
                                ? Optional.of(new PhoneNumber(text(item, Attributes.NUMBER_FROM)))
                                : Optional.empty(),
                        item.containsKey(Attributes.BODY)
                                ? Optional.of(new MessageText(text(item, Attributes.BODY)))
                                : Optional.empty(),
                        restored(map(item, Attributes.FURTHER))),
                fingerprint(item),
                claim(item),
                new Standing(
                        node,
                        sid,
                        status(item),
                        item.containsKey(Attributes.NUM_SEGMENTS)
                                ? Optional.of(Integer.valueOf(digits(item, Attributes.NUM_SEGMENTS)))
                                : Optional.empty(),
                        escalation,
                        item.containsKey(Attributes.GIVEN_UP)),
                restored(list(item, Attributes.HISTORY)),
                instant(item, Attributes.CREATED_AT),
                instant(item, Attributes.UPDATED_AT),
                instant(item, Attributes.DUE_AT),
                pollAt(item),
                context(item),
                item.containsKey(Attributes.BODY_LENGTH)
                        ? Optional.of(Integer.valueOf(digits(item, Attributes.BODY_LENGTH)))
                        : Optional.empty(),
                false,
                subscribers(item),
                revision(item));
    }

    private static Task erased(Map<?, ?> item) {
        Optional<MessageStatus> status = status(item);
        Optional<Escalation> escalation = item.containsKey(Attributes.CODE)
                ? Optional.of(Escalation.erased(text(item, Attributes.CODE), status.isPresent()))
                : Optional.empty();
        Task task = Task.tombstone(
                new TaskId(text(item, Attributes.TASK_ID)),
                new AccountSid(text(item, Attributes.ACCOUNT_SID)),
                fingerprint(item),
                text(item, Attributes.CLAIM_ID),
                keyHash(item),
                new Standing(
                        Node.of(text(item, Attributes.NODE)),
                        Optional.empty(),
                        status,
                        Optional.empty(),
                        escalation,
                        false),
                instant(item, Attributes.UPDATED_AT),
                instant(item, Attributes.DUE_AT),
                subscribers(item),
                revision(item));
        Optional<Instant> pollAt = pollAt(item);
        return pollAt.isPresent() ? task.polledAt(pollAt.get()) : task;
    }

    private static Fingerprint fingerprint(Map<?, ?> item) {
        return new Fingerprint(text(item, Attributes.SALT), text(item, Attributes.FINGERPRINT));
    }

    private static CallbackProof.KeyHash keyHash(Map<?, ?> item) {
        return new CallbackProof.KeyHash(text(item, Attributes.KEY_HASH));
    }

    private static Optional<MessageStatus> status(Map<?, ?> item) {
        return item.containsKey(Attributes.STATUS)
                ? Optional.of(new MessageStatus(text(item, Attributes.STATUS)))
                : Optional.empty();
    }

    private static Optional<Instant> pollAt(Map<?, ?> item) {
        return item.containsKey(Attributes.POLL_AT) ? Optional.of(instant(item, Attributes.POLL_AT)) : Optional.empty();
    }

    private static long revision(Map<?, ?> item) {
        return Long.parseLong(digits(item, Attributes.REVISION));
    }

    /** Checked here, since a context that is not JSON would fail every reader of the task. */
    private static Optional<String> context(Map<?, ?> item) {
        Optional<String> context = optional(item, Attributes.CONTEXT);
        try {
            if (context.isPresent()) {
                Json.parseObject(context.get());
            }
            return context;
        } catch (BadJson e) {
            throw new IllegalArgumentException("an item's context is no JSON object", e);
        }
    }

    private static Map<String, Object> tokens(List<TaskToken> tokens) {
        List<Object> values = new ArrayList<>();
        for (TaskToken token : tokens) {
            values.add(text(token.reveal()));
        }
        return Map.of("L", values);
    }

    private static Subscribers subscribers(Map<?, ?> item) {
        List<TaskToken> tokens = new ArrayList<>();
        if (item.containsKey(Attributes.TASK_TOKENS)) {
            for (Object token : list(item, Attributes.TASK_TOKENS)) {
                tokens.add(new TaskToken(wellFormed(token, Attributes.TASK_TOKENS)));
            }
        }
        return new Subscribers(
                tokens,
                item.containsKey(Attributes.EVENT)
                        ? Subscribers.Event.valueOf(text(item, Attributes.EVENT).toUpperCase(Locale.ROOT))
                        : Subscribers.Event.OFF);
    }

    static Map<String, Object> text(String value) {
        return Map.of("S", value);
    }

    static Map<String, Object> number(long value) {
        return Map.of("N", Long.toString(value));
    }

    private static Map<String, Object> history(List<HistoryEntry> history) {
        List<Object> entries = new ArrayList<>();
        for (HistoryEntry entry : history) {
            Map<String, Object> fields = new HashMap<>();
            fields.put(Attributes.AT, number(entry.at().toEpochMilli()));
            fields.put(Attributes.SOURCE, text(entry.source().word()));
            if (entry.status().isPresent()) {
                fields.put(Attributes.STATUS, text(entry.status().get()));
            }
            if (entry.code().isPresent()) {
                fields.put(Attributes.CODE, text(entry.code().get()));
            }
            if (entry.note().isPresent()) {
                fields.put(Attributes.NOTE, text(entry.note().get()));
            }
            entries.add(Map.of("M", fields));
        }
        return Map.of("L", entries);
    }

    private static History restored(List<?> stored) {
        List<HistoryEntry> history = new ArrayList<>();
        for (Object entry : stored) {
            Map<?, ?> fields = value(entry, "M", Map.class, Attributes.HISTORY);
            history.add(new HistoryEntry(
                    instant(fields, Attributes.AT),
                    Source.of(text(fields, Attributes.SOURCE)),
                    optional(fields, Attributes.STATUS),
                    optional(fields, Attributes.CODE),
                    optional(fields, Attributes.NOTE)));
        }
        return History.of(history);
    }

    private static Claim claim(Map<?, ?> item) {
        CallbackProof proof = item.containsKey(Attributes.SEALED_TOKEN)
                ? new CallbackProof.SealedToken(text(item, Attributes.SEALED_TOKEN), keyHash(item))
                : keyHash(item);
        return new Claim(
                text(item, Attributes.CLAIM_ID),
                Integer.parseInt(digits(item, Attributes.ATTEMPT)),
                instant(item, Attributes.CALL_DEADLINE),
                text(item, Attributes.CALLBACK_BASE),
                proof);
    }

    private static Optional<Escalation> escalation(Map<?, ?> item, boolean hasSid) {
        return item.containsKey(Attributes.CODE)
                ? Optional.of(Escalation.restore(
                        text(item, Attributes.CODE),
                        text(item, Attributes.MESSAGE),
                        optional(item, Attributes.URL_MORE_INFO).orElse(""),
                        Retryable.of(text(item, Attributes.RETRYABLE)),
                        hasSid))
                : Optional.empty();
    }

    private static Map<String, Object> further(Map<String, List<String>> further) {
        Map<String, Object> map = new HashMap<>();
        for (Map.Entry<String, List<String>> parameter : further.entrySet()) {
            List<Object> values = new ArrayList<>();
            for (String value : parameter.getValue()) {
                values.add(text(value));
            }
            map.put(parameter.getKey(), Map.of("L", values));
        }
        return Map.of("M", map);
    }

    private static Map<String, List<String>> restored(Map<?, ?> stored) {
        Map<String, List<String>> further = new HashMap<>();
        for (Object name : stored.keySet()) {
            List<String> values = new ArrayList<>();
            for (Object value : list(stored, name.toString())) {
                values.add(wellFormed(value, Attributes.FURTHER));
            }
            further.put(name.toString(), values);
        }
        return further;
    }

    private static Instant instant(Map<?, ?> item, String name) {
        return Instant.ofEpochMilli(Long.parseLong(digits(item, name)));
    }

    private static String digits(Map<?, ?> item, String name) {
        return value(item.get(name), "N", String.class, name);
    }

    private static String text(Map<?, ?> item, String name) {
        return wellFormed(item.get(name), name);
    }

    private static String wellFormed(@Nullable Object attribute, String name) {
        String text = value(attribute, "S", String.class, name);
        if (!Json.isWellFormed(text)) {
            throw new IllegalArgumentException("an item's " + name + " holds half of a surrogate pair");
        }
        return text;
    }

    private static Optional<String> optional(Map<?, ?> item, String name) {
        return item.containsKey(name) ? Optional.of(text(item, name)) : Optional.empty();
    }

    private static List<?> list(Map<?, ?> item, String name) {
        return value(item.get(name), "L", List.class, name);
    }

    private static Map<?, ?> map(Map<?, ?> item, String name) {
        return value(item.get(name), "M", Map.class, name);
    }

    /** The value of an attribute, which DynamoDB writes as {@code {"S": "value"}}. */
    private static <T> T value(@Nullable Object attribute, String type, Class<T> javaType, String name) {
        if (attribute instanceof Map<?, ?> typed && javaType.isInstance(typed.get(type))) {
            return javaType.cast(typed.get(type));
        }
        throw new IllegalArgumentException("an item lacks " + name + ", or has it in another type");
    }
}
