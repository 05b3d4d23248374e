/**
 * Who waits for the end of a task, and how each is told: executions of Step Functions, and the event bus. Of the functions,
 * callback-function tells at once, and poll-function whoever is left.
 */
@NullMarked
package io.smstask.tell;

import org.jspecify.annotations.NullMarked;
