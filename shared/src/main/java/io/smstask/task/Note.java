package io.smstask.task;

/** The remarks that a history entry may carry; words of the contract. */
public final class Note {

    /** The status was reported before. */
    public static final String DUPLICATE = "duplicate";
    /** A higher status was stored already. */
    public static final String LATE = "late";
    /** Another final status, or another sid, than the stored one. */
    public static final String CONFLICT = "conflict";
    /** The status told what became of an unknown outcome. */
    public static final String HEALED = "healed";
    /** The message was found in Twilio's list of messages, and its status told what became of an unknown outcome. */
    public static final String MATCHED = "matched";
    /** A status word that this version does not rank. */
    public static final String UNKNOWN_STATUS = "unknown_status";
    /** Nobody confirmed the delivery in time: a success with a doubt. */
    public static final String UNCONFIRMED = "unconfirmed";
    /** The task's time is over: nobody asks for it any more. */
    public static final String GIVEN_UP = "given_up";

    private Note() {}
}
