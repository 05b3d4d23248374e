/**
 * The task and its rules: what a task is, where it may stand, which status supersedes which, and the port to its store.
 * Nothing here knows of HTTP, Lambda, DynamoDB or Twilio's client; only {@code java.*} is imported.
 */
@NullMarked
package io.smstask.task;

import org.jspecify.annotations.NullMarked;
