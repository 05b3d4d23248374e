package io.smstask.store;

import io.smstask.task.StoreUnavailable;
import io.smstask.task.TaskId;
import io.smstask.task.TaskIndex.Due;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Merges the shards of the poll's index, each of which is in order, into one order. Items that are not tasks are skipped. */
final class DueTasks implements Iterator<Due> {

    /** After so many shards without an answer, no other one is asked. */
    private static final int MOST_FAILURES = 3;

    private final PriorityQueue<Head> heads =
            new PriorityQueue<>(Comparator.comparing(head -> head.task().pollAt()));
    private final List<Iterator<Map<String, AttributeValue>>> unread;
    private @Nullable StoreUnavailable failure;
    private int failures;

    private record Head(Due task, Iterator<Map<String, AttributeValue>> rest) {}

    /**
     * @param shards the items of each shard, read page by page
     */
    DueTasks(List<Iterator<Map<String, AttributeValue>>> shards) {
        unread = new ArrayList<>(shards);
    }

    @Override
    public boolean hasNext() {
        for (Iterator<Map<String, AttributeValue>> shard : unread) {
            advance(shard);
        }
        unread.clear();
        if (heads.isEmpty() && failure != null) {
            throw failure;
        }
        return !heads.isEmpty();
    }

    @Override
    public Due next() {
        if (!hasNext()) {
            throw new NoSuchElementException("no task is due");
        }
        Head head = heads.remove();
        // Its shard's next page is read when the next task is asked for, if at all.
        unread.add(head.rest());
        return head.task();
    }

    private void advance(Iterator<Map<String, AttributeValue>> shard) {
        try {
            while (failures < MOST_FAILURES && shard.hasNext()) {
                Map<String, AttributeValue> item = shard.next();
                String id = item.get(Attributes.TASK_ID).s();
                if (TaskId.isValid(id)) {
                    BigDecimal pollAt =
                            new BigDecimal(item.get(Attributes.POLL_AT).n());
                    heads.add(new Head(new Due(new TaskId(id), pollAt), shard));
                    return;
                }
            }
        } catch (SdkException e) {
            failure = DynamoTaskStore.unavailable("listed", DynamoTaskIndex.error(e));
            failures++;
        }
    }
}
