package io.smstask.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.smstask.task.RecipientCounter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What every counter of messages to a recipient does. */
abstract class RecipientCounterContract {

    static final Instant END = Instant.parse("2030-05-01T11:00:00Z");
    static final String RECIPIENT = "recipient";

    abstract RecipientCounter counter();

    @Test
    void so_many_attempts_as_there_are_places_get_one() {
        RecipientCounter counter = counter();

        assertThat(counter.takePlace(RECIPIENT, "one", 2, END)).isTrue();
        assertThat(counter.takePlace(RECIPIENT, "two", 2, END)).isTrue();
        assertThat(counter.takePlace(RECIPIENT, "three", 2, END)).isFalse();
        assertThat(counter.takePlace(RECIPIENT, "four", 2, END)).isFalse();
    }

    @Test
    void an_attempt_that_is_counted_again_keeps_its_place_and_takes_no_other() {
        RecipientCounter counter = counter();

        assertThat(counter.takePlace(RECIPIENT, "one", 2, END)).isTrue();
        assertThat(counter.takePlace(RECIPIENT, "one", 2, END)).isTrue();
        assertThat(counter.takePlace(RECIPIENT, "two", 2, END)).isTrue();
        assertThat(counter.takePlace(RECIPIENT, "one", 2, END)).isTrue();
        assertThat(counter.takePlace(RECIPIENT, "three", 2, END)).isFalse();
    }

    @Test
    void recipients_are_counted_apart() {
        RecipientCounter counter = counter();

        assertThat(counter.takePlace("another", "one", 1, END)).isTrue();
        assertThat(counter.takePlace(RECIPIENT, "two", 1, END)).isTrue();
    }

    @Test
    void of_200_attempts_at_once_five_get_the_five_places() throws Exception {
        RecipientCounter counter = counter();
        int attempts = 200;
        CyclicBarrier start = new CyclicBarrier(attempts);
        List<Callable<Boolean>> calls = new ArrayList<>();
        for (int i = 0; i < attempts; i++) {
            String attempt = "attempt-" + i;
            calls.add(() -> {
                start.await();
                return counter.takePlace(RECIPIENT, attempt, 5, END);
            });
        }

        ExecutorService threads = Executors.newFixedThreadPool(attempts);
        int placed = 0;
        try {
            for (Future<Boolean> call : threads.invokeAll(calls)) {
                placed += call.get() ? 1 : 0;
            }
        } finally {
            threads.shutdownNow();
        }

        assertThat(placed).isEqualTo(5);
    }
}
