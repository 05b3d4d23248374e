/**
 * Twilio's Messages API on this machine: the outside world, for the demo and the tests.
 *
 * <p>{@link io.smstask.simulator.TwilioSimulator} listens on 127.0.0.1 and takes, checks and answers messages as
 * Twilio does, over real HTTP, then posts signed status callbacks. Nothing here uses the project's own classes: form
 * parsing, segments and the signature are written a second time on purpose, so that the two sides can prove each other.
 * The simulator itself is proved by Twilio's official Java library.
 *
 * <p>It also misbehaves, message by message or by rate and seed: {@link io.smstask.simulator.Fault} names how. {@link
 * io.smstask.simulator.SimulatorMain} runs it on its own, and other programs steer it over HTTP.
 *
 * <p>What differs from Twilio:
 *
 * <ul>
 *   <li>Every well-formed sender is taken as one that the account owns, every well-formed messaging service as one that
 *       exists. The <a href="https://www.twilio.com/docs/iam/test-credentials">magic numbers</a> of Twilio's test
 *       credentials give their errors beside that. Numbers that fail after acceptance stand in
 *       {@link io.smstask.simulator.DeliveryOutcome}.
 *   <li>Twilio posts no callback for a message's first status, so a message without a messaging service has none for
 *       {@code queued}. Here {@code queued} is posted for all, since a receiver must live with it; see
 *       {@link io.smstask.simulator.SimulatorOptions#withStatuses}.
 *   <li>Callbacks of one message are posted one after the other unless a
 *       {@link io.smstask.simulator.CallbackPlan} says otherwise. Twilio promises no order.
 *   <li>A callback URL may name a local host. A parameter given twice is refused, where Twilio documents nothing.
 *   <li>Parameters that steer routing, links or encoding ({@code SmartEncoded}, {@code ShortenUrls}, {@code RiskCheck} …)
 *       are taken and do nothing; a content template has no text.
 *   <li>No prices, no queue times, no trial accounts; a message cannot be cancelled, changed or deleted. HTTP
 *       authentication in a callback URL is left out of the request, as Twilio does at first, and never tried.
 * </ul>
 */
@NullMarked
package io.smstask.simulator;

import org.jspecify.annotations.NullMarked;
