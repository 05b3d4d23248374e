package io.smstask.simulator;

import java.time.Instant;
import java.util.Optional;

/**
 * One POST of a callback. {@code toString} omits the URL, which may contain a secret.
 *
 * @param at when the attempt ended
 * @param sid the message
 * @param status the reported status
 * @param url as posted, without its fragment
 * @param attempt counted from 1
 * @param idempotencyToken the same for all attempts of one callback
 * @param responseCode the receiver's HTTP status; empty if it did not answer
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
