/** The functions' settings, from the environment. */
@NullMarked
package io.smstask.settings;

import org.jspecify.annotations.NullMarked;
