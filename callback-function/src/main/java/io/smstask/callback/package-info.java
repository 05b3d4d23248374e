/**
 * callback-function: takes Twilio's status callback, proves that it is genuine, and moves the task. {@code CallbackHandler}
 * is Lambda's door, {@code StatusCallbacks} the story.
 */
@NullMarked
package io.smstask.callback;

import org.jspecify.annotations.NullMarked;
