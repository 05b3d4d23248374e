package io.smstask.task;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;

/**
 * What happened to a task, oldest first. It holds at most {@value #LIMIT} entries; the last {@value #KEPT_FOR_FINALS}
 * places are kept for final statuses. A full history never blocks a status: only the entry is left out.
 */
public final class History extends AbstractList<HistoryEntry> {

    /** The most entries that are kept. */
    public static final int LIMIT = 50;

    /** The places at the end that are kept for final statuses. */
    public static final int KEPT_FOR_FINALS = 5;

    /** Nothing has happened yet. */
    public static final History EMPTY = new History(List.of());

    private final List<HistoryEntry> entries;

    private History(List<HistoryEntry> entries) {
        this.entries = entries;
    }

    /** These entries, oldest first. */
    public static History of(List<HistoryEntry> entries) {
        return new History(List.copyOf(entries));
    }

    /** This history with one more entry, if there is room for it. */
    History with(HistoryEntry entry, boolean isFinal) {
        if (entries.size() >= (isFinal ? LIMIT : LIMIT - KEPT_FOR_FINALS)) {
            return this;
        }
        List<HistoryEntry> longer = new ArrayList<>(entries);
        longer.add(entry);
        return of(longer);
    }

    /** Whether an entry has this status. */
    boolean holds(String status) {
        for (HistoryEntry entry : entries) {
            if (entry.has(status)) {
                return true;
            }
        }
        return false;
    }

    /** Whether an entry has this status with this note. */
    boolean holds(String status, String note) {
        for (HistoryEntry entry : entries) {
            if (entry.has(status)
                    && entry.note().isPresent()
                    && entry.note().get().equals(note)) {
                return true;
            }
        }
        return false;
    }

    /** What was noted last of this status; {@link Note#DUPLICATE} if nothing was. */
    public String noteOf(String status) {
        for (int i = entries.size() - 1; i >= 0; i--) {
            if (entries.get(i).has(status) && entries.get(i).note().isPresent()) {
                return entries.get(i).note().get();
            }
        }
        return Note.DUPLICATE;
    }

    @Override
    public HistoryEntry get(int index) {
        return entries.get(index);
    }

    @Override
    public int size() {
        return entries.size();
    }
}
