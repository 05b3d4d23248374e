/**
 * A burst through the queue of calls on the local stack: copies of messages, calls that can never be sent, and faults of Twilio
 * and the table; then a redrive of all dead letters.
 *
 * <p>{@link io.smstask.proof.burst.QueueBurstMain} is the command.
 */
@NullMarked
package io.smstask.proof.burst;

import org.jspecify.annotations.NullMarked;
