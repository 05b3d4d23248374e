package io.smstask.poll;

import io.smstask.task.AccountSid;
import io.smstask.task.MessageSid;
import io.smstask.twilio.TwilioMessage;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Messages at their ends that Twilio's list has shown to this process, kept for tasks that become due later: an end does not
 * change any more.
 */
final class KnownEnds {

    /** Some 10 MB. */
    static final int MOST = 20_000;

    /** Oldest first. */
    private final Map<MessageSid, Known> known = new LinkedHashMap<>();

    private record Known(AccountSid account, TwilioMessage message) {}

    /** Takes those of an account's wanted messages that are known. */
    synchronized Map<MessageSid, TwilioMessage> take(AccountSid account, Set<MessageSid> wanted) {
        Map<MessageSid, TwilioMessage> taken = new HashMap<>();
        for (MessageSid sid : wanted) {
            Known end = known.get(sid);
            if (end != null && end.account().equals(account)) {
                taken.put(sid, end.message());
            }
        }
        known.keySet().removeAll(taken.keySet());
        return taken;
    }

    /** Keeps a message if it is at its end. */
    synchronized void keep(AccountSid account, TwilioMessage message) {
        if (message.status().isFinal()) {
            known.put(message.sid(), new Known(account, message));
        }
        if (known.size() > MOST) {
            Iterator<MessageSid> oldest = known.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
    }
}
