/** JSON as plain maps and lists. */
@NullMarked
package io.smstask.json;

import org.jspecify.annotations.NullMarked;
