package io.smstask.simulator;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The statuses that one message goes through, in this order, whatever its recipient. Any word is allowed, also repeated
 * or out of order. Reads of a message that has reached a final status show that status, even if a callback with an
 * earlier one follows.
 *
 * @param early posted and answered before the request is answered
 * @param late posted after the answer
 * @param posted whether callbacks are posted at all; the message goes through its statuses in any case
 * @param signing how they are signed
 * @param delay extra time before the first late one
 */
public record CallbackPlan(List<String> early, List<String> late, boolean posted, Signing signing, Duration delay) {

    /** How callbacks are signed. */
    public enum Signing {
        /** With the AuthToken of the message's account. */
        CORRECT,
        /** With a token that no account has. */
        WRONG,
        /** As another account: with its {@code AccountSid} and a valid signature of its token. */
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

    /** {@return a plan that posts callbacks after the answer} */
    public static CallbackPlan afterAnswer(String... statuses) {
        return new CallbackPlan(List.of(), List.of(statuses));
    }

    /** {@return a plan that posts all callbacks before the answer} */
    public static CallbackPlan beforeAnswer(String... statuses) {
        return new CallbackPlan(List.of(statuses), List.of());
    }

    /** {@return a plan that posts no callbacks} */
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

    /** {@return this plan with each late callback posted twice in a row, with different idempotency tokens} */
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
