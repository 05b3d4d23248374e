package io.smstask.store;

import io.smstask.task.TaskId;
import io.smstask.task.TaskIndex;
import io.smstask.task.TaskStore;
import io.smstask.task.TaskToken;
import io.smstask.testing.InMemoryTaskStore;

final class InMemoryTaskStoreTest extends TaskStoreContract {

    @Override
    TaskStore emptyStore() {
        return new InMemoryTaskStore();
    }

    @Override
    TaskIndex index() {
        return (InMemoryTaskStore) store;
    }

    @Override
    boolean register(TaskId id, TaskToken token) {
        return ((InMemoryTaskStore) store).register(id, token);
    }
}
