/** The callback key, and the caller's AuthToken sealed with it. */
@NullMarked
package io.smstask.seal;

import org.jspecify.annotations.NullMarked;
