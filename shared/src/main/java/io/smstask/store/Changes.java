package io.smstask.store;

import static io.smstask.store.Items.number;
import static io.smstask.store.Items.text;

import io.smstask.task.CallFailure;
import io.smstask.task.Change;
import io.smstask.task.Escalation;
import io.smstask.task.HistoryEntry;
import io.smstask.task.MessageStatus;
import io.smstask.task.Node;
import io.smstask.task.Subscribers;
import io.smstask.task.TaskId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Each kind of change as DynamoDB writes it: the conditions say what {@link Change#holdsOn} says. */
final class Changes {

    private Changes() {}

    static Update update(TaskId id, Change change) {
        if (change instanceof Change.Advance advance) {
            return advance(id, advance);
        }
        if (change instanceof Change.Noted noted) {
            return noted(noted);
        }
        if (change instanceof Change.Escalate escalate) {
            return escalate(id, escalate);
        }
        if (change instanceof Change.End end) {
            return end(id, end);
        }
        if (change instanceof Change.Told told) {
            return told(id, told);
        }
        if (change instanceof Change.Postpone postpone) {
            return postpone(id, postpone);
        }
        throw new IllegalArgumentException("nothing to write");
    }

    private static Update advance(TaskId id, Change.Advance change) {
        Update update = existing(change.at())
                .set(Attributes.SID, text(change.sid().value()))
                .set(Attributes.NODE, text(change.node().label()));
        change.status()
                .ifPresent(status ->
                        update.set(Attributes.STATUS, text(status.word())).set(Attributes.RANK, number(status.rank())));
        change.numSegments().ifPresent(count -> update.set(Attributes.NUM_SEGMENTS, number(count)));
        escalation(update, change.escalation());
        entry(update, change.entry());
        if (!change.dueLater().isZero()) {
            update.increase(Attributes.DUE_AT, change.dueLater().toMillis())
                    .increase(Attributes.EXPIRES_AT, change.dueLater().toSeconds());
        }
        event(update.remove(Attributes.GIVEN_UP), change.event());
        pollOrDone(update, id, change.pollAt());
        update.onlyIf("(attribute_not_exists(" + update.name(Attributes.SID) + ") OR " + update.name(Attributes.SID)
                + " = " + update.value(text(change.sid().value())) + ")");
        update.onlyIf("(attribute_not_exists(" + update.name(Attributes.RANK) + ") OR " + update.name(Attributes.RANK)
                + " < " + update.value(number(change.ceiling())) + ")");
        if (change.entry().isPresent()) {
            update.onlyIf(
                    "size(" + update.name(Attributes.HISTORY) + ") < " + update.value(number(change.historyLimit())));
        }
        return update;
    }

    private static Update noted(Change.Noted change) {
        Update update = existing(change.at());
        if (change.sid().isPresent()) {
            update.set(Attributes.SID, text(change.sid().get().value()))
                    .onlyIf("attribute_not_exists(" + update.name(Attributes.SID) + ")");
        }
        change.numSegments().ifPresent(count -> update.set(Attributes.NUM_SEGMENTS, number(count)));
        entry(update, change.entry());
        return update.onlyIf(
                "size(" + update.name(Attributes.HISTORY) + ") = " + update.value(number(change.historySize())));
    }

    private static Update escalate(TaskId id, Change.Escalate change) {
        Update update = existing(change.at()).set(Attributes.NODE, text(Node.ESCALATION.label()));
        change.sid().ifPresent(sid -> update.set(Attributes.SID, text(sid.value())));
        escalation(update, Optional.of(change.escalation()));
        entry(update, change.entry());
        pollOrDone(update, id, change.pollAt());
        update.onlyIf(update.name(Attributes.CLAIM_ID) + " = " + update.value(text(change.claimId())));
        update.onlyIf("attribute_not_exists(" + update.name(Attributes.SID) + ")");
        String isBeingCalled = update.name(Attributes.NODE) + " = " + update.value(text(Node.CALLING_API.label()));
        if (!change.knowsMore()) {
            return update.onlyIf(isBeingCalled);
        }
        return update.onlyIf("(" + isBeingCalled + " OR " + update.name(Attributes.CODE) + " = "
                + update.value(text(CallFailure.OUTCOME_UNKNOWN.code())) + ")");
    }

    private static Update end(TaskId id, Change.End change) {
        Update update =
                existing(change.at()).set(Attributes.NODE, text(change.node().label()));
        update.set(Attributes.GIVEN_UP, AttributeValue.fromBool(true));
        escalation(update, change.escalation());
        entry(update, change.entry());
        pollOrDone(update, id, change.pollAt());
        return stillAt(update, change.rank(), change.seenNode());
    }

    /** Nothing has happened to the task, so {@code updated_at} stays. */
    private static Update told(TaskId id, Change.Told change) {
        Update update = new Update();
        poll(update, id, change.pollAt());
        if (change.left().tokens().isEmpty()) {
            update.remove(Attributes.TASK_TOKENS);
        } else {
            update.set(Attributes.TASK_TOKENS, Items.tokens(change.left().tokens()));
        }
        event(update, change.left().event());
        update.onlyIf(update.name(Attributes.CLAIM_ID) + " = " + update.value(text(change.claimId())));
        update.onlyIf(
                change.seen().tokens().isEmpty()
                        ? nobodyWaits(update)
                        : update.name(Attributes.TASK_TOKENS) + " = "
                                + update.value(Items.tokens(change.seen().tokens())));
        update.onlyIf(Items.event(change.seen().event())
                .map(seen -> update.name(Attributes.EVENT) + " = " + update.value(seen))
                .orElse("attribute_not_exists(" + update.name(Attributes.EVENT) + ")"));
        return stillAt(update, change.rank(), change.node());
    }

    private static Update stillAt(Update update, int rank, Node node) {
        update.onlyIf(
                rank == MessageStatus.NO_RANK
                        ? "(attribute_not_exists(" + update.name(Attributes.RANK) + ") OR "
                                + update.name(Attributes.RANK) + " = "
                                + update.value(number(MessageStatus.NO_RANK)) + ")"
                        : update.name(Attributes.RANK) + " = " + update.value(number(rank)));
        return update.onlyIf(update.name(Attributes.NODE) + " = " + update.value(text(node.label())));
    }

    /** Nothing has happened, so {@code updated_at} stays. */
    private static Update postpone(TaskId id, Change.Postpone change) {
        Update update = new Update();
        poll(update, id, change.pollAt());
        update.onlyIf("attribute_exists(" + update.name(Attributes.TASK_ID) + ")");
        return update.onlyIf(change.seenPollAt()
                .map(seen -> update.name(Attributes.POLL_AT) + " = " + update.value(number(seen.toEpochMilli())))
                .orElseGet(() -> "attribute_not_exists(" + update.name(Attributes.POLL_AT) + ")"));
    }

    private static void poll(Update update, TaskId id, Optional<Instant> pollAt) {
        if (pollAt.isEmpty()) {
            notPolled(update);
            return;
        }
        update.set(Attributes.POLL_SHARD, text(PollIndex.shardOf(id)))
                .set(Attributes.POLL_AT, number(pollAt.get().toEpochMilli()));
    }

    /** A done task leaves the index only while nobody waits for it. */
    private static void pollOrDone(Update update, TaskId id, Optional<Instant> pollAt) {
        poll(update, id, pollAt);
        if (pollAt.isEmpty()) {
            update.onlyIf(nobodyWaits(update));
        }
    }

    private static String nobodyWaits(Update update) {
        return "attribute_not_exists(" + update.name(Attributes.TASK_TOKENS) + ")";
    }

    private static void event(Update update, Subscribers.Event event) {
        Items.event(event)
                .ifPresentOrElse(value -> update.set(Attributes.EVENT, value), () -> update.remove(Attributes.EVENT));
    }

    private static void notPolled(Update update) {
        update.remove(Attributes.POLL_SHARD).remove(Attributes.POLL_AT);
    }

    /** Without this condition an update of a task that has expired would make a ghost of it. */
    private static Update existing(Instant at) {
        Update update = new Update().set(Attributes.UPDATED_AT, text(at.toString()));
        return update.onlyIf("attribute_exists(" + update.name(Attributes.TASK_ID) + ")");
    }

    private static void escalation(Update update, Optional<Escalation> escalation) {
        if (escalation.isEmpty()) {
            update.remove(Attributes.CODE)
                    .remove(Attributes.MESSAGE)
                    .remove(Attributes.URL_MORE_INFO)
                    .remove(Attributes.RETRYABLE);
            return;
        }
        update.set(Attributes.CODE, text(escalation.get().code()))
                .set(Attributes.MESSAGE, text(escalation.get().message()))
                .set(Attributes.RETRYABLE, text(escalation.get().retryable().word()));
        escalation
                .get()
                .urlMoreInfo()
                .ifPresentOrElse(
                        url -> update.set(Attributes.URL_MORE_INFO, text(url)),
                        () -> update.remove(Attributes.URL_MORE_INFO));
    }

    private static void entry(Update update, Optional<HistoryEntry> entry) {
        entry.ifPresent(added -> update.append(Attributes.HISTORY, Items.history(List.of(added))));
    }
}
