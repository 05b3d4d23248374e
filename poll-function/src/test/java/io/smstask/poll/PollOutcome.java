package io.smstask.poll;

import java.time.Duration;

/**
 * What came of one simulated trouble. Times are the longest of any task that is not poisoned; those beside belong to the
 * account without trouble of its own.
 *
 * @param tasks how many were made
 * @param firstLook from the send to the first look that showed the message
 * @param firstLookBeside the same, beside
 * @param endDelay from when the poll could know of an end at first, or the end of the wait, to the end
 * @param endDelayBeside the same, beside
 * @param caughtUp from the end of the trouble, or the send if that is later, to when Twilio's own end was found
 * @param told from the end of a task, or of the trouble if that is later, to when nobody was left to be told
 * @param leased how many messages went to the queue
 * @param looks how many single looks were made
 * @param pages how many pages of Twilio's list were read
 * @param deadLetters how many messages are in the dead-letter queue
 * @param deadLettersLogged how many the log names
 * @param setAside how many tasks took no lease in one run
 * @param undone how many tasks are not done
 */
record PollOutcome(
        int tasks,
        Duration firstLook,
        Duration firstLookBeside,
        Duration endDelay,
        Duration endDelayBeside,
        Duration caughtUp,
        Duration told,
        long leased,
        long looks,
        long pages,
        int deadLetters,
        long deadLettersLogged,
        long setAside,
        int undone) {}
