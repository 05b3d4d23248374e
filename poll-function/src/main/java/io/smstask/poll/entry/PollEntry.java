package io.smstask.poll.entry;

import io.smstask.entry.Entry;
import io.smstask.poll.PollHandler;

/** What Lambda starts as poll-function. Settings come from the environment. */
public final class PollEntry extends Entry {

    /** For Lambda. */
    public PollEntry() {
        super(new PollHandler(System.getenv()));
    }
}
