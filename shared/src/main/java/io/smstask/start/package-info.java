/** What a function does while Lambda starts it. */
@NullMarked
package io.smstask.start;

import org.jspecify.annotations.NullMarked;
