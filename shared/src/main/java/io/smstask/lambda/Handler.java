package io.smstask.lambda;

/** A function's answer to an event, without Lambda's types: they are not on the boot class path (docs/adr/0048). */
public interface Handler {

    /**
     * Answers an event.
     *
     * @param event JSON
     * @return JSON
     * @throws RuntimeException which Lambda reports to the caller by its class and message
     */
    byte[] answer(byte[] event, Invocation invocation);
}
