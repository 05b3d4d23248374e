package io.smstask.task;

/** What a task that is not done needs next. Each kind is listed apart, so that none keeps another waiting. */
public enum PollKind {
    /** The task has ended, and a subscriber has not been notified. */
    TELL("tell"),
    /** Nobody can ask Twilio for the message: the task needs the store only. */
    END("end"),
    /** Twilio is to be asked. */
    LOOK("look");

    private final String word;

    PollKind(String word) {
        this.word = word;
    }

    /** The word in the index and in the log. */
    public String word() {
        return word;
    }
}
