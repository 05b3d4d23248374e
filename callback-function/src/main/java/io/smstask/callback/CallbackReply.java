package io.smstask.callback;

import java.util.Locale;

/** How a callback was received, and what Twilio is answered. */
enum CallbackReply {
    /** Its status moved the task. */
    APPLIED(204, ""),
    /** It told nothing new: repeated, late, or a word that is not known. */
    NOTED(204, ""),
    NOT_PARSABLE(400, "The body must be a form that gives each field once, with MessageSid and MessageStatus."),
    /** The key is the task's, and the signature is wrong: a token was rotated, or the URL has leaked. */
    FORGED(403, "The signature is wrong."),
    /** The key is the task's, and there is no signature: a proxy has removed the header, or the URL has leaked. */
    UNSIGNED(403, "The signature is missing."),
    /** No such path or task, or a wrong key: the answer does not say which. */
    NO_SUCH_TASK(404, "There is no such callback."),
    OTHER_ACCOUNT(409, "The task belongs to another account."),
    OTHER_SID(409, "The task has another message."),
    TOO_LARGE(413, "A callback may have at most 64 KB."),
    NOT_A_FORM(415, "Content-Type must be application/x-www-form-urlencoded."),
    /** Twilio is asked to repeat the callback. */
    UNAVAILABLE(503, "The task could not be read or written.");

    private final int httpStatus;
    private final String message;

    CallbackReply(int httpStatus, String message) {
        this.httpStatus = httpStatus;
        this.message = message;
    }

    int httpStatus() {
        return httpStatus;
    }

    /** In words; empty where there is nothing to say. */
    String message() {
        return message;
    }

    /** The name in JSON and in the log. */
    String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
