/**
 * poll-function: looks after tasks without news. {@code PollHandler} is the entry point, {@code Poll} the use case.
 */
@NullMarked
package io.smstask.poll;

import org.jspecify.annotations.NullMarked;
