package io.smstask.store;

import io.smstask.json.BadJson;
import io.smstask.json.Json;
import io.smstask.task.AccountSid;
import io.smstask.task.CallbackProof;
import io.smstask.task.Claim;
import io.smstask.task.Escalation;
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
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Turns a task into an item of the table, and back. */
final class Items {

    /** Where each kind of proof is stored. */
    private static final CallbackProof.Cases<String> PROOF_ATTRIBUTE = new CallbackProof.Cases<>() {
        @Override
        public String sealedToken(CallbackProof.SealedToken sealed) {
            return Attributes.SEALED_TOKEN;
        }

        @Override
        public String keyHash(CallbackProof.KeyHash hash) {
            return Attributes.KEY_HASH;
        }
    };

    private Items() {}

    /** The item of a task, without its expiry and revision, which the store sets with each write. */
    static Map<String, AttributeValue> item(Task task) {
        Map<String, AttributeValue> item = new HashMap<>();
        item.put(Attributes.TASK_ID, text(task.id().value()));
        item.put(Attributes.NODE, text(task.node().label()));
        item.put(Attributes.ACCOUNT_SID, text(task.sms().account().value()));
        item.put(Attributes.NUMBER_TO, text(task.sms().to().value()));
        if (task.sms().from().isPresent()) {
            item.put(Attributes.NUMBER_FROM, text(task.sms().from().get().value()));
        }
        if (task.sms().body().isPresent()) {
            item.put(Attributes.BODY, text(task.sms().body().get().value()));
        }
        item.put(Attributes.FURTHER, further(task.sms().further()));
        item.put(Attributes.FINGERPRINT, text(task.fingerprint()));
        item.put(Attributes.MATCH_KEY, text(Match.key(task.sms())));
        if (task.context().isPresent()) {
            item.put(Attributes.CONTEXT, text(task.context().get()));
        }
        item.put(Attributes.HISTORY, history(task.history()));
        item.put(Attributes.CREATED_AT, text(task.createdAt().toString()));
        item.putAll(claim(task));
        if (task.sid().isPresent()) {
            item.put(Attributes.SID, text(task.sid().get().value()));
        }
        if (task.status().isPresent()) {
            item.put(Attributes.STATUS, text(task.status().get().word()));
        }
        if (task.numSegments().isPresent()) {
            item.put(Attributes.NUM_SEGMENTS, number(task.numSegments().get()));
        }
        if (task.escalation().isPresent()) {
            escalation(item, task.escalation().get());
        }
        if (task.isGivenUp()) {
            item.put(Attributes.GIVEN_UP, AttributeValue.fromBool(true));
        }
        if (!task.subscribers().tokens().isEmpty()) {
            item.put(Attributes.TASK_TOKENS, tokens(task.subscribers().tokens()));
        }
        return item;
    }

    private static void escalation(Map<String, AttributeValue> item, Escalation escalation) {
        item.put(Attributes.CODE, text(escalation.code()));
        item.put(Attributes.MESSAGE, text(escalation.message()));
        item.put(Attributes.RETRYABLE, text(escalation.retryable().word()));
        if (escalation.urlMoreInfo().isPresent()) {
            item.put(Attributes.URL_MORE_INFO, text(escalation.urlMoreInfo().get()));
        }
    }

    private static Map<String, AttributeValue> claim(Task task) {
        Claim claim = task.claim();
        Map<String, AttributeValue> item = new HashMap<>();
        item.put(Attributes.CLAIM_ID, text(claim.id()));
        item.put(Attributes.ATTEMPT, number(claim.attempt()));
        item.put(Attributes.CALL_DEADLINE, number(claim.callDeadline().toEpochMilli()));
        item.put(Attributes.CALLBACK_BASE, text(claim.callbackBase()));
        item.put(claim.proof().match(PROOF_ATTRIBUTE), text(claim.proof().text()));
        item.put(Attributes.UPDATED_AT, text(task.updatedAt().toString()));
        item.put(Attributes.DUE_AT, number(task.dueAt().toEpochMilli()));
        if (task.pollAt().isPresent()) {
            item.put(Attributes.POLL_SHARD, text(PollIndex.shardOf(task.id())));
            item.put(Attributes.POLL_AT, number(task.pollAt().get().toEpochMilli()));
        }
        if (task.subscribers().event() != Subscribers.Event.OFF) {
            item.put(Attributes.EVENT, text(task.subscribers().event().name().toLowerCase(Locale.ROOT)));
        }
        return item;
    }

