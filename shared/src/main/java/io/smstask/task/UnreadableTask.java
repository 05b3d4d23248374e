package io.smstask.task;

/**
 * An item is not a task that this version can read: it was written by hand, or by another version. The message names
 * the task and nothing of the item.
 */
public final class UnreadableTask extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** The {@code code} by which callers know this error. */
    public static final String CODE = "unreadable_task";

    private final String id;

    /** The task whose item it is. */
    public UnreadableTask(TaskId id) {
        super("the item of task " + id + " is not a task that can be read");
        this.id = id.value();
    }

    /** The task whose item it is. */
    public TaskId id() {
        return new TaskId(id);
    }
}
