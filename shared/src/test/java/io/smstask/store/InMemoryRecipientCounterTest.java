package io.smstask.store;

import io.smstask.task.RecipientCounter;
import io.smstask.testing.InMemoryRecipientCounter;

/** The counter that the use cases are tested with. */
final class InMemoryRecipientCounterTest extends RecipientCounterContract {

    @Override
    RecipientCounter counter() {
        return new InMemoryRecipientCounter();
    }
}
