package io.smstask.task;

import java.util.List;

/**
 * Who is to be told how a task ends. A task that is done stays in the poll's index until nobody is left, so a crash between
 * its end and the telling loses nothing.
 *
 * @param tokens of the executions that wait for the task, in the order in which they came; Step Functions puts them into the
 *     item itself, and may put one there twice
 */
public record Subscribers(List<TaskToken> tokens, Event event) {

    /**
     * How many tokens a task takes. A token may have 2,048 characters and an item 400 KB, so this leaves room for all else;
     * an execution that finds no place reads the task now and then instead.
     */
    public static final int MOST_TOKENS = 50;

    /** Nobody waits, and no event is wanted. */
    public static final Subscribers NOBODY = new Subscribers(List.of(), Event.OFF);

    /** Copies the tokens, so that the subscribers cannot change. */
    public Subscribers {
        tokens = List.copyOf(tokens);
    }

    /** The event that tells everyone else. */
    public enum Event {
        /** The stack had no event bus when the task was claimed. */
        OFF,
        /** To be put on the bus when the task ends. */
        WANTED,
        /** It has been put there. */
        PUT
    }

    /** Whether nobody is left to be told. */
    public boolean isEmpty() {
        return tokens.isEmpty() && event != Event.WANTED;
    }

    /** Who is to be told when the task ends once more: a real status after an end of our own making, or {@code read}. */
    Subscribers ofFurtherEnd() {
        return event == Event.PUT ? new Subscribers(tokens, Event.WANTED) : this;
    }
}
