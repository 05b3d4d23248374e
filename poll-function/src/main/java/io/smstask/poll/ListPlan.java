package io.smstask.poll;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Whether and where the list of one account's messages is begun. It shows first what was sent last, while tasks become due in
 * the order of their calls: begun somewhat later than needed, a list shows the messages of tasks to come, too.
 */
final class ListPlan {

    /** After so many lists in a row that did not pay, none is read for a while. */
    static final int MOST_USELESS = 3;

    /** Twilio says to the second when it sent a message. */
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final Duration rest;
    private Duration ahead = SECOND;
    private @Nullable Instant newest;
    private int useless;
    private Instant lastUseless = Instant.EPOCH;

    /**
     * @param rest for how long no list is read after some that did not pay
     */
    ListPlan(Duration rest) {
        this.rest = rest;
    }

    synchronized void beginPage() {
        newest = null;
    }

    /** A message of the page was sent then. The next list is begun later than needed by half of the time that a page shows. */
    synchronized void shows(Instant sentAt) {
        if (newest == null) {
            newest = sentAt;
        }
        Duration half = Duration.between(sentAt, newest).dividedBy(2);
        ahead = half.compareTo(SECOND) > 0 ? half : SECOND;
    }

    /** By when the first messages of a list were to be sent that shows those sent by this time. */
    synchronized Instant beginning(Instant sentBy) {
        return sentBy.plus(ahead);
    }

    /** Whether a list is likely to pay. */
    synchronized boolean mayPay(Instant now) {
        return useless < MOST_USELESS || !now.isBefore(lastUseless.plus(rest));
    }

    /** A list was read. */
    synchronized void read(boolean hasPaid, Instant now) {
        useless = hasPaid ? 0 : useless + 1;
        lastUseless = now;
    }
}
