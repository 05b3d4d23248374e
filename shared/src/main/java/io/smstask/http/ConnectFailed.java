package io.smstask.http;

/** No connection was made, so the request was never written: repeating it is safe. */
public final class ConnectFailed extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** With the step that failed; free of names and addresses. */
    public ConnectFailed(String message) {
        super(message);
    }
}