    /**
     * The task of an item.
     *
     * @throws IllegalArgumentException if the item is not a task's; the message may quote it
     * @throws java.time.DateTimeException if one of its times cannot be read
     */
    static Task task(Map<String, AttributeValue> item) {
        Optional<MessageSid> sid = optional(item, Attributes.SID).map(MessageSid::new);
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
                        optional(item, Attributes.NUMBER_FROM).map(PhoneNumber::new),
                        optional(item, Attributes.BODY).map(MessageText::new),
                        restored(map(item, Attributes.FURTHER))),
                text(item, Attributes.FINGERPRINT),
                claim(item),
                new Standing(
                        node,
                        sid,
                        optional(item, Attributes.STATUS).map(MessageStatus::new),
                        item.containsKey(Attributes.NUM_SEGMENTS)
                                ? Optional.of(Integer.valueOf(digits(item, Attributes.NUM_SEGMENTS)))
                                : Optional.empty(),
                        escalation,
                        item.containsKey(Attributes.GIVEN_UP)),
                restored(list(item, Attributes.HISTORY)),
                Instant.parse(text(item, Attributes.CREATED_AT)),
                Instant.parse(text(item, Attributes.UPDATED_AT)),
                instant(item, Attributes.DUE_AT),
                item.containsKey(Attributes.POLL_AT)
                        ? Optional.of(instant(item, Attributes.POLL_AT))
                        : Optional.empty(),
                context(item),
                subscribers(item),
                Long.parseLong(digits(item, Attributes.REVISION)));
    }

    /** Checked here, since a context that is not JSON would fail every reader of the task. */
    private static Optional<String> context(Map<String, AttributeValue> item) {
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

    private static AttributeValue tokens(List<TaskToken> tokens) {
        List<AttributeValue> values = new ArrayList<>();
        for (TaskToken token : tokens) {
            values.add(text(token.reveal()));
        }
        return AttributeValue.builder().l(values).build();
    }

    private static Subscribers subscribers(Map<String, AttributeValue> item) {
        List<TaskToken> tokens = new ArrayList<>();
        if (item.containsKey(Attributes.TASK_TOKENS)) {
            for (AttributeValue token : list(item, Attributes.TASK_TOKENS)) {
                tokens.add(new TaskToken(present(token.s(), Attributes.TASK_TOKENS)));
            }
        }
        return new Subscribers(
                tokens,
                optional(item, Attributes.EVENT)
                        .map(event -> Subscribers.Event.valueOf(event.toUpperCase(Locale.ROOT)))
                        .orElse(Subscribers.Event.OFF));
    }

    static AttributeValue text(String value) {
        return AttributeValue.builder().s(value).build();
    }

    static AttributeValue number(long value) {
        return AttributeValue.builder().n(Long.toString(value)).build();
    }

    private static AttributeValue history(List<HistoryEntry> history) {
        List<AttributeValue> entries = new ArrayList<>();
        for (HistoryEntry entry : history) {
            Map<String, AttributeValue> fields = new HashMap<>();
            fields.put(Attributes.AT, text(entry.at().toString()));
            fields.put(Attributes.SOURCE, text(entry.source().word()));
            entry.status().ifPresent(status -> fields.put(Attributes.STATUS, text(status)));
            entry.code().ifPresent(code -> fields.put(Attributes.CODE, text(code)));
            entry.note().ifPresent(note -> fields.put(Attributes.NOTE, text(note)));
            entries.add(AttributeValue.builder().m(fields).build());
        }
        return AttributeValue.builder().l(entries).build();
    }

    private static History restored(List<AttributeValue> stored) {
        List<HistoryEntry> history = new ArrayList<>();
        for (AttributeValue entry : stored) {
            Map<String, AttributeValue> fields = entry.m();
            history.add(new HistoryEntry(
                    Instant.parse(text(fields, Attributes.AT)),
                    Source.of(text(fields, Attributes.SOURCE)),
                    optional(fields, Attributes.STATUS),
                    optional(fields, Attributes.CODE),
                    optional(fields, Attributes.NOTE)));
        }
        return History.of(history);
    }

    private static Claim claim(Map<String, AttributeValue> item) {
        CallbackProof proof = optional(item, Attributes.SEALED_TOKEN)
                .<CallbackProof>map(CallbackProof.SealedToken::new)
                .orElseGet(() -> new CallbackProof.KeyHash(text(item, Attributes.KEY_HASH)));
        return new Claim(
                text(item, Attributes.CLAIM_ID),
                Integer.parseInt(digits(item, Attributes.ATTEMPT)),
                instant(item, Attributes.CALL_DEADLINE),
                text(item, Attributes.CALLBACK_BASE),
                proof);
    }

    private static Optional<Escalation> escalation(Map<String, AttributeValue> item, boolean hasSid) {
        return optional(item, Attributes.CODE)
                .map(code -> Escalation.restore(
                        code,
                        text(item, Attributes.MESSAGE),
                        optional(item, Attributes.URL_MORE_INFO).orElse(""),
                        Retryable.of(text(item, Attributes.RETRYABLE)),
                        hasSid));
    }

    private static AttributeValue further(Map<String, List<String>> further) {
        Map<String, AttributeValue> map = new HashMap<>();
        for (Map.Entry<String, List<String>> parameter : further.entrySet()) {
            List<AttributeValue> values = new ArrayList<>();
            for (String value : parameter.getValue()) {
                values.add(text(value));
            }
            map.put(parameter.getKey(), AttributeValue.builder().l(values).build());
        }
        return AttributeValue.builder().m(map).build();
    }

    private static Map<String, List<String>> restored(Map<String, AttributeValue> stored) {
        Map<String, List<String>> further = new HashMap<>();
        for (String name : stored.keySet()) {
            List<String> values = new ArrayList<>();
            for (AttributeValue value : list(stored, name)) {
                values.add(text(value.s(), name));
            }
            further.put(name, values);
        }
        return further;
    }

    private static Instant instant(Map<String, AttributeValue> item, String name) {
        return Instant.ofEpochMilli(Long.parseLong(digits(item, name)));
    }

    private static String digits(Map<String, AttributeValue> item, String name) {
        return present(value(item, name).n(), name);
    }

    private static String text(Map<String, AttributeValue> item, String name) {
        return text(value(item, name).s(), name);
    }

    private static String text(@Nullable String value, String name) {
        String text = present(value, name);
        if (!Json.isWellFormed(text)) {
            throw new IllegalArgumentException("an item's " + name + " holds half of a surrogate pair");
        }
        return text;
    }

    private static Optional<String> optional(Map<String, AttributeValue> item, String name) {
        return item.containsKey(name) ? Optional.of(text(item, name)) : Optional.empty();
    }

    private static List<AttributeValue> list(Map<String, AttributeValue> item, String name) {
        AttributeValue value = value(item, name);
        return present(value.hasL() ? value.l() : null, name);
    }

    private static Map<String, AttributeValue> map(Map<String, AttributeValue> item, String name) {
        AttributeValue value = value(item, name);
        return present(value.hasM() ? value.m() : null, name);
    }

    private static AttributeValue value(Map<String, AttributeValue> item, String name) {
        return present(item.get(name), name);
    }

    /** The SDK gives null for an attribute that is not there, and for one of another type. */
    private static <T> T present(@Nullable T value, String name) {
        if (value == null) {
            throw new IllegalArgumentException("an item lacks " + name + ", or has it in another type");
        }
        return value;
    }
}
