package io.smstask.bench;

import java.util.Locale;

/** What a process is asked to do. */
enum Job {
    /** Takes a task, claims it, sends its SMS and records the answer. */
    SEND(201),
    /** Takes a status callback, checks its signature and applies the status. */
    CALLBACK(204),
    /** Does nothing: the runtime alone. */
    TRIVIAL(200);

    /** The HTTP status of a good answer; of a callback any of 200 to 204. */
    private final int status;

    Job(int status) {
        this.status = status;
    }

    /** Whether a good answer has this status. */
    boolean isAnsweredBy(int given) {
        return this == CALLBACK ? given >= 200 && given <= status : given == status;
    }

    /** As it stands in options, folders and tables. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
