package io.smstask.task;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What Twilio said of a message: in its answer to the call, in a callback, or when it was polled.
 *
 * @param errorCode Twilio's error number, where it came with the status
 * @param errorText what Twilio said of the error, {@linkplain TwilioTexts#cleaned(String, java.util.List) cleaned}
 * @param numSegments how many SMS the message takes, where Twilio said so. Twilio says 0 until a messaging service has chosen
 *     the sender: that is no count, and left out
 * @param at when we were told, to the millisecond
 */
public record StatusReport(
        MessageSid sid,
        MessageStatus status,
        Optional<String> errorCode,
        Optional<String> errorText,
        Optional<Integer> numSegments,
        Source source,
        Instant at) {

    /** Leaves out a count that is none. */
    public StatusReport {
        if (numSegments.isPresent() && numSegments.get() <= 0) {
            numSegments = Optional.empty();
        }
    }

    /** A report without a text, as most are. */
    public StatusReport(
            MessageSid sid,
            MessageStatus status,
            Optional<String> errorCode,
            Optional<Integer> numSegments,
            Source source,
            Instant at) {
        this(sid, status, errorCode, Optional.empty(), numSegments, source, at);
    }

    /** This report, with what Twilio said of the error, cleaned. */
    public StatusReport withErrorText(String text) {
        return new StatusReport(sid, status, errorCode, Optional.of(text), numSegments, source, at);
    }

    /**
     * What this report changes on a task: the one rule for answers, callbacks and polls alike.
     *
     * <p>A status that supersedes the stored one moves the task. A word that is not known moves no rank, yet it proves that
     * Twilio has the message: it brings the sid and ends an unknown outcome. A task that was given up stays where it is: such a
     * word may be reported again and again, and each time the task would end once more. Everything else is only noted, once.
     *
     * @param seen the task as it was read; the store refuses the change if the task has moved on since
     */
    public Change changeOf(Task seen) {
        if (seen.sid().isPresent() && !seen.sid().get().equals(sid)) {
            return History.holds(seen.history(), status.word(), Note.CONFLICT)
                    ? new Change.Nothing()
                    : note(seen, Note.CONFLICT);
        }
        if (status.supersedes(seen.rank())) {
            return advance(seen, Optional.of(status), status.node(), status.ceiling());
        }
        if (!status.isKnown() && !seen.isHardFinal() && !seen.isGivenUp() && tellsMoreThan(seen)) {
            Optional<MessageStatus> firstWord = seen.status().isPresent() ? seen.status() : Optional.of(status);
            return advance(seen, firstWord, Node.WAITING_FOR_CALLBACK, seen.rank() + 1);
        }
        if (isRepeatedIn(seen)) {
            return History.holds(seen.history(), status.word(), Note.DUPLICATE)
                    ? note(seen, Optional.empty())
                    : note(seen, Note.DUPLICATE);
        }
        if (!status.isKnown()) {
            return note(seen, Note.UNKNOWN_STATUS);
        }
        return note(seen, contradicts(seen) ? Note.CONFLICT : Note.LATE);
    }

    private boolean tellsMoreThan(Task seen) {
        return seen.sid().isEmpty() || seen.status().isEmpty() || seen.node() != Node.WAITING_FOR_CALLBACK;
    }

    /** Two ends exclude each other, but what was read had been delivered before. */
    private boolean contradicts(Task seen) {
        boolean deliveredBeforeRead = status.word().equals("delivered")
                && seen.status().isPresent()
                && seen.status().get().word().equals("read");
        return status.isFinal() && seen.isHardFinal() && !deliveredBeforeRead;
    }

    private boolean isRepeatedIn(Task seen) {
        return seen.status().isPresent() && seen.status().get().equals(status)
                || History.holds(seen.history(), status.word());
    }

    private Change advance(Task seen, Optional<MessageStatus> newStatus, Node node, int ceiling) {
        boolean ended = seen.node() == Node.ESCALATION || seen.node() == Node.FINAL && !seen.isHardFinal();
        // The poll asks for a message by its sid, and so brings one only where it has found the message.
        boolean isMatch = seen.sid().isEmpty() && source == Source.POLL;
        HistoryEntry entry =
                entry(isMatch ? Optional.of(Note.MATCHED) : ended ? Optional.of(Note.HEALED) : unknownWord());
        Optional<Escalation> escalation = node == Node.ESCALATION
                ? Optional.of(Escalation.DeliveryError.of(status, errorCode, errorText))
                : Optional.empty();
        int room = History.limitFor(status.isFinal());
        boolean hasRoom = seen.history().size() < room;
        // A word without a rank leaves the rank as it was, so only the history can tell that it was written before.
        int limit = status.isKnown() ? room : Math.min(room, seen.history().size() + 1);
        Subscribers subscribers = seen.subscribers().ofFurtherEnd();
        // Twilio's word decides: what it calls scheduled it sends by a date that it could read, and we could not.
        Duration dueLater = status.isScheduled() && seen.sms().sendAt().isEmpty() ? SendAt.FURTHEST : Duration.ZERO;
        Task after = seen.with(node, Optional.of(sid), newStatus, seen.numSegments(), escalation, at, seen.history())
                .dueLater(dueLater)
                .givenUp(false)
                .with(subscribers);
        return new Change.Advance(
                sid,
                newStatus,
                node,
                escalation,
                numSegments,
                ceiling,
                hasRoom ? Optional.of(entry) : Optional.empty(),
                limit,
                dueLater,
                PollPlan.after(after, at),
                subscribers.event(),
                at);
    }

    private Optional<String> unknownWord() {
        return status.isKnown() ? Optional.empty() : Optional.of(Note.UNKNOWN_STATUS);
    }

    private Change note(Task seen, String note) {
        return note(seen, Optional.of(note));
    }

    private Change note(Task seen, Optional<String> note) {
        boolean hasRoom = seen.history().size()
                < History.limitFor(note.isPresent() && note.get().equals(Note.CONFLICT));
        Optional<HistoryEntry> entry = note.isPresent() && hasRoom ? Optional.of(entry(note)) : Optional.empty();
        boolean bringsSegments = numSegments.isPresent() && seen.numSegments().isEmpty();
        Optional<MessageSid> missingSid = seen.sid().isEmpty() ? Optional.of(sid) : Optional.empty();
        return entry.isPresent() || missingSid.isPresent() || bringsSegments
                ? new Change.Noted(
                        entry, missingSid, numSegments, seen.history().size(), at)
                : new Change.Nothing();
    }

    private HistoryEntry entry(Optional<String> note) {
        return new HistoryEntry(at, source, Optional.of(status.word()), errorCode, note);
    }
}
