/**
 * Notifies the subscribers of a task's end: executions of Step Functions, and the event bus. callback-function notifies at
 * once, poll-function the subscribers that are left.
 */
@NullMarked
package io.smstask.tell;

import org.jspecify.annotations.NullMarked;
