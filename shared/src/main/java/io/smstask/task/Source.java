package io.smstask.task;

/** Where an entry of a task's history comes from. */
public enum Source {
    /** send-function, from Twilio's answer to the call. */
    SEND("send"),
    /** callback-function, from Twilio's status callback. */
    CALLBACK("callback"),
    /** A look at Twilio because the callback was overdue. */
    POLL("poll"),
    /** The end of the task's wait. */
    TIMER("timer"),
    /** A call to cancel. */
    CANCEL("cancel");

    private final String word;

    Source(String word) {
        this.word = word;
    }

    /** The word in JSON and in the table. */
    public String word() {
        return word;
    }

    /**
     * The source with this word.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Source of(String word) {
        for (Source source : values()) {
            if (source.word.equals(word)) {
                return source;
            }
        }
        throw new IllegalArgumentException("no source is named " + word);
    }
}
