/**
 * A simulator of Twilio's Messages API.
 *
 * <p>{@link io.smstask.simulator.TwilioSimulator} listens on 127.0.0.1, checks and answers messages over real HTTP as
 * Twilio does, then posts signed status callbacks. It uses none of the project's other classes: form parsing, segments
 * and the signature are implemented a second time on purpose, so that each side tests the other. Twilio's official Java
 * library tests the simulator.
 *
 * <p>It also misbehaves, message by message or by rate and seed, see {@link io.smstask.simulator.Fault}. {@link
 * io.smstask.simulator.SimulatorMain} runs it as a program, which others control over HTTP.
 *
 * <p>Differences from Twilio:
 *
 * <ul>
 *   <li>Every well-formed sender and messaging service counts as the account's own. The <a
 *       href="https://www.twilio.com/docs/iam/test-credentials">magic numbers</a> of Twilio's test credentials give
 *       their errors. {@link io.smstask.simulator.DeliveryOutcome} lists the numbers that fail after acceptance.
 *   <li>A callback is posted for {@code sending} too, of which Twilio's guide says nothing; see {@link
 *       io.smstask.simulator.SimulatorOptions#withStatuses}.
 *   <li>Callbacks of one message are posted one after the other. Twilio promises no order.
 *   <li>A callback URL may name a local host. A repeated parameter is refused; Twilio documents nothing about it.
 *   <li>Parameters that steer routing, links or encoding ({@code SmartEncoded}, {@code ShortenUrls}, {@code RiskCheck}
 *       …) are accepted and ignored; a content template has no text.
 *   <li>No prices, no queue times, no trial accounts. Credentials in a callback URL are sent to a receiver that asks for
 *       Basic authentication, not for Digest. Media are never fetched.
 * </ul>
 */
@NullMarked
package io.smstask.simulator;

import org.jspecify.annotations.NullMarked;
