package io.smstask.poll;

import java.util.List;

/** The queue between dispatcher and worker. Its methods throw {@link QueueUnavailable} if it does not do what it is asked. */
interface PollQueue {

    /** The most messages of one {@link #send}. */
    int MOST = 10;

    /** About how many messages wait in the queue. */
    long waiting();

    /**
     * Sends messages, {@value #MOST} at most.
     *
     * @return those that the queue did not take
     */
    List<PollMessage> send(List<PollMessage> messages);
}
