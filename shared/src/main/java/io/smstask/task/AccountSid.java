package io.smstask.task;

/**
 * Twilio's id of an account.
 *
 * @param value {@code AC} and 32 hexadecimal digits
 */
public record AccountSid(String value) {

    /**
     * @throws IllegalArgumentException if the value has another shape
     */
    public AccountSid {
        if (!isValid(value)) {
            throw new IllegalArgumentException("AccountSid must be AC and 32 hexadecimal digits");
        }
    }

    /** Whether a text can be an account's sid. */
    public static boolean isValid(String value) {
        return TwilioSid.isValid("AC", value);
    }

    @Override
    public String toString() {
        return value;
    }
}
