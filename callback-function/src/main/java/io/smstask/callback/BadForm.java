package io.smstask.callback;

/** A body is not a form, or holds a field twice. The message never quotes the body. */
final class BadForm extends Exception {

    private static final long serialVersionUID = 1L;

    BadForm(String message) {
        super(message);
    }
}
