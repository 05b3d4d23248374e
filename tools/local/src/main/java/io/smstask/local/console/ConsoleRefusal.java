package io.smstask.local.console;

import java.io.Serial;

/** A request that is refused. Expected, so checked and without a stack trace. */
final class ConsoleRefusal extends Exception {

    @Serial
    private static final long serialVersionUID = 1;

    private final int status;
    private final String code;

    /**
     * @param status of HTTP
     * @param code for programs
     * @param message for people
     */
    ConsoleRefusal(int status, String code, String message) {
        super(message, null, false, false);
        this.status = status;
        this.code = code;
    }

    int status() {
        return status;
    }

    String code() {
        return code;
    }

    String message() {
        return String.valueOf(getMessage());
    }
}
