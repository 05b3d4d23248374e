package io.smstask.poll;

import io.smstask.task.MessageSid;
import io.smstask.twilio.TwilioMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a process knows from Twilio's list of one account's messages. The list begins with what was sent last, while tasks become
 * due in the order of their calls. So a list is begun somewhat later than its tasks need, and the ends that it shows are kept
 * for the tasks to come: an end does not change any more.
 */
final class ShownMessages {

    /** After so many lists in a row that did not pay, none is read for a while. */
    static final int MOST_USELESS = 3;

    private static final int MOST_KEPT = 5_000;

    /** Twilio says to the second when it sent a message. */
    private static final Duration SECOND = Duration.ofSeconds(1);

    /** Oldest first. */
    private final Map<MessageSid, TwilioMessage> ends = new LinkedHashMap<>();

    private final Duration rest;
    private Duration ahead = SECOND;
    private @Nullable Instant newest;
    private int useless;
    private Instant lastUseless = Instant.EPOCH;

    /**
     * @param rest for how long no list is read after some that did not pay
     */
    ShownMessages(Duration rest) {
        this.rest = rest;
    }

    /** Takes those of the wanted messages whose ends are known. */
    synchronized Map<MessageSid, TwilioMessage> take(Set<MessageSid> wanted) {
        Map<MessageSid, TwilioMessage> known = new HashMap<>();
        for (MessageSid sid : wanted) {
            Optional.ofNullable(ends.remove(sid)).ifPresent(end -> known.put(sid, end));
        }
        return known;
    }

    /** Keeps a message of a page if it is at its end. */
    synchronized void keep(TwilioMessage message) {
        if (message.status().isFinal()) {
            ends.put(message.sid(), message);
            if (ends.size() > MOST_KEPT) {
                Iterator<MessageSid> oldest = ends.keySet().iterator();
                oldest.next();
                oldest.remove();
            }
        }
    }

    /** Begins a page, what was sent last first. */
    synchronized void beginPage() {
        newest = null;
    }

    /** A message of the page was sent then: the next list is begun later than needed by half of the time that a page shows. */
    synchronized void sent(Instant at) {
        if (newest == null) {
            newest = at;
        }
        Duration half = Duration.between(at, newest).dividedBy(2);
        ahead = half.compareTo(SECOND) > 0 ? half : SECOND;
    }

    /** Where to begin the list to find messages that were sent by this time. */
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
