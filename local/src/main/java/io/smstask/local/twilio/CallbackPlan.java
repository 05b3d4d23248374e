package io.smstask.local.twilio;

import java.util.List;

/**
 * The statuses that one message goes through, in this order, whatever its recipient; any word, also one twice or out of
 * order. A message that has come to a final status keeps it for those who read it, even if a callback with an earlier
 * status follows.
 *
 * @param early posted, and answered, before the caller gets the answer to its request
 * @param late posted once the answer is out
 * @param posted whether callbacks are posted at all; if not, the message goes through its statuses in silence
 */
public record CallbackPlan(List<String> early, List<String> late, boolean posted) {
    /** Copies the lists. */
    public CallbackPlan {
        early = List.copyOf(early);
        late = List.copyOf(late);
    }

    /** {@return a plan whose callbacks follow the answer} */
    public static CallbackPlan afterAnswer(String... statuses) {
        return new CallbackPlan(List.of(), List.of(statuses), true);
    }

    /** {@return a plan whose callbacks all come faster than the answer} */
    public static CallbackPlan beforeAnswer(String... statuses) {
        return new CallbackPlan(List.of(statuses), List.of(), true);
    }

    /** {@return a plan whose callbacks are all lost} */
    public static CallbackPlan lost(String... statuses) {
        return new CallbackPlan(List.of(), List.of(statuses), false);
    }

    /** {@return this plan with other statuses after the answer} */
    public CallbackPlan then(String... statuses) {
        return new CallbackPlan(early, List.of(statuses), posted);
    }
}
