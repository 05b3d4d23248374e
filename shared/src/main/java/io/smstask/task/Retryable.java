package io.smstask.task;

/** Whether a task that escalated may be run again. */
public enum Retryable {
    /** Surely nothing was sent: the same call runs the task again. */
    YES("yes"),
    /** Twilio refused for good, or took the message and could not deliver it. */
    NO("no"),
    /** A message may have gone out: only a status from Twilio can resolve it. */
    UNKNOWN("unknown");

    private final String word;

    Retryable(String word) {
        this.word = word;
    }

    /** The word in JSON and in the table. */
    public String word() {
        return word;
    }

    /**
     * The value with this word.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Retryable of(String word) {
        for (Retryable value : values()) {
            if (value.word.equals(word)) {
                return value;
            }
        }
        throw new IllegalArgumentException("retryable is yes, no or unknown, not " + word);
    }
}
