package io.smstask.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.smstask.task.PollKind;
import io.smstask.task.TaskId;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How tasks that are not done are spread over the index. */
final class PollIndexTest {

    @ParameterizedTest
    @EnumSource
    void the_poll_asks_each_shard_that_a_task_may_be_in_and_no_other(PollKind kind) {
        Set<String> used = new TreeSet<>();
        for (int i = 0; i < 5000; i++) {
            used.add(PollIndex.shardOf(kind, new TaskId("order-" + i)));
        }

        assertThat(PollIndex.shards(kind)).containsExactlyInAnyOrderElementsOf(used);
    }

    @ParameterizedTest
    @ValueSource(strings = {"%d", "order-%08d", "%016x"})
    void running_numbers_are_spread_evenly(String format) {
        int perShard = 1000;
        Map<String, Integer> counts = new TreeMap<>();
        for (int i = 0; i < perShard * PollIndex.SHARDS; i++) {
            PollKind kind = PollKind.values()[i % 3];
            String shard = PollIndex.shardOf(kind, new TaskId(String.format(format, i)));
            counts.merge(shard.substring(shard.indexOf('-')), 1, Integer::sum);
        }

        // Six standard deviations of a fair spread.
        assertThat(counts.values()).allSatisfy(count -> assertThat(count).isBetween(perShard - 190, perShard + 190));
        assertThat(counts).hasSize(PollIndex.SHARDS);
    }

    @Test
    void no_two_kinds_share_a_shard() {
        Set<String> all = new TreeSet<>();
        for (PollKind kind : PollKind.values()) {
            all.addAll(PollIndex.shards(kind));
        }

        assertThat(all).hasSize(PollKind.values().length * PollIndex.SHARDS);
    }
}
