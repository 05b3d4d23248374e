package io.smstask.task;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * One task: what was asked, where it stands and what happened to it. What may become of it is said in two places: {@link
 * StatusReport} for what Twilio reports, and here for all else.
 *
 * @param fingerprint {@link Sms#fingerprint()} of the call that made the task
 * @param dueAt when waiting for a final status ends
 * @param pollAt when somebody looks at the task again if nothing has happened by then; empty for a task that is done, and of
 *     whose end nobody is left to be told
 * @param context the caller's own JSON object, as JSON text
 * @param subscribers who is to be told how the task ends
 * @param revision how often the task has been written; a writer names the one that it has seen
 */
public record Task(
        TaskId id,
        Sms sms,
        String fingerprint,
        Claim claim,
        Standing standing,
        History history,
        Instant createdAt,
        Instant updatedAt,
        Instant dueAt,
        Optional<Instant> pollAt,
        Optional<String> context,
        Subscribers subscribers,
        long revision) {

    private static final String SENT = "sent";

    /** A task that is claimed for its first attempt, and whose end nobody is to be told. */
    public static Task claimed(TaskId id, Sms sms, Claim claim, Instant now, Instant dueAt, Optional<String> context) {
        return new Task(
                id,
                sms,
                sms.fingerprint(),
                claim,
                Standing.CALLING_API,
                History.EMPTY,
                now,
                now,
                dueAt,
                Optional.of(claim.callDeadline()),
                context,
                Subscribers.NOBODY,
                1);
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
                subscribers.ofFurtherEnd(),
                revision);
    }

    /**
     * The task as every reader sees it at that moment: past its call's deadline a task that is still being called has an
     * unknown outcome, whether or not anyone has written that down yet.
     */
    public Task seenAt(Instant now) {
        return isBeingCalled() && !now.isBefore(claim.callDeadline())
                ? standing(standing.escalated(outcomeUnknown()), updatedAt, history)
                : this;
    }

    /**
     * The task after its call ended red. It yields to a callback that was faster, and corrects an outcome that was written
     * down as unknown in the meantime; otherwise nothing changes.
     *
     * @param sid Twilio's id, where an incomplete answer told one
     */
    public Task escalated(Optional<MessageSid> sid, Escalation escalation, Instant at) {
        boolean isOpen = isBeingCalled()
                || code().equals(CallFailure.OUTCOME_UNKNOWN.code())
                        && !escalation.code().equals(CallFailure.OUTCOME_UNKNOWN.code());
        return isOpen && sid().isEmpty() ? escalated(sid, escalation, Source.SEND, at) : this;
    }

    /** What every reader sees of a task whose call ended without a recorded answer, written down. */
    public Task withUnknownOutcome(Instant at) {
        return seenAt(at) == this ? this : escalated(Optional.empty(), outcomeUnknown(), Source.POLL, at);
    }

    private Task escalated(Optional<MessageSid> sid, Escalation escalation, Source source, Instant at) {
        Standing next = standing.escalated(escalation);
        HistoryEntry entry =
                new HistoryEntry(at, source, Optional.empty(), Optional.of(escalation.code()), Optional.empty());
        return standing(sid.isPresent() ? next.withSid(sid.get()) : next, at, history.with(entry, false))
                .postponed(at);
    }

    /**
     * The end of the wait, of our own making: it keeps Twilio's last status and its rank, and yields to any real status.
     * {@code sent} is a success with a doubt; less than that is none, and what nothing could heal stays unknown.
     */
    public Task ended(Instant at) {
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
        Standing next = standing.in(isSent ? Node.FINAL : Node.ESCALATION, red).givenUp(true);
        return standing(next, at, history.with(entry, true)).postponed(at);
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

    /** This task with these left who are still to be told how it ended. Nothing has happened to it. */
    public Task told(Subscribers left, Instant at) {
        return with(left).postponed(at);
    }

    /** This task, to be looked at again when its age and its end ask for it. Nothing has happened to it. */
    public Task postponed(Instant at) {
        return polledAt(PollPlan.after(this, at));
    }

    /** This task, to be looked at then; at no time if it is done and nobody is left to be told. */
    public Task polledAt(Optional<Instant> newPollAt) {
        return with(standing, updatedAt, history, dueAt, newPollAt, subscribers, revision);
    }

    /** This task, with these to be told of its end. */
    public Task with(Subscribers newSubscribers) {
        return with(standing, updatedAt, history, dueAt, pollAt, newSubscribers, revision);
    }

    /** This task, standing elsewhere. */
    public Task standing(Standing newStanding, Instant at, History newHistory) {
        return with(newStanding, at, newHistory, dueAt, pollAt, subscribers, revision);
    }

    /** This task, due so much later. */
    Task dueLater(Duration by) {
        return with(standing, updatedAt, history, dueAt.plus(by), pollAt, subscribers, revision);
    }

    /** This task, as it stands in the store after somebody has seen that one and written this. */
    public Task writtenOver(Task seen) {
        return with(standing, updatedAt, history, dueAt, pollAt, subscribers, seen.revision + 1);
    }

    /**
     * Whether this, written over a task that was seen, stands in the task as it is now: then a write that was refused is one
     * whose answer was lost, or that was repeated on the way. Somebody may have begun to wait since, or been told.
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
            Optional<Instant> newPollAt,
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
                newPollAt,
                context,
                newSubscribers,
                newRevision);
    }

    /** Where the task stands in the process. */
    public Node node() {
        return standing.node();
    }

    /** Twilio's id, from the moment that anyone told it. */
    public Optional<MessageSid> sid() {
        return standing.sid();
    }

    /** The highest status that Twilio reported. */
    public Optional<MessageStatus> status() {
        return standing.status();
    }

    /** How many SMS the message takes, where Twilio said so. */
    public Optional<Integer> numSegments() {
        return standing.numSegments();
    }

    /** Why the task is red. */
    public Optional<Escalation> escalation() {
        return standing.escalation();
    }

    /** Whether the wait was ended by ourselves. */
    public boolean isGivenUp() {
        return standing.isGivenUp();
    }

    /** The rank of the stored status; {@link MessageStatus#NO_RANK} where there is none. */
    public int rank() {
        return status().isPresent() ? status().get().rank() : MessageStatus.NO_RANK;
    }

    /** Whether Twilio itself ended the task. Ends of our own making are not hard: they yield to any real status. */
    public boolean isHardFinal() {
        return status().isPresent() && status().get().isFinal();
    }

    /** Whether somebody is calling Twilio for the task at this moment; see {@link #seenAt}. */
    public boolean isBeingCalled() {
        return node() == Node.CALLING_API;
    }

    /** Whether the same call may run the task again. */
    public boolean mayRunAgain() {
        return escalation().isPresent() && sid().isEmpty() && escalation().get().retryable() == Retryable.YES;
    }

    /** Whether something is still expected: the task has no end, and it is not known that nothing was sent. */
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

    /** Ids and where the task stands; what was sent, Twilio's message and the context stay private. */
    @Override
    public String toString() {
        return "Task[" + id + ", " + node() + sid().map(value -> ", " + value).orElse("")
                + status().map(value -> ", " + value).orElse("")
                + escalation().map(value -> ", " + value.code()).orElse("")
                + ", attempt " + claim.attempt() + ", " + history.size() + " entries]";
    }

    static Escalation outcomeUnknown() {
        return new Escalation.CallError(
                CallFailure.OUTCOME_UNKNOWN,
                "The call of Twilio's API ended without a recorded answer: the message may have been sent.");
    }
}
