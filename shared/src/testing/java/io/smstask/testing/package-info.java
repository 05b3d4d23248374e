/** What the tests of several modules need; compiled into the tests of each, and into nothing that is shipped. */
@NullMarked
package io.smstask.testing;

import org.jspecify.annotations.NullMarked;
