/** The task store: on DynamoDB, and in memory for tests. */
@NullMarked
package io.smstask.store;

import org.jspecify.annotations.NullMarked;
