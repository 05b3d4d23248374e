package io.smstask.task;

/**
 * Where a message goes to or comes from, as the caller wrote it: E.164, a national format, a short code, an
 * alphanumeric sender or a channel address such as {@code whatsapp:+15558675310}. Only Twilio judges its form. It
 * prints only its last two characters.
 *
 * @param value the address in clear
 */
public record PhoneNumber(String value) {

    private static final int SHOWN = 2;

    @Override
    public String toString() {
        return value.length() <= 2 * SHOWN ? "***" : "***" + value.substring(value.length() - SHOWN);
    }
}
