package io.smstask.simulator;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The statuses that one message goes through, in this order, whatever its recipient; any word, also one twice or out of
 * order. A message that has come to a final status keeps it for those who read it, even if a callback with an earlier
 * status follows.
 *
 * @param early posted, and answered, before the caller gets the answer to its request
 * @param late posted once the answer is out
 * @param posted whether callbacks are posted at all; if not, the message goes through its statuses in silence
 * @param signing whose signature they bear
 * @param delay how much longer than usual the first late one takes
 */
public record CallbackPlan(List<String> early, List<String> late, boolean posted, Signing signing, Duration delay) {

    /** How callbacks are signed. */
    public enum Signing {
        /** With the AuthToken of the message's account. */
        CORRECT,
        /** With a token that no account has. */
        WRONG,
        /** As another account's: its {@code AccountSid} in the form, and a signature that is valid for its token. */
        ANOTHER_ACCOUNT
    }

    /** Copies the lists. */
    public CallbackPlan {
        early = List.copyOf(early);
        late = List.copyOf(late);
    }

    private CallbackPlan(List<String> early, List<String> late) {
        this(early, late, true, Signing.CORRECT, Duration.ZERO);
    }

    /** {@return a plan whose callbacks follow the answer} */
    public static CallbackPlan afterAnswer(String... statuses) {
        return new CallbackPlan(List.of(), List.of(statuses));
    }

    /** {@return a plan whose callbacks all come faster than the answer} */
    public static CallbackPlan beforeAnswer(String... statuses) {
        return new CallbackPlan(List.of(statuses), List.of());
    }

    /** {@return a plan whose callbacks are all lost} */
    public static CallbackPlan lost(String... statuses) {
        return afterAnswer(statuses).unposted();
    }

    /** {@return this plan with other statuses after the answer} */
    public CallbackPlan then(String... statuses) {
        return new CallbackPlan(early, List.of(statuses), posted, signing, delay);
    }

    /** {@return this plan with all callbacks before the answer} */
    public CallbackPlan hastened() {
        var all = new ArrayList<>(early);
        all.addAll(late);
        return new CallbackPlan(all, List.of(), posted, signing, delay);
    }

    /** {@return this plan with the late callbacks in reverse order} */
    public CallbackPlan reversed() {
        var reversed = new ArrayList<>(late);
        Collections.reverse(reversed);
        return new CallbackPlan(early, reversed, posted, signing, delay);
    }

    /** {@return this plan with each late callback twice in a row, the second one with an idempotency token of its own} */
    public CallbackPlan doubled() {
        var doubled = late.stream().flatMap(status -> List.of(status, status).stream());
        return new CallbackPlan(early, doubled.toList(), posted, signing, delay);
    }

    /** {@return this plan without any callback} */
    public CallbackPlan unposted() {
        return new CallbackPlan(early, late, false, signing, delay);
    }

    /** {@return this plan with other signatures} */
    public CallbackPlan signed(Signing signing) {
        return new CallbackPlan(early, late, posted, signing, delay);
    }

    /** {@return this plan with its late callbacks later} */
    public CallbackPlan delayed(Duration delay) {
        return new CallbackPlan(early, late, posted, signing, delay);
    }
}
