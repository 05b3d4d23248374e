package io.smstask.task;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One task: what was asked, where it stands and what happened to it.
 *
 * @param fingerprint {@link Sms#fingerprint()} of the call that made the task
 * @param sid Twilio's id, from the moment that anyone told it
 * @param status the highest status that Twilio reported
 * @param escalation why the task is red; present exactly in {@link Node#ESCALATION}
 * @param dueAt when waiting for a final status ends
 * @param pollAt when somebody looks at the task again if nothing has happened by then; empty for a task that is done, and of
 *     whose end nobody is left to be told
 * @param history oldest first, at most {@link History#LIMIT} entries
 * @param context the caller's own JSON object, as JSON text
 * @param isGivenUp whether the wait was ended by ourselves: nothing more is expected, though any real status is welcome
 * @param subscribers who is to be told how the task ends
 */
public record Task(
        TaskId id,
        Sms sms,
        String fingerprint,
        Claim claim,
        Node node,
        Optional<MessageSid> sid,
        Optional<MessageStatus> status,
        Optional<Integer> numSegments,
        Optional<Escalation> escalation,
        Instant createdAt,
        Instant updatedAt,
        Instant dueAt,
        Optional<Instant> pollAt,
        List<HistoryEntry> history,
        Optional<String> context,
        boolean isGivenUp,
        Subscribers subscribers) {

    /** Copies the history, so that the task cannot change. */
    public Task {
        history = List.copyOf(history);
    }

    /** A task that is claimed for its first attempt, and whose end nobody is to be told. */
    public static Task claimed(TaskId id, Sms sms, Claim claim, Instant now, Instant dueAt, Optional<String> context) {
        return new Task(
                id,
                sms,
                sms.fingerprint(),
                claim,
                Node.CALLING_API,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                now,
                now,
                dueAt,
                Optional.of(claim.callDeadline()),
                List.of(),
                context,
                false,
                Subscribers.NOBODY);
    }

    /** This task, claimed for a further attempt. */
    public Task claimedAgain(Claim next, Instant now, Instant nextDueAt) {
        return new Task(
                id,
                sms,
                fingerprint,
                next,
                Node.CALLING_API,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                createdAt,
                now,
                nextDueAt,
                Optional.of(next.callDeadline()),
                history,
                context,
                false,
                subscribers.ofFurtherEnd());
    }

    /**
     * The task as every reader sees it at that moment: past its call's deadline a task that is still being called has an
     * unknown outcome, whether or not anyone has written that down yet.
     */
    public Task seenAt(Instant now) {
        if (node != Node.CALLING_API || now.isBefore(claim.callDeadline())) {
            return this;
        }
        return with(Node.ESCALATION, sid, status, numSegments, Optional.of(outcomeUnknown()), updatedAt, history);
    }

    /** This task, standing elsewhere. */
    public Task with(
            Node newNode,
            Optional<MessageSid> newSid,
            Optional<MessageStatus> newStatus,
            Optional<Integer> newNumSegments,
            Optional<Escalation> newEscalation,
            Instant at,
            List<HistoryEntry> newHistory) {
        return new Task(
                id,
                sms,
                fingerprint,
                claim,
                newNode,
                newSid,
                newStatus,
                newNumSegments,
                newEscalation,
                createdAt,
                at,
                dueAt,
                pollAt,
                newHistory,
                context,
                isGivenUp,
                subscribers);
    }

    /** This task, to be looked at then; at no time if it is done and nobody is left to be told. */
    public Task polledAt(Optional<Instant> newPollAt) {
        return with(newPollAt, isGivenUp, subscribers);
    }

    /** This task, due so much later. */
    Task dueLater(Duration by) {
        return new Task(
                id,
                sms,
                fingerprint,
                claim,
                node,
                sid,
                status,
                numSegments,
                escalation,
                createdAt,
                updatedAt,
                dueAt.plus(by),
                pollAt,
                history,
                context,
                isGivenUp,
                subscribers);
    }

    /** This task, given up or no longer so. */
    Task givenUp(boolean newIsGivenUp) {
        return with(pollAt, newIsGivenUp, subscribers);
    }

    /** This task, with these to be told of its end. */
    public Task with(Subscribers newSubscribers) {
        return with(pollAt, isGivenUp, newSubscribers);
    }

    private Task with(Optional<Instant> newPollAt, boolean newIsGivenUp, Subscribers newSubscribers) {
        return new Task(
                id,
                sms,
                fingerprint,
                claim,
                node,
                sid,
                status,
                numSegments,
                escalation,
                createdAt,
                updatedAt,
                dueAt,
                newPollAt,
                history,
                context,
                newIsGivenUp,
                newSubscribers);
    }

    /** The rank of the stored status; {@link MessageStatus#NO_RANK} where there is none. */
    public int rank() {
        return status.map(MessageStatus::rank).orElse(MessageStatus.NO_RANK);
    }

    /** Whether Twilio itself ended the task. Ends of our own making are not hard: they yield to any real status. */
    public boolean isHardFinal() {
        return status.map(MessageStatus::isFinal).orElse(false);
    }

    /** Whether somebody is calling Twilio for the task at this moment; see {@link #seenAt}. */
    public boolean isBeingCalled() {
        return node == Node.CALLING_API;
    }

    /** Whether the same call may run the task again. */
    public boolean mayRunAgain() {
        return node == Node.ESCALATION
                && sid.isEmpty()
                && escalation.map(Escalation::retryable).orElse(Retryable.NO) == Retryable.YES;
    }

    /** Ids and where the task stands; what was sent, Twilio's message and the context stay private. */
    @Override
    public String toString() {
        return "Task[" + id + ", " + node + sid.map(value -> ", " + value).orElse("")
                + status.map(value -> ", " + value).orElse("")
                + escalation.map(value -> ", " + value.code()).orElse("")
                + ", attempt " + claim.attempt() + ", " + history.size() + " entries]";
    }

    /** Whether something is still expected: the task has no end, and it is not known that nothing was sent. */
    public boolean isOpen() {
        return !isGivenUp
                && !isHardFinal()
                && node != Node.FINAL
                && (sid.isPresent()
                        || escalation.map(Escalation::retryable).orElse(Retryable.UNKNOWN) == Retryable.UNKNOWN);
    }

    static Escalation outcomeUnknown() {
        return new Escalation.CallError(
                CallFailure.OUTCOME_UNKNOWN,
                "The call of Twilio's API ended without a recorded answer: the message may have been sent.");
    }
}
