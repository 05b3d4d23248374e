package io.smstask.simulator;

import java.time.Instant;
import java.util.Optional;

/**
 * One POST of a callback. Its text leaves out the URL, which may hold a secret.
 *
 * @param at when the attempt ended
 * @param sid the message
 * @param status the status that was told
 * @param url as posted, without its fragment
 * @param attempt 1, and one more for each retry
 * @param idempotencyToken the same for all attempts at one callback
 * @param responseCode the receiver's HTTP status, where it answered
 * @param failure {@code 4xx 5xx ct rt}, as in the retry policy, or empty
 */
public record CallbackAttempt(
        Instant at,
        String sid,
        String status,
        String url,
        int attempt,
        String idempotencyToken,
        Optional<Integer> responseCode,
        String failure) {
    @Override
    public String toString() {
        return sid + " " + status + " attempt " + attempt + ": "
                + responseCode.map(String::valueOf).orElse(failure);
    }
}
