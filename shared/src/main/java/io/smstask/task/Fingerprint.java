package io.smstask.task;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * Tells whether a call has the parameters of the task, also when the task no longer holds them. The salt is the task's
 * own: two tasks with one text show nothing in common, and no table of hashes fits more than one task.
 *
 * @param salt random; the id of the task's first claim
 * @param hash {@link Sms#hash} with that salt
 */
public record Fingerprint(String salt, String hash) {

    static Fingerprint of(Sms sms, String salt) {
        return new Fingerprint(salt, sms.hash(salt));
    }

    /** Whether the task was made for this message. */
    public boolean isOf(Sms sms) {
        return MessageDigest.isEqual(
                hash.getBytes(StandardCharsets.UTF_8), sms.hash(salt).getBytes(StandardCharsets.UTF_8));
    }
}
