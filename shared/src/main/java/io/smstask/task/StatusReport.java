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
        Instant at)
        implements Rule {

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
     * The task as this report leaves it: the one rule for answers, callbacks and polls alike.
     *
     * <p>A status that supersedes the stored one moves the task. A word that is not known moves no rank, yet it proves that
     * Twilio has the message: it brings the sid and ends an unknown outcome. A task that was given up stays where it is: such a
     * word may be reported again and again, and each time the task would end once more. Everything else is only noted, once.
     *
     * @param seen the task as it was read
     * @return {@code seen} itself where there is nothing to write
     */
    @Override
    public Task appliedTo(Task seen) {
        if (seen.sid().isPresent() && !seen.sid().get().equals(sid)) {
            return seen.history().holds(status.word(), Note.CONFLICT) ? seen : noted(seen, Optional.of(Note.CONFLICT));
        }
        if (status.supersedes(seen.rank())) {
            return moved(seen, status);
        }
        if (!status.isKnown() && !seen.isHardFinal() && !seen.isGivenUp() && tellsMoreThan(seen)) {
            return moved(seen, seen.status().orElse(status));
        }
        return noted(seen, remark(seen));
    }

    private boolean tellsMoreThan(Task seen) {
        return seen.sid().isEmpty() || seen.status().isEmpty() || seen.node() != Node.WAITING_FOR_CALLBACK;
    }

    private Task moved(Task seen, MessageStatus highest) {
        // Twilio's word decides: what it calls scheduled it sends by a date that it could read, and we could not.
        Duration dueLater = status.isScheduled() && seen.sms().sendAt().isEmpty() ? SendAt.FURTHEST : Duration.ZERO;
        Optional<Escalation> escalation = status.node() == Node.ESCALATION
                ? Optional.of(Escalation.DeliveryError.of(status, errorCode, errorText))
                : Optional.empty();
        Standing standing = seen.standing()
                .in(status.node(), escalation)
                .withSid(sid)
                .withStatus(highest)
                .withSegments(numSegments)
                .givenUp(false);
        return seen.standing(standing, at, seen.history().with(entry(noteOfMove(seen)), status.isFinal()))
                .dueLater(dueLater)
                .with(seen.subscribers().ofFurtherEnd())
                .postponed(at);
    }

    private Optional<String> noteOfMove(Task seen) {
        // The poll asks for a message by its sid, and so brings one only where it has found the message.
        if (seen.sid().isEmpty() && source == Source.POLL) {
            return Optional.of(Note.MATCHED);
        }
        if (seen.node() == Node.ESCALATION || seen.node() == Node.FINAL && !seen.isHardFinal()) {
            return Optional.of(Note.HEALED);
        }
        return status.isKnown() ? Optional.empty() : Optional.of(Note.UNKNOWN_STATUS);
    }

    /** What is to be said of a report that moves nothing; empty where it was said before. */
    private Optional<String> remark(Task seen) {
        boolean isRepeated = seen.status().isPresent() && seen.status().get().equals(status)
                || seen.history().holds(status.word());
        if (isRepeated) {
            return seen.history().holds(status.word(), Note.DUPLICATE) ? Optional.empty() : Optional.of(Note.DUPLICATE);
        }
        if (!status.isKnown()) {
            return Optional.of(Note.UNKNOWN_STATUS);
        }
        return Optional.of(contradicts(seen) ? Note.CONFLICT : Note.LATE);
    }

    /** Two ends exclude each other, but what was read had been delivered before. */
    private boolean contradicts(Task seen) {
        boolean deliveredBeforeRead = status.word().equals("delivered")
                && seen.status().isPresent()
                && seen.status().get().word().equals("read");
        return status.isFinal() && seen.isHardFinal() && !deliveredBeforeRead;
    }

    /** A report that moves nothing may still bring the sid, or the count of segments, where the task has none. */
    private Task noted(Task seen, Optional<String> note) {
        Standing standing = seen.standing().withSid(sid);
        if (seen.numSegments().isEmpty() && standing.sid().equals(Optional.of(sid))) {
            standing = standing.withSegments(numSegments);
        }
        History history = seen.history();
        if (note.isPresent()) {
            history = history.with(entry(note), note.get().equals(Note.CONFLICT));
        }
        boolean isNew = !standing.equals(seen.standing())
                || history.size() > seen.history().size();
        return isNew ? seen.standing(standing, at, history) : seen;
    }

    private HistoryEntry entry(Optional<String> note) {
        return new HistoryEntry(at, source, Optional.of(status.word()), errorCode, note);
    }
}
