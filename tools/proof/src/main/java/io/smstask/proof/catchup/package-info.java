/**
 * The poll's catching up on the local stack: many tasks whose callbacks are all lost, leased, put on a real queue and looked at.
 *
 * <p>{@link io.smstask.proof.catchup.CatchUpMain} is the command.
 */
@NullMarked
package io.smstask.proof.catchup;

import org.jspecify.annotations.NullMarked;
