package io.smstask.send;

/**
 * The queue whose messages are calls to send, and its dead-letter queue. The methods throw {@link
 * io.smstask.aws.AwsFailure} if a message is not taken.
 */
interface SendQueue {

    /** Gives a call to the queue, to be handed over when its delay is over, or part of it, if that is all that the queue can. */
    void putBack(QueuedCall call);

    /**
     * Gives a call to the dead-letter queue.
     *
     * @param body without tokens
     * @param code why, as callers know it
     * @param problems what is wrong with the call; empty if it was not refused by us
     */
    void deadLetter(String body, String code, String problems);
}
