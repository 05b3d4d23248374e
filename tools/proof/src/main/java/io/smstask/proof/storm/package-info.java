/**
 * The storm: thousands of tasks through the real handlers, DynamoDB Local and the Twilio simulator, with faults of
 * every kind, and a comparison of each task's end with what Twilio knows.
 *
 * <p>{@link io.smstask.proof.storm.StormMain} is the command, {@link io.smstask.proof.storm.Storm} runs it, {@code
 * StormFaults} injects the faults, {@code Verdicts} checks the promises.
 */
@NullMarked
package io.smstask.proof.storm;

import org.jspecify.annotations.NullMarked;
