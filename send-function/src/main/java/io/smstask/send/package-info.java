/**
 * send-function: claims a task, sends its SMS with one POST, records what came of it, and reads tasks. {@code SendHandler}
 * is Lambda's door, {@code SendSms} the story.
 */
@NullMarked
package io.smstask.send;

import org.jspecify.annotations.NullMarked;
