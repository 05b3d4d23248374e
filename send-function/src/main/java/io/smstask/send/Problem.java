package io.smstask.send;

/**
 * One thing that is wrong with a call.
 *
 * @param field the parameter's name
 * @param message what was expected, never what was given
 */
record Problem(String field, String message) {}
