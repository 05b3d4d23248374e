/** AWS's clients, configured. */
@NullMarked
package io.smstask.aws;

import org.jspecify.annotations.NullMarked;
