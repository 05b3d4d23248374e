/** The class that {@code template.yaml} names for callback-function. */
@NullMarked
package io.smstask.callback.entry;

import org.jspecify.annotations.NullMarked;
