/** Shared by the tests of several modules, compiled into each, and never shipped. */
@NullMarked
package io.smstask.testing;

import org.jspecify.annotations.NullMarked;
