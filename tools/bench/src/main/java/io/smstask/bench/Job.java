package io.smstask.bench;

import java.util.Locale;

/** What a process is asked to do. */
enum Job {
    /** Takes a task, claims it, sends its SMS and records the answer. */
    SEND,
    /** Takes a status callback, checks its signature and applies the status. */
    CALLBACK,
    /** Does nothing: the runtime alone. */
    TRIVIAL;

    /** Whether a good answer has this HTTP status: 201 where a message went out, elsewhere any of success. */
    boolean isAnsweredBy(int status) {
        return this == SEND ? status == 201 : status >= 200 && status <= 204;
    }

    /** As it stands in options, folders and tables. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
