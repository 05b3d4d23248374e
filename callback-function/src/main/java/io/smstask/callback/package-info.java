/**
 * callback-function: receives Twilio's status callbacks, verifies them, and moves the task. {@code CallbackHandler} is the
 * entry point, {@code StatusCallbacks} the use case.
 */
@NullMarked
package io.smstask.callback;

import org.jspecify.annotations.NullMarked;
