/**
 * poll-function: looks after the tasks that nothing has been heard of. {@code PollHandler} is Lambda's door, {@code Poll} the
 * story.
 */
@NullMarked
package io.smstask.poll;

import org.jspecify.annotations.NullMarked;
