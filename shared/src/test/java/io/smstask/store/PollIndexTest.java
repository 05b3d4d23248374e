package io.smstask.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.smstask.task.TaskId;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** How tasks that are not done are spread over the index. */
final class PollIndexTest {

    @Test
    void the_poll_asks_each_shard_that_a_task_may_be_in_and_no_other() {
        Set<String> used = new TreeSet<>();
        for (int i = 0; i < 1000; i++) {
            used.add(PollIndex.shardOf(new TaskId("order-" + i)));
        }

        assertThat(PollIndex.shards()).containsExactlyInAnyOrderElementsOf(used);
    }
}
