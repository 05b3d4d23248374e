package io.smstask.task;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A store that removes a task's texts in the write that ends it, where nobody is left to notify, and otherwise in the write
 * that removes the last subscriber.
 *
 * @see Task#withoutTextsIfDone()
 */
public final class TextRemovingStore implements TaskStore {

    private final TaskStore store;

    private TextRemovingStore(TaskStore store) {
        this.store = store;
    }

    /**
     * This store as it is to be used.
     *
     * @param keepsTexts whether tasks keep their texts until they expire
     */
    public static TaskStore over(TaskStore store, boolean keepsTexts) {
        return keepsTexts ? store : new TextRemovingStore(store);
    }

    @Override
    public TaskStore within(Duration limit) {
        return new TextRemovingStore(store.within(limit));
    }

    @Override
    public ClaimResult claim(Task task) {
        return store.claim(task);
    }

    @Override
    public ClaimResult claimAgain(Task seen, Task again) {
        return store.claimAgain(seen, again);
    }

    @Override
    public WriteResult replace(Task seen, Task next) {
        return store.replace(seen, next.withoutTextsIfDone());
    }

    @Override
    public Optional<Task> find(TaskId id) {
        return store.find(id);
    }

    @Override
    public Rescheduled reschedule(TaskId id, BigDecimal seen, Instant to) {
        return store.reschedule(id, seen, to);
    }
}
