package io.smstask.task;

/** The notes that a history entry may carry; the words are part of the contract. */
public final class Note {

    /** The status was reported before. */
    public static final String DUPLICATE = "duplicate";
    /** A higher status was stored already. */
    public static final String LATE = "late";
    /** Another final status, or another sid, than the stored one. */
    public static final String CONFLICT = "conflict";
    /** The status resolved an unknown outcome, or replaced an end of our own. */
    public static final String HEALED = "healed";
    /** The message was found in Twilio's list, and its status resolved an unknown outcome. */
    public static final String MATCHED = "matched";
    /** A status word that this version does not rank. */
    public static final String UNKNOWN_STATUS = "unknown_status";
    /** No delivery was confirmed in time: a success with a doubt. */
    public static final String UNCONFIRMED = "unconfirmed";
    /** The task's wait is over: it is no longer polled. */
    public static final String GIVEN_UP = "given_up";

    /** Twilio no longer has the message. */
    public static final String GONE = "gone";

    private Note() {}
}
