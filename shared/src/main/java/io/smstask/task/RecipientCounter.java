package io.smstask.task;

import java.time.Instant;

/** Counts the messages to one recipient in a window of time. */
public interface RecipientCounter {

    /**
     * Takes a place for an attempt, if one is free. An attempt that is counted again, for instance since the first answer was
     * lost, keeps its place.
     *
     * @param recipient stands for one recipient in one window, without showing the number
     * @param attempt names it, and leads to no task
     * @param places in the window
     * @param end of the window: afterwards the count may be forgotten
     * @return whether the attempt has a place
     * @throws StoreUnavailable if that is unknown
     */
    boolean takePlace(String recipient, String attempt, int places, Instant end);
}
