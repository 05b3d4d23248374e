package io.smstask.store;

import io.smstask.task.TaskId;
import java.util.ArrayList;
import java.util.List;

/**
 * The sparse index of tasks that are not done: partition key {@code poll_shard}, sort key {@code poll_at}. Every write of a
 * task that is not done goes through it, so it is spread over several partitions.
 */
final class PollIndex {

    static final String NAME = "poll-index";

    private static final int SHARDS = 8;

    private PollIndex() {}

    /** The shard of a task, always the same. */
    static String shardOf(TaskId id) {
        return Integer.toString(Math.floorMod(id.value().hashCode(), SHARDS));
    }

    static List<String> shards() {
        List<String> shards = new ArrayList<>();
        for (int shard = 0; shard < SHARDS; shard++) {
            shards.add(Integer.toString(shard));
        }
        return shards;
    }
}
