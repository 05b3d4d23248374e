package io.smstask.store;

import io.smstask.task.PollKind;
import io.smstask.task.TaskId;
import java.util.ArrayList;
import java.util.List;

/**
 * The sparse index of tasks that are not done: partition key {@code poll_shard}, sort key {@code poll_at}. Every write of a
 * task that is not done goes through it, so it is spread over several partitions, for each kind apart.
 */
final class PollIndex {

    static final String NAME = "poll-index";

    static final int SHARDS = 64;

    private PollIndex() {}

    /** The shard of a task of this kind.  */
    static String shardOf(PollKind kind, TaskId id) {
        return name(kind, id.spreadOver(SHARDS));
    }

    static List<String> shards(PollKind kind) {
        List<String> shards = new ArrayList<>();
        for (int shard = 0; shard < SHARDS; shard++) {
            shards.add(name(kind, shard));
        }
        return shards;
    }

    private static String name(PollKind kind, int shard) {
        return kind.word() + "-" + shard;
    }
}
