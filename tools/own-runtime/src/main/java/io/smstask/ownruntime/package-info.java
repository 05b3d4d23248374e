/** What a function needs to bring its runtime along: docs/own-runtime.md. */
@NullMarked
package io.smstask.ownruntime;

import org.jspecify.annotations.NullMarked;
