package io.smstask.task;

import java.time.Instant;

/**
 * One attempt at sending a task: who holds it and until when.
 *
 * @param id a random id of this very attempt, by which a claim recognises itself
 * @param attempt 1 for the first
 * @param callDeadline after it nobody is calling Twilio any more: a task still in {@link Node#CALLING_API} then has an
 *     unknown outcome
 * @param callbackBase the public base URL that was given to Twilio, without a slash at the end
 */
public record Claim(String id, int attempt, Instant callDeadline, String callbackBase, CallbackProof proof) {

    /** This claim as the attempt that follows another one. */
    public Claim after(Claim last) {
        return new Claim(id, last.attempt() + 1, callDeadline, callbackBase, proof);
    }
}
