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

    /** The same, with no more than how it ended. */
    Standing erased() {
        return new Standing(
                node,
                Optional.empty(),
                status,
                Optional.empty(),
                escalation.isPresent()
                        ? Optional.of(Escalation.erased(escalation.get().code(), status.isPresent()))
                        : escalation,
                false);
    }

    /** The same in a node other than {@link Node#ESCALATION}. */
    Standing in(Node newNode) {
        return new Standing(newNode, sid, status, numSegments, Optional.empty(), isGivenUp);
    }

    /** The same in {@link Node#ESCALATION}. */
    Standing escalated(Escalation newEscalation) {
        return new Standing(Node.ESCALATION, sid, status, numSegments, Optional.of(newEscalation), isGivenUp);
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

    Standing withSegments(int count) {
        return new Standing(node, sid, status, Optional.of(count), escalation, isGivenUp);
    }

    Standing givenUp(boolean newIsGivenUp) {
        return new Standing(node, sid, status, numSegments, escalation, newIsGivenUp);
    }
}
