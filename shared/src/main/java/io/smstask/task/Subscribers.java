package io.smstask.task;

import java.util.List;

/**
 * Who is to be notified of a task's end. A task that is done stays in the poll's index until nobody is left to notify,
 * so a crash in between loses nothing.
 *
 * @param tokens of the executions that wait for the task, in order of arrival; the state machine writes them into the
 *     item itself, and may write one twice
 */
public record Subscribers(List<TaskToken> tokens, Event event) {

    /**
     * The most tokens of a task. A token may have 2,048 characters and an item 400 KB, so this leaves room for the
     * rest. An execution that finds no place reads the task at intervals instead.
     */
    public static final int MOST_TOKENS = 50;

    /** Nobody waits, and no event is wanted. */
    public static final Subscribers NOBODY = new Subscribers(List.of(), Event.OFF);

    /** Copies the tokens, so that the subscribers cannot change. */
    public Subscribers {
        tokens = List.copyOf(tokens);
    }

    /** Whether an event announces the task's end. */
    public enum Event {
        /** The stack had no event bus when the task was claimed. */
        OFF,
        /** The event is to be put on the bus when the task ends. */
        WANTED,
        /** The event was put on the bus. */
        PUT
    }

    /** Whether nobody is left to notify. */
    public boolean isEmpty() {
        return tokens.isEmpty() && event != Event.WANTED;
    }

    /** Who is to be notified when the task ends again: by a real status after an end of our own, or by {@code read}. */
    Subscribers ofFurtherEnd() {
        return event == Event.PUT ? new Subscribers(tokens, Event.WANTED) : this;
    }
}
