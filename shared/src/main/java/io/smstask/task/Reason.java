package io.smstask.task;

/** Why a task is red, in one word: for people, and for alarms that need not know Twilio's codes. */
public enum Reason {
    /** It passes by itself: a new message may arrive later. */
    TEMPORARY("temporary"),
    /** This message to this recipient cannot arrive, however often it is sent. */
    PERMANENT("permanent"),
    /** Twilio or a carrier blocks such messages. */
    BLOCKED("blocked"),
    /** The recipient does not want messages from this sender. */
    OPTED_OUT("opted_out"),
    /** The Twilio account: its credentials, its state, its senders, its permissions. */
    ACCOUNT("account"),
    /** A rate, a queue or a quota is exhausted. */
    CAPACITY("capacity"),
    /** This stack: its store, or its configuration. */
    OURS("ours"),
    /** No reason was given, or the code is not in our table. */
    UNKNOWN("unknown");

    private final String word;

    Reason(String word) {
        this.word = word;
    }

    /** The word in JSON. */
    public String word() {
        return word;
    }
}
