package io.smstask.json;

/** A text is not the JSON that was expected. The message says where, never what was there. */
public final class BadJson extends Exception {

    private static final long serialVersionUID = 1L;

    /** With what was expected. */
    public BadJson(String message) {
        super(message);
    }
}
