/** A process as Lambda starts it, on this machine: environment, task root and Runtime API. */
@NullMarked
package io.smstask.lambdaprocess;

import org.jspecify.annotations.NullMarked;
