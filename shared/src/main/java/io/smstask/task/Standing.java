package io.smstask.task;

import java.util.Optional;

/**
 * Where a task stands.
 *
 * @param sid Twilio's id, once it is known
 * @param status the highest status that Twilio reported
 * @param numSegments how many SMS the message takes, if Twilio said so
 * @param escalation why the task is red; present exactly in {@link Node#ESCALATION}
 * @param isGivenUp whether we ended the wait: nothing more is expected, but any real status still counts
 */
public record Standing(
        Node node,
        Optional<MessageSid> sid,
        Optional<MessageStatus> status,
        Optional<Integer> numSegments,
        Optional<Escalation> escalation,
        boolean isGivenUp) {

    /** A claimed task before Twilio's answer is recorded. */
    static final Standing CALLING_API = new Standing(
            Node.CALLING_API, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), false);

    /** The same in another node; {@code newEscalation} is present exactly in {@link Node#ESCALATION}. */
    Standing in(Node newNode, Optional<Escalation> newEscalation) {
        return new Standing(newNode, sid, status, numSegments, newEscalation, isGivenUp);
    }

    /** The same in {@link Node#ESCALATION}. */
    Standing escalated(Escalation newEscalation) {
        return in(Node.ESCALATION, Optional.of(newEscalation));
    }

    /** The same with Twilio's id; a known id stays. */
    Standing withSid(MessageSid newSid) {
        return sid.isPresent()
                ? this
                : new Standing(node, Optional.of(newSid), status, numSegments, escalation, isGivenUp);
    }

    Standing withStatus(MessageStatus newStatus) {
        return new Standing(node, sid, Optional.of(newStatus), numSegments, escalation, isGivenUp);
    }

    /** The same with a count, if there is one; otherwise a known count stays. */
    Standing withSegments(Optional<Integer> count) {
        return count.isPresent() ? new Standing(node, sid, status, count, escalation, isGivenUp) : this;
    }

    Standing givenUp(boolean newIsGivenUp) {
        return new Standing(node, sid, status, numSegments, escalation, newIsGivenUp);
    }
}
