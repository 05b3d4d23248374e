/**
 * Measures how fast the functions start, and what they cost when they run, beside the same job in Node and in plain Java. A
 * function is started as Lambda starts it, a process each, and talks TLS to endpoints that answer as they were recorded.
 */
@NullMarked
package io.smstask.bench;

import org.jspecify.annotations.NullMarked;
