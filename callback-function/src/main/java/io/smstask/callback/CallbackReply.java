package io.smstask.callback;

import io.smstask.lambda.Level;
import java.util.Locale;

/** The answers to a callback: their HTTP status, their code and their message. */
enum CallbackReply {
    /** The status moved the task. */
    APPLIED(204, ""),
    /** The status moved nothing: it is repeated, late or unknown. */
    NOTED(204, ""),
    /** The task was erased: Twilio need not repeat the callback. */
    ERASED(204, ""),
    NOT_PARSABLE(400, "The body must be a form with MessageSid and MessageStatus that holds no field twice."),
    /** The key is the task's, but the signature is wrong: a token was rotated, or the URL has leaked. */
    FORGED(403, "The signature is wrong."),
    /** The key is the task's, but there is no signature: a proxy removed the header, or the URL has leaked. */
    UNSIGNED(403, "The signature is missing."),
    /** The path, the key or the task does not exist. The answer does not say which. */
    NO_SUCH_TASK(404, "There is no such callback."),
    OTHER_ACCOUNT(409, "The task belongs to another account."),
    OTHER_SID(409, "The task has another message."),
    TOO_LARGE(413, "The body must not exceed 64 KB."),
    NOT_A_FORM(415, "Content-Type must be application/x-www-form-urlencoded."),
    /** Twilio should repeat the callback. */
    UNAVAILABLE(503, "The callback could not be checked or recorded now.");

    private final int httpStatus;
    private final String message;

    CallbackReply(int httpStatus, String message) {
        this.httpStatus = httpStatus;
        this.message = message;
    }

    /** How much it matters: a stranger's request does not. */
    Level level() {
        return httpStatus == 403 || httpStatus == 409 || httpStatus == 503 ? Level.WARN : Level.INFO;
    }

    int httpStatus() {
        return httpStatus;
    }

    /** For people; empty if the answer has no body. */
    String message() {
        return message;
    }

    /** The name in JSON and in the log. */
    String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
