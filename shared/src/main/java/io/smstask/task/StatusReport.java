package io.smstask.task;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What Twilio said of a message: in its answer to the call, in a callback, or when it was polled.
 *
 * @param errorCode Twilio's error number, if one came with the status
 * @param errorText Twilio's text about the error, {@linkplain TwilioTexts#cleaned(String, java.util.List) cleaned}
 * @param numSegments how many SMS the message takes, if Twilio said so. Twilio says 0 until a messaging service has
 *     chosen the sender; that is dropped
 * @param at when we received it, to the millisecond
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

    /** Drops a count below 1. */
    public StatusReport {
        if (numSegments.isPresent() && numSegments.get() <= 0) {
            numSegments = Optional.empty();
        }
    }

    /** This report with Twilio's text about the error, cleaned. */
    public StatusReport withErrorText(String text) {
        return new StatusReport(sid, status, errorCode, Optional.of(text), numSegments, source, at);
    }

    /**
     * The task after this report: the one rule for answers, callbacks and polls.
     *
     * <p>A status that supersedes the stored one moves the task. An unknown word changes no rank, but it proves that
     * Twilio has the message: it adds the sid and ends an unknown outcome. It does not move a task that was given up:
     * the word may be reported again and again, and each time the task would end once more. Everything else is only
     * noted, once.
     *
     * @param seen the task as it was read
     * @return {@code seen} itself if there is nothing to write
     */
    @Override
    public Task appliedTo(Task seen) {
        if (seen.isErased()) {
            return seen;
        }
        if (seen.sid().isPresent() && !seen.sid().get().equals(sid)) {
            return seen.history().holds(status.word(), Note.CONFLICT) ? seen : noted(seen, Note.CONFLICT);
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
        // Twilio could read a SendAt that we could not: wait as long as a schedule may take.
        Duration dueLater = status.isScheduled() && seen.sms().sendAt().isEmpty() ? SendAt.FURTHEST : Duration.ZERO;
        Standing standing = status.node() == Node.ESCALATION
                ? seen.standing().escalated(deliveryError())
                : seen.standing().in(status.node());
        standing = standing.withSid(sid).withStatus(highest).givenUp(false);
        if (numSegments.isPresent()) {
            standing = standing.withSegments(numSegments.get());
        }
        Task moved = seen.standing(standing, at, seen.history().with(entry(noteOfMove(seen)), status.isFinal()))
                .dueLater(dueLater)
                .with(seen.subscribers().ofFurtherEnd());
        // The poll has leased the task, so what is planned is the end of its lease.
        return source == Source.POLL ? moved.postponed(at) : moved.postponedUnlessPlanned(seen, at);
    }

    /** Empty for a plain move. */
    private String noteOfMove(Task seen) {
        // The poll asks by sid, so it brings a sid only after it has matched the message.
        if (seen.sid().isEmpty() && source == Source.POLL) {
            return Note.MATCHED;
        }
        if (seen.node() == Node.ESCALATION || seen.node() == Node.FINAL && !seen.isHardFinal()) {
            return Note.HEALED;
        }
        return status.isKnown() ? "" : Note.UNKNOWN_STATUS;
    }

    /** The note for a report that moves nothing; empty if it was noted before. */
    private String remark(Task seen) {
        boolean isRepeated = seen.status().isPresent() && seen.status().get().equals(status)
                || seen.history().holds(status.word());
        if (isRepeated) {
            return seen.history().holds(status.word(), Note.DUPLICATE) ? "" : Note.DUPLICATE;
        }
        if (!status.isKnown()) {
            return Note.UNKNOWN_STATUS;
        }
        return contradicts(seen) ? Note.CONFLICT : Note.LATE;
    }

    /** Two ends exclude each other, but a message that was read was delivered before. */
    private boolean contradicts(Task seen) {
        boolean deliveredBeforeRead = status.word().equals("delivered")
                && seen.status().isPresent()
                && seen.status().get().word().equals("read");
        return status.isFinal() && seen.isHardFinal() && !deliveredBeforeRead;
    }

    /** A report that moves nothing may still add the sid or the segment count that the task lacks. */
    private Task noted(Task seen, String note) {
        Standing standing = seen.standing().withSid(sid);
        boolean isOurs = standing.sid().equals(Optional.of(sid));
        if (isOurs && seen.numSegments().isEmpty() && numSegments.isPresent()) {
            standing = standing.withSegments(numSegments.get());
        }
        History history = seen.history();
        if (!note.isEmpty()) {
            history = history.with(entry(note), note.equals(Note.CONFLICT));
        }
        boolean isNew = !standing.equals(seen.standing())
                || history.size() > seen.history().size();
        return isNew ? seen.standing(standing, at, history) : seen;
    }

    private HistoryEntry entry(String note) {
        return new HistoryEntry(
                at,
                source,
                Optional.of(status.word()),
                errorCode,
                note.isEmpty() ? Optional.empty() : Optional.of(note));
    }

    private Escalation deliveryError() {
        String code = errorCode.orElse(status.word());
        String otherwise = errorCode.isPresent()
                ? "Twilio reported the message as " + status + " with error " + code + "."
                : "Twilio reported the message as " + status + ".";
        String message = KnownError.explained(code, otherwise, errorText.orElse(""));
        Optional<String> page =
                errorCode.isPresent() ? Optional.of("https://www.twilio.com/docs/errors/" + code) : Optional.empty();
        return new Escalation.DeliveryError(code, message, page);
    }
}
