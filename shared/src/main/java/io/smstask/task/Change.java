package io.smstask.task;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One conditional write on a task. A change carries its condition with it: {@link #holdsOn(Task)} says it in Java, the
 * store says the same in its own language, and one contract test holds the two together.
 */
public sealed interface Change {

    /** Whether the change may be written on the task as it stands now. */
    boolean holdsOn(Task now);

    /** The task after the change. */
    Task on(Task now);

    /** The entry that the change appends to the history, if any. */
    Optional<HistoryEntry> entry();

    /**
     * Whether the change stands in the task already: then the write that was refused is one whose answer was lost, or that
     * was repeated on the way.
     */
    default boolean isIn(Task now) {
        return entry().isPresent() && now.history().contains(entry().get());
    }

    /**
     * A status that moves the task.
     *
     * @param status the status to store; the stored one again where only the sid and the node change
     * @param ceiling the change holds while the stored rank is below it
     * @param entry the history entry; empty where the history has no room
     * @param historyLimit the change holds while the history is shorter, if there is an entry
     * @param dueLater by how much the task is due later, and kept longer
     * @param pollAt when to look at the task next; empty if it is done, and the change holds only while nobody waits then
     * @param event what becomes of the event that tells of the task's end
     */
    record Advance(
            MessageSid sid,
            Optional<MessageStatus> status,
            Node node,
            Optional<Escalation> escalation,
            Optional<Integer> numSegments,
            int ceiling,
            Optional<HistoryEntry> entry,
            int historyLimit,
            Duration dueLater,
            Optional<Instant> pollAt,
            Subscribers.Event event,
            Instant at)
            implements Change {

        @Override
        public boolean holdsOn(Task now) {
            return (now.sid().isEmpty() || now.sid().get().equals(sid))
                    && now.rank() < ceiling
                    && isSeenBySubscribers(pollAt, now)
                    && (entry.isEmpty() || now.history().size() < historyLimit);
        }

        @Override
        public Task on(Task now) {
            Optional<Integer> segments = numSegments.isPresent() ? numSegments : now.numSegments();
            return now.with(node, Optional.of(sid), status, segments, escalation, at, appended(now, entry))
                    .dueLater(dueLater)
                    .givenUp(false)
                    .with(new Subscribers(now.subscribers().tokens(), event))
                    .polledAt(pollAt);
        }
    }

    /**
     * A remark that moves nothing.
     *
     * @param sid Twilio's id, where the task has none; the change holds only while it has none
     * @param historySize the change holds while the history has exactly this many entries, so that nothing is noted twice
     */
    record Noted(
            Optional<HistoryEntry> entry,
            Optional<MessageSid> sid,
            Optional<Integer> numSegments,
            int historySize,
            Instant at)
            implements Change {

        @Override
        public boolean holdsOn(Task now) {
            return now.history().size() == historySize
                    && (sid.isEmpty() || now.sid().isEmpty());
        }

        @Override
        public Task on(Task now) {
            Optional<Integer> segments = numSegments.isPresent() ? numSegments : now.numSegments();
            Optional<MessageSid> newSid = sid.isPresent() ? sid : now.sid();
            return now.with(now.node(), newSid, now.status(), segments, now.escalation(), at, appended(now, entry));
        }
    }

    /**
     * The sender's red exit. It yields to a callback that was faster, and it corrects an outcome that was written down as
     * unknown in the meantime.
     *
     * @param claimId the change holds only for the attempt that made it
     * @param sid Twilio's id, where the incomplete answer told one
     * @param pollAt when to look at the task next; empty if it is done, and the change holds only while nobody waits then
     */
    record Escalate(
            String claimId,
            Optional<MessageSid> sid,
            Escalation escalation,
            Optional<HistoryEntry> entry,
            Optional<Instant> pollAt,
            Instant at)
            implements Change {

        /** The escalation of a task that is being sent. */
        public static Escalate of(Task task, Optional<MessageSid> sid, Escalation escalation, Instant at) {
            return of(task, sid, escalation, Source.SEND, at);
        }

        /** What every reader sees of a task whose call ended without a recorded answer, written down. */
        public static Escalate outcomeUnknown(Task task, Instant at) {
            return of(task, Optional.empty(), Task.outcomeUnknown(), Source.POLL, at);
        }

        private static Escalate of(
                Task task, Optional<MessageSid> sid, Escalation escalation, Source source, Instant at) {
            boolean hasRoom = task.history().size() < History.limitFor(false);
            HistoryEntry entry =
                    new HistoryEntry(at, source, Optional.empty(), Optional.of(escalation.code()), Optional.empty());
            Task after = task.with(
                    Node.ESCALATION,
                    sid,
                    task.status(),
                    task.numSegments(),
                    Optional.of(escalation),
                    at,
                    task.history());
            return new Escalate(
                    task.claim().id(),
                    sid,
                    escalation,
                    hasRoom ? Optional.of(entry) : Optional.empty(),
                    PollPlan.after(after, at),
                    at);
        }

        @Override
        public boolean holdsOn(Task now) {
            boolean open = now.node() == Node.CALLING_API
                    || knowsMore()
                            && now.escalation()
                                    .map(Escalation::code)
                                    .orElse("")
                                    .equals(CallFailure.OUTCOME_UNKNOWN.code());
            return now.claim().id().equals(claimId) && now.sid().isEmpty() && open && isSeenBySubscribers(pollAt, now);
        }

        /** Whether this corrects an unknown outcome; one more that is unknown would only be written down twice. */
        public boolean knowsMore() {
            return !escalation.code().equals(CallFailure.OUTCOME_UNKNOWN.code());
        }

        @Override
        public Task on(Task now) {
            return now.with(
                            Node.ESCALATION,
                            sid,
                            now.status(),
                            now.numSegments(),
                            Optional.of(escalation),
                            at,
                            appended(now, entry))
                    .polledAt(pollAt);
        }
    }

    /**
     * The end of the wait, of our own making: it keeps Twilio's last status and its rank, and yields to any real status.
     *
     * @param rank the change holds while the stored rank is this
     * @param seenNode the change holds while the task stands there
     * @param node where the task stands from now on
     * @param pollAt when to tell those whom nobody has told yet; empty holds only while nobody waits
     */
    record End(
            int rank,
            Node seenNode,
            Node node,
            Optional<Escalation> escalation,
            Optional<HistoryEntry> entry,
            Optional<Instant> pollAt,
            Instant at)
            implements Change {

        private static final String SENT = "sent";

        /** The end of a task that is due: {@code sent} is a success with a doubt, less than that is none. */
        public static End of(Task seen, Instant at) {
            boolean isSent = seen.status().map(MessageStatus::word).orElse("").equals(SENT);
            if (seen.node() == Node.WAITING_FOR_CALLBACK && isSent) {
                return of(seen, Node.FINAL, Optional.empty(), Optional.of(Note.UNCONFIRMED), at);
            }
            // A red task stays as red as it is: what nothing could heal stays unknown.
            Escalation escalation = seen.node() == Node.CALLING_API
                    ? Task.outcomeUnknown()
                    : seen.escalation().orElse(statusTimeout());
            return of(seen, Node.ESCALATION, Optional.of(escalation), Optional.empty(), at);
        }

        private static End of(
                Task seen, Node node, Optional<Escalation> escalation, Optional<String> note, Instant at) {
            boolean hasRoom = seen.history().size() < History.limitFor(true);
            HistoryEntry entry = new HistoryEntry(
                    at,
                    Source.TIMER,
                    seen.status().map(MessageStatus::word),
                    escalation.map(Escalation::code),
                    note.or(() -> Optional.of(Note.GIVEN_UP)));
            Task after = seen.with(node, seen.sid(), seen.status(), seen.numSegments(), escalation, at, seen.history())
                    .givenUp(true);
            return new End(
                    seen.rank(),
                    seen.node(),
                    node,
                    escalation,
                    hasRoom ? Optional.of(entry) : Optional.empty(),
                    PollPlan.after(after, at),
                    at);
        }

        private static Escalation statusTimeout() {
            return new Escalation.CallError(
                    CallFailure.STATUS_TIMEOUT, "Twilio reported no final status in the time that the task may wait.");
        }

        @Override
        public boolean holdsOn(Task now) {
            return now.rank() == rank && now.node() == seenNode && isSeenBySubscribers(pollAt, now);
        }

        @Override
        public Task on(Task now) {
            return now.with(node, now.sid(), now.status(), now.numSegments(), escalation, at, appended(now, entry))
                    .givenUp(true)
                    .polledAt(pollAt);
        }
    }

    /**
     * Strikes off who has been told how the task ended. It holds for the very end that they were told of, and while nobody has
     * come since.
     *
     * @param claimId the change holds only for the attempt whose end they were told; a further one may end in the same node
     * @param left who is still to be told
     * @param pollAt when to try again; empty if nobody is left
     */
    record Told(String claimId, Subscribers seen, Subscribers left, int rank, Node node, Optional<Instant> pollAt)
            implements Change {

        /** These are left of a task's subscribers. */
        public static Told of(Task seen, Subscribers left, Instant at) {
            return new Told(
                    seen.claim().id(),
                    seen.subscribers(),
                    left,
                    seen.rank(),
                    seen.node(),
                    PollPlan.after(seen.with(left), at));
        }

        @Override
        public Optional<HistoryEntry> entry() {
            return Optional.empty();
        }

        @Override
        public boolean holdsOn(Task now) {
            return now.claim().id().equals(claimId)
                    && now.subscribers().equals(seen)
                    && now.rank() == rank
                    && now.node() == node;
        }

        @Override
        public Task on(Task now) {
            return now.with(left).polledAt(pollAt);
        }
    }

    /**
     * Another look later, and nothing else.
     *
     * @param seenPollAt the change holds while the task is to be looked at then
     */
    record Postpone(Optional<Instant> seenPollAt, Optional<Instant> pollAt) implements Change {

        /** The next look at a task, by its age. */
        public static Postpone of(Task seen, Instant at) {
            return new Postpone(seen.pollAt(), PollPlan.after(seen, at));
        }

        @Override
        public Optional<HistoryEntry> entry() {
            return Optional.empty();
        }

        @Override
        public boolean holdsOn(Task now) {
            return now.pollAt().equals(seenPollAt);
        }

        @Override
        public Task on(Task now) {
            return now.polledAt(pollAt);
        }
    }

    /** The report was known already: nothing is written. */
    record Nothing() implements Change {

        @Override
        public Optional<HistoryEntry> entry() {
            return Optional.empty();
        }

        @Override
        public boolean holdsOn(Task now) {
            return true;
        }

        @Override
        public Task on(Task now) {
            return now;
        }
    }

    /** A task leaves the poll's index only while nobody waits for it: an execution that comes later finds it done. */
    private static boolean isSeenBySubscribers(Optional<Instant> pollAt, Task now) {
        return pollAt.isPresent() || now.subscribers().tokens().isEmpty();
    }

    private static List<HistoryEntry> appended(Task now, Optional<HistoryEntry> entry) {
        if (entry.isEmpty()) {
            return now.history();
        }
        List<HistoryEntry> longer = new ArrayList<>(now.history());
        longer.add(entry.get());
        return longer;
    }
}
