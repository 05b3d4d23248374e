package io.smstask.task;

import java.util.List;

/** How long a task's history may grow. A full history never stops a status: then only the entry is left out. */
public final class History {

    /** The most entries that are kept. */
    public static final int LIMIT = 50;

    /** The places at the end that only final statuses may take. */
    public static final int KEPT_FOR_FINALS = 5;

    private History() {}

    /** How many entries there may be already for one more to be appended. */
    public static int limitFor(boolean isFinal) {
        return isFinal ? LIMIT : LIMIT - KEPT_FOR_FINALS;
    }

    /** Whether the history holds this status in any entry. */
    static boolean holds(List<HistoryEntry> history, String status) {
        for (HistoryEntry entry : history) {
            if (entry.status().isPresent() && entry.status().get().equals(status)) {
                return true;
            }
        }
        return false;
    }

    /** Whether the history holds this status with this note. */
    static boolean holds(List<HistoryEntry> history, String status, String note) {
        for (HistoryEntry entry : history) {
            if (entry.status().isPresent()
                    && entry.status().get().equals(status)
                    && entry.note().isPresent()
                    && entry.note().get().equals(note)) {
                return true;
            }
        }
        return false;
    }
}
