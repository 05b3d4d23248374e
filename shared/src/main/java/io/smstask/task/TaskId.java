package io.smstask.task;

import java.nio.charset.StandardCharsets;

/**
 * Names one task, and with it at most one SMS. It is the caller's idempotency key, the table's partition key and the last
 * part of the callback URL, hence the narrow alphabet: nothing in it is ever percent-encoded.
 *
 * @param value 1 to 64 characters of {@code A-Z a-z 0-9 _ -}
 */
public record TaskId(String value) {

    /** The form of a task id, for error texts. */
    public static final String FORMAT = "[A-Za-z0-9_-]{1,64}";

    private static final int MAX_LENGTH = 64;

    /**
     * @throws IllegalArgumentException if the value does not fit {@link #FORMAT}
     */
    public TaskId {
        if (!isValid(value)) {
            throw new IllegalArgumentException("task_id must match " + FORMAT);
        }
    }

    /** Whether a text can be a task id. */
    public static boolean isValid(String value) {
        if (value.isEmpty() || value.length() > MAX_LENGTH) {
            return false;
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            boolean allowed =
                    c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '-';
            if (!allowed) {
                return false;
            }
        }
        return true;
    }

    /** A number from 0 to below {@code buckets}, at most 256, evenly spread even over running numbers. */
    public int spreadOver(int buckets) {
        byte[] hash = Sms.sha256().digest(value.getBytes(StandardCharsets.UTF_8));
        return Byte.toUnsignedInt(hash[0]) % buckets;
    }

    @Override
    public String toString() {
        return value;
    }
}
