package io.smstask.task;

/** The shape that Twilio's string identifiers share: two letters for the kind, then 32 hexadecimal digits. */
public final class TwilioSid {

    private static final int LENGTH = 34;

    private TwilioSid() {}

    /**
     * Whether a text is a sid of this kind.
     *
     * @param kind the two letters, for instance {@code AC} for an account
     */
    public static boolean isValid(String kind, String value) {
        if (value.length() != LENGTH || !value.startsWith(kind)) {
            return false;
        }
        for (int i = kind.length(); i < LENGTH; i++) {
            if (Character.digit(value.charAt(i), 16) < 0 || value.charAt(i) > 'f') {
                return false;
            }
        }
        return true;
    }
}
