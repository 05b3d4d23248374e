package io.smstask.task;

import org.jspecify.annotations.Nullable;

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

    /** Written by hand: a record's generated method is linked at its first call, which costs a cold start 20 ms. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof MessageSid sid && sid.value.equals(value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return value;
    }
}
