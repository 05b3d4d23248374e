/** The class that {@code template.yaml} names for poll-function. */
@NullMarked
package io.smstask.poll.entry;

import org.jspecify.annotations.NullMarked;
