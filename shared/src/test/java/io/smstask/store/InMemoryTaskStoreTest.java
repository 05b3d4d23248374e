package io.smstask.store;

import io.smstask.task.TaskStore;

final class InMemoryTaskStoreTest extends TaskStoreContract {

    @Override
    TaskStore emptyStore() {
        return new InMemoryTaskStore();
    }
}
