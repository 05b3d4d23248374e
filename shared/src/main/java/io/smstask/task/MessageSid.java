package io.smstask.task;

/**
 * Twilio's id of one message.
 *
 * @param value {@code SM} (text) or {@code MM} (media) and 32 hexadecimal digits
 */
public record MessageSid(String value) {

    /**
     * @throws IllegalArgumentException if the value has another shape
     */
    public MessageSid {
        if (!isValid(value)) {
            throw new IllegalArgumentException("sid must be SM or MM and 32 hexadecimal digits");
        }
    }

    /** Whether a text can be a message's sid. */
    public static boolean isValid(String value) {
        return TwilioSid.isValid("SM", value) || TwilioSid.isValid("MM", value);
    }

    @Override
    public String toString() {
        return value;
    }
}
