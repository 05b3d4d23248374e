package io.smstask.poll;

import io.smstask.task.AccountSid;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What dispatcher and workers tell each other: which accounts' looks rest, and what was sent to the queue of late. The items
 * lie in the table of tasks, under keys that are no task ids. All methods throw {@link io.smstask.task.StoreUnavailable} if
 * the store does not answer.
 */
interface PollStates {

    /** Until when the account's looks rest; a time that is over says that no look has been answered since. */
    Optional<Instant> restsUntil(AccountSid account);

    /** Lets the account's looks rest until then, or longer if another run has said so. */
    void rest(AccountSid account, Instant until);

    /** A look of the account was answered: ends its rest if that is over. */
    void resume(AccountSid account);

    /** What the last dispatches sent, oldest first. */
    List<Sent> sent();

    /** Replaces what the last dispatches sent. */
    void sent(List<Sent> sent);

    /** How many messages a dispatch sent. */
    record Sent(Instant at, long messages) {}
}
