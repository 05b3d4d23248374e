/** The least that a function in Java can be: what the runtime alone costs. */
@NullMarked
package io.smstask.bench.trivial;

import org.jspecify.annotations.NullMarked;
