/** The class that {@code template.yaml} names for send-function. */
@NullMarked
package io.smstask.send.entry;

import org.jspecify.annotations.NullMarked;
