/**
 * The storm: thousands of tasks through the real handlers, DynamoDB Local and the Twilio simulator, with everything going
 * wrong at some rate, and a judge who compares each task's end with what Twilio knows.
 *
 * <p>{@link io.smstask.proof.storm.StormMain} is the command, {@link io.smstask.proof.storm.Storm} the story, {@code Verdicts}
 * the promises.
 */
@NullMarked
package io.smstask.proof.storm;

import org.jspecify.annotations.NullMarked;
