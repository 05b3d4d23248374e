/**
 * send-function: claims a task, sends its SMS with one POST, records the outcome, and reads tasks. Lambda calls
 * {@code SendHandler}; start reading at {@code SendSms}.
 */
@NullMarked
package io.smstask.send;

import org.jspecify.annotations.NullMarked;
