package io.smstask.task;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One task: what was asked, where it stands and what happened to it. Its rules are in two places: {@link StatusReport}
 * for what Twilio reports, and here for everything else.
 *
 * @param fingerprint of the parameters of the call that made the task
 * @param dueAt when the wait for a final status ends
 * @param pollAt when the poll looks at the task if nothing happens before; empty if the task is done and nobody is left
 *     to notify
 * @param context the caller's own JSON object, as JSON text
 * @param bodyLength how many characters the text had, if it has been removed
 * @param isErased whether no more is left than shows that the task existed, and how it ended
 * @param subscribers who is to be notified of the task's end
 * @param revision how often the task has been written; a write is conditioned on the revision that it saw
 */
public record Task(
        TaskId id,
        Sms sms,
        Fingerprint fingerprint,
        Claim claim,
        Standing standing,
        History history,
        Instant createdAt,
        Instant updatedAt,
        Instant dueAt,
        Optional<Instant> pollAt,
        Optional<String> context,
        Optional<Integer> bodyLength,
        boolean isErased,
        Subscribers subscribers,
        long revision) {

    /** How long past {@link #dueAt()} an answer of Twilio is waited for, before the task ends without one. */
    public static final Duration PATIENCE = Duration.ofHours(6);

    /** When Twilio is asked again after a look without an answer. */
    public static final Duration NO_ANSWER = Duration.ofMinutes(15);

    /** How far apart two looks must be that both say the message is gone. */
    private static final Duration GONE = Duration.ofMinutes(10);

    private static final String SENT = "sent";

    /** A task claimed for its first attempt, without context and subscribers. */
    public static Task claimed(TaskId id, Sms sms, Claim claim, Instant now, Instant dueAt) {
        return new Task(
                id,
                sms,
                Fingerprint.of(sms, claim.id()),
                claim,
                Standing.CALLING_API,
                History.EMPTY,
                now,
                now,
                dueAt,
                Optional.of(claim.callDeadline()),
                Optional.empty(),
                Optional.empty(),
                false,
                Subscribers.NOBODY,
                1);
    }

    /** What is left of an erased task, before it is polled. The rest of the claim and the message is empty. */
    public static Task tombstone(
            TaskId id,
            AccountSid account,
            Fingerprint fingerprint,
            String claimId,
            CallbackProof.KeyHash key,
            Standing end,
            Instant endedAt,
            Instant dueAt,
            Subscribers subscribers,
            long revision) {
        return new Task(
                id,
                new Sms(account, new PhoneNumber(""), Optional.empty(), Optional.empty(), Map.of()),
                fingerprint,
                new Claim(claimId, 1, Instant.EPOCH, "", key),
                end,
                History.EMPTY,
                endedAt,
                endedAt,
                dueAt,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                true,
                subscribers,
                revision);
    }

    /** This task with the caller's own JSON object, as JSON text. */
    public Task withContext(String json) {
        return new Task(
                id,
                sms,
                fingerprint,
                claim,
                standing,
                history,
                createdAt,
                updatedAt,
                dueAt,
                pollAt,
                Optional.of(json),
                bodyLength,
                isErased,
                subscribers,
                revision);
    }

    /** This task, claimed for a further attempt. */
    public Task claimedAgain(Claim next, Instant now, Instant nextDueAt) {
        return new Task(
                id,
                sms,
                fingerprint,
                next,
                Standing.CALLING_API,
                history,
                createdAt,
                now,
                nextDueAt,
                Optional.of(next.callDeadline()),
                context,
                bodyLength,
                isErased,
                subscribers.ofFurtherEnd(),
                revision);
    }

    /**
     * The task as every reader sees it at this moment: after its call's deadline, a task still in
     * {@link Node#CALLING_API} has an unknown outcome, recorded or not.
     */
    public Task seenAt(Instant now) {
        return isBeingCalled() && !now.isBefore(claim.callDeadline())
                ? standing(standing.escalated(outcomeUnknown()), updatedAt, history)
                : this;
    }

    /**
     * The task after its call ended red. A faster callback wins, an outcome meanwhile recorded as unknown is corrected,
     * and otherwise nothing changes.
     */
    public Task escalated(Escalation escalation, Instant at) {
        return mayBecome(escalation) ? escalated(standing, escalation, Source.SEND, at) : this;
    }

    /** The task after its call ended red with an incomplete answer that held Twilio's id. */
    public Task escalated(MessageSid sid, Escalation escalation, Instant at) {
        return mayBecome(escalation) ? escalated(standing.withSid(sid), escalation, Source.SEND, at) : this;
    }

    private boolean mayBecome(Escalation escalation) {
        boolean isUnknown = code().equals(CallFailure.OUTCOME_UNKNOWN.code())
                && !escalation.code().equals(CallFailure.OUTCOME_UNKNOWN.code());
        return !isErased && sid().isEmpty() && (isBeingCalled() || isUnknown);
    }

    /** This task, which could be run again, closed for good by a call to cancel. */
    public Task canceled(Instant at) {
        Escalation canceled = new Escalation.CallError(
                CallFailure.CANCELED, "The task was cancelled before it was run again: nothing was sent.");
        return mayRunAgain() ? with(subscribers.ofFurtherEnd()).escalated(standing, canceled, Source.CANCEL, at) : this;
    }

    /** Whether Twilio cancelled the message, or a call to cancel closed the task. */
    public boolean isCanceled() {
        return code().equals(CallFailure.CANCELED.code())
                || status().isPresent() && status().get().word().equals(CallFailure.CANCELED.code());
    }

    /** This task with its unknown outcome, which every reader sees already, recorded. */
    public Task withUnknownOutcome(Instant at) {
        return seenAt(at) == this ? this : escalated(standing, outcomeUnknown(), Source.POLL, at);
    }

    private Task escalated(Standing before, Escalation escalation, Source source, Instant at) {
        HistoryEntry entry =
                new HistoryEntry(at, source, Optional.empty(), Optional.of(escalation.code()), Optional.empty());
        return standing(before.escalated(escalation), at, history.with(entry, false))
                .postponed(at);
    }

    /**
     * The task after we end its wait. Twilio's last status and its rank stay, and any real status still replaces this
     * end. {@code sent} counts as a success with a doubt, a lower status as a failure; an outcome that nothing has
     * healed stays unknown.
     */
    public Task ended(Instant at) {
        if (isErased) {
            return this;
        }
        boolean isSent = node() == Node.WAITING_FOR_CALLBACK
                && status().isPresent()
                && status().get().word().equals(SENT);
        Optional<Escalation> red = isSent ? Optional.empty() : Optional.of(redEnd());
        HistoryEntry entry = new HistoryEntry(
                at,
                Source.TIMER,
                status().isPresent() ? Optional.of(status().get().word()) : Optional.empty(),
                red.isPresent() ? Optional.of(red.get().code()) : Optional.empty(),
                Optional.of(isSent ? Note.UNCONFIRMED : Note.GIVEN_UP));
        Standing next = red.isPresent() ? standing.escalated(red.get()) : standing.in(Node.FINAL);
        return standing(next.givenUp(true), at, history.with(entry, true)).postponed(at);
    }

    private Escalation redEnd() {
        if (isBeingCalled()) {
            return outcomeUnknown();
        }
        return escalation().isPresent()
                ? escalation().get()
                : new Escalation.CallError(
                        CallFailure.STATUS_TIMEOUT,
                        "Twilio reported no final status in the time that the task may wait.");
    }

    /**
     * This task without the texts that nobody needs any more: body, media, template variables and context. They go once
     * the task has ended and nobody is left to notify, unless it may be run again.
     */
    public Task withoutTextsIfDone() {
        return isOpen() || pollAt.isPresent() || mayRunAgain() ? this : withoutTexts();
    }

    private Task withoutTexts() {
        Sms bare = sms.withoutTexts();
        Integer length =
                sms.body().isPresent() ? Integer.valueOf(sms.body().get().codePoints()) : bodyLength.orElse(null);
        return bare == sms && context.isEmpty() ? this : with(bare, null, length);
    }

    /** This task with the texts that it had at an earlier time. */
    public Task withTextsOf(Task earlier) {
        return with(earlier.sms, earlier.context.orElse(null), earlier.bodyLength.orElse(null));
    }

    private Task with(Sms newSms, @Nullable String newContext, @Nullable Integer newBodyLength) {
        return new Task(
                id,
                newSms,
                fingerprint,
                claim,
                standing,
                history,
                createdAt,
                updatedAt,
                dueAt,
                pollAt,
                Optional.ofNullable(newContext),
                Optional.ofNullable(newBodyLength),
                isErased,
                subscribers,
                revision);
    }

    /** Whether the task may be erased: it has ended, and an SMS of which nobody knows is no longer looked for. */
    public boolean mayBeErased(Instant now) {
        Task seen = seenAt(now);
        boolean isUnknown =
                seen.escalation().isPresent() && seen.escalation().get().retryable() == Retryable.UNKNOWN;
        return isUnknown ? isDue(now) : !seen.isOpen();
    }

    /** This task, erased. Who was to be notified of its end still is, by what is left of it. */
    public Task erased(Instant at) {
        Standing end = seenAt(at).standing.erased();
        CallbackProof.KeyHash key = claim.proof().key();
        return tombstone(id, sms.account(), fingerprint, claim.id(), key, end, updatedAt, dueAt, subscribers, revision)
                .postponed(at);
    }

    /** This task with these subscribers left to notify; {@code updatedAt} and history stay. */
    public Task told(Subscribers left, Instant at) {
        return with(left).postponed(at);
    }

    /** What this task needs next, if it is not done. */
    public PollKind pollKind() {
        if (!isOpen()) {
            return PollKind.TELL;
        }
        // Where the stack holds the account's credentials, the item has a hash of the key instead.
        return claim.proof() instanceof CallbackProof.SealedToken ? PollKind.END : PollKind.LOOK;
    }

    /** Whether the wait is over, so that the next answer of Twilio ends the task whatever it is. */
    public boolean isDue(Instant now) {
        return !now.isBefore(dueAt);
    }

    /** Whether the task ends even without an answer of Twilio. */
    public boolean isPastPatience(Instant now) {
        return !now.isBefore(dueAt.plus(PATIENCE));
    }

    /** This task after Twilio had no such message for the first time; it is asked for again. */
    public Task gone(Instant at) {
        HistoryEntry entry =
                new HistoryEntry(at, Source.POLL, Optional.empty(), Optional.empty(), Optional.of(Note.GONE));
        return standing(standing, at, history.with(entry, true)).unanswered(at);
    }

    /** Whether Twilio had no such message in an earlier look. */
    public boolean isGone() {
        return goneAt() != null;
    }

    /** Whether that was long enough ago that the same answer now ends the task. */
    public boolean isGoneForGood(Instant now) {
        Instant at = goneAt();
        return at != null && !now.isBefore(at.plus(GONE));
    }

    private @Nullable Instant goneAt() {
        // Whatever happened since shows that the message was there after all.
        HistoryEntry last = history.isEmpty() ? null : history.get(history.size() - 1);
        return last != null && last.note().equals(Optional.of(Note.GONE)) ? last.at() : null;
    }

    /** This task after a look without an answer: only the next look changes. */
    public Task unanswered(Instant at) {
        return lookedAt(at.plus(NO_ANSWER), at);
    }

    /** This task, looked at next at this time, or when its patience ends if that comes first. */
    public Task lookedAt(Instant next, Instant now) {
        Instant last = dueAt.plus(PATIENCE);
        return polledAt(next.isAfter(last) && last.isAfter(now) ? last : next);
    }

    /** As {@link #postponed}, but a planned look stays in place if it will do. */
    Task postponedUnlessPlanned(Task seen, Instant at) {
        boolean willDo = isOpen()
                && pollKind() == seen.pollKind()
                && pollAt.isPresent()
                && !pollAt.get().isBefore(at.plus(PollPlan.KEPT))
                && !pollAt.get().isAfter(dueAt);
        return willDo ? this : postponed(at);
    }

    /** This task with its next poll as its age and end require; {@code updatedAt} and history stay. */
    public Task postponed(Instant at) {
        if (isOpen()) {
            // For a further attempt, only the end of the call is stored.
            Instant since = claim.attempt() == 1 ? createdAt : claim.callDeadline();
            Instant next = PollPlan.next(since, dueAt, at);
            // A task sent with the caller's token can be looked at only if the stack holds the account, too. The poll
            // finds that out at its first visit; then it comes at the end only.
            boolean isLast = pollKind() == PollKind.END && !at.isBefore(since.plus(PollPlan.SOONEST));
            return polledAt(isLast && next.isBefore(dueAt) ? dueAt : next);
        }
        return subscribers.isEmpty()
                ? with(standing, updatedAt, history, dueAt, null, subscribers, revision)
                : polledAt(PollPlan.nextTelling(updatedAt, at));
    }

    /** This task, polled at this time. */
    public Task polledAt(Instant newPollAt) {
        return with(standing, updatedAt, history, dueAt, newPollAt, subscribers, revision);
    }

    /** This task with these subscribers. */
    public Task with(Subscribers newSubscribers) {
        return with(standing, updatedAt, history, dueAt, pollAt.orElse(null), newSubscribers, revision);
    }

    /** This task with another standing and history. */
    public Task standing(Standing newStanding, Instant at, History newHistory) {
        return with(newStanding, at, newHistory, dueAt, pollAt.orElse(null), subscribers, revision);
    }

    /** This task, due later by this much. */
    Task dueLater(Duration by) {
        return with(standing, updatedAt, history, dueAt.plus(by), pollAt.orElse(null), subscribers, revision);
    }

    /** This task as the store has it after it was written over {@code seen}: with the next revision. */
    public Task writtenOver(Task seen) {
        return with(standing, updatedAt, history, dueAt, pollAt.orElse(null), subscribers, seen.revision + 1);
    }

    /**
     * Whether the stored task {@code now} already holds this one, written over {@code seen}. Then a refused write is
     * our own: its answer was lost, or it was repeated on the way. Subscribers may have come or been notified since.
     */
    public boolean isWrittenIn(Task now, Task seen) {
        if (updatedAt.equals(seen.updatedAt)) {
            return now.equals(writtenOver(seen));
        }
        return now.claim.equals(claim)
                && now.standing.equals(standing)
                && now.history.equals(history)
                && now.updatedAt.equals(updatedAt)
                && now.dueAt.equals(dueAt);
    }

    private Task with(
            Standing newStanding,
            Instant newUpdatedAt,
            History newHistory,
            Instant newDueAt,
            @Nullable Instant newPollAt,
            Subscribers newSubscribers,
            long newRevision) {
        return new Task(
                id,
                sms,
                fingerprint,
                claim,
                newStanding,
                newHistory,
                createdAt,
                newUpdatedAt,
                newDueAt,
                Optional.ofNullable(newPollAt),
                context,
                bodyLength,
                isErased,
                newSubscribers,
                newRevision);
    }

    /** Where the task stands in the process. */
    public Node node() {
        return standing.node();
    }

    /** Twilio's id, once it is known. */
    public Optional<MessageSid> sid() {
        return standing.sid();
    }

    /** The highest status that Twilio reported. */
    public Optional<MessageStatus> status() {
        return standing.status();
    }

    /** How many SMS the message takes, if Twilio said so. */
    public Optional<Integer> numSegments() {
        return standing.numSegments();
    }

    /** Why the task is red. */
    public Optional<Escalation> escalation() {
        return standing.escalation();
    }

    /** Whether we ended the wait. */
    public boolean isGivenUp() {
        return standing.isGivenUp();
    }

    /** The rank of the stored status; {@link MessageStatus#NO_RANK} if there is none. */
    public int rank() {
        return status().isPresent() ? status().get().rank() : MessageStatus.NO_RANK;
    }

    /** Whether Twilio itself ended the task. Ends of our own are not hard: any real status replaces them. */
    public boolean isHardFinal() {
        return status().isPresent() && status().get().isFinal();
    }

    /** Whether a call of Twilio for the task is in progress; see {@link #seenAt}. */
    public boolean isBeingCalled() {
        return node() == Node.CALLING_API;
    }

    /** Whether the same call may run the task again. */
    public boolean mayRunAgain() {
        return escalation().isPresent() && sid().isEmpty() && escalation().get().retryable() == Retryable.YES;
    }

    /** Whether a status is still expected: the task has not ended, and an SMS may have been sent. */
    public boolean isOpen() {
        return !isGivenUp()
                && !isHardFinal()
                && node() != Node.FINAL
                && (sid().isPresent()
                        || escalation().isEmpty()
                        || escalation().get().retryable() == Retryable.UNKNOWN);
    }

    private String code() {
        return escalation().isPresent() ? escalation().get().code() : "";
    }

    /** Ids and standing; the SMS, Twilio's text and the context stay private. */
    @Override
    public String toString() {
        return "Task[" + id + ", " + node() + sid().map(value -> ", " + value).orElse("")
                + status().map(value -> ", " + value).orElse("")
                + escalation().map(value -> ", " + value.code()).orElse("")
                + ", attempt " + claim.attempt() + ", " + history.size() + " entries]";
    }

    private static Escalation outcomeUnknown() {
        return new Escalation.CallError(
                CallFailure.OUTCOME_UNKNOWN,
                "The call of Twilio's API ended without a recorded answer: the message may have been sent.");
    }
}
