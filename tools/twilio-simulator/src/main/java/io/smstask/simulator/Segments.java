package io.smstask.simulator;

/**
 * Counts the SMS that a text needs: 160 GSM-7 or 70 UCS-2 units in a single one, 153 or 67 in each part of several.
 *
 * @see <a href="https://www.twilio.com/docs/glossary/what-sms-character-limit">Twilio on segments</a>
 */
public final class Segments {
    private static final String GSM_7 = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
            + "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
    private static final String GSM_7_EXTENSION = "\f^{}\\[~]|€";

    private Segments() {}

    /** {@return whether GSM-7 has every character of a text; if not, the whole text is sent as UCS-2} */
    public static boolean isGsm7(String text) {
        return text.chars().allMatch(c -> GSM_7.indexOf(c) >= 0 || GSM_7_EXTENSION.indexOf(c) >= 0);
    }

    /** {@return the number of segments; an empty text takes one} */
    public static int count(String text) {
        return isGsm7(text) ? count(text, true, 160, 153) : count(text, false, 70, 67);
    }

    private static int count(String text, boolean gsm7, int single, int part) {
        int total = 0;
        int parts = 1;
        int used = 0;
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            int codePoint = text.codePointAt(i);
            int width = gsm7 ? (GSM_7_EXTENSION.indexOf(codePoint) >= 0 ? 2 : 1) : Character.charCount(codePoint);
            total += width;
            // An escaped character or a surrogate pair is never split.
            if (used + width > part) {
                parts++;
                used = 0;
            }
            used += width;
        }
        return total <= single ? 1 : parts;
    }
}
