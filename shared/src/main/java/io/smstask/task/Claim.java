package io.smstask.task;

import java.time.Instant;

/**
 * One attempt at sending a task: who holds it and until when.
 *
 * @param id a random id of this attempt, by which a claim recognises its own write
 * @param attempt 1 for the first
 * @param callDeadline when the call has surely ended: after it, a task still in {@link Node#CALLING_API} has an unknown
 *     outcome
 * @param callbackBase the public base URL given to Twilio, without a trailing slash
 */
public record Claim(String id, int attempt, Instant callDeadline, String callbackBase, CallbackProof proof) {

    /** This claim as the attempt that follows another one. */
    public Claim after(Claim last) {
        return new Claim(id, last.attempt() + 1, callDeadline, callbackBase, proof);
    }
}
