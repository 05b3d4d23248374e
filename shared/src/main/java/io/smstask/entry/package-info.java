/**
 * Where Lambda's types end and ours begin. This package and the functions' {@code entry} packages are the only ones that see
 * Lambda's types, and so they are not on the boot class path, as nearly all of ours is (docs/adr/0048).
 */
@NullMarked
package io.smstask.entry;

import org.jspecify.annotations.NullMarked;
