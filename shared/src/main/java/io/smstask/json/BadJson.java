package io.smstask.json;

/** A text is not the JSON that was expected. The message tells where, never what stood there. */
public final class BadJson extends Exception {

    private static final long serialVersionUID = 1L;

    /** With what was expected. */
    public BadJson(String message) {
        super(message);
    }
}
