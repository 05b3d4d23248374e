/**
 * The console: a page that shows every task in the process, adds tasks, and controls the simulator. It reads the table
 * and calls the tasks API; the functions do not know it.
 */
@NullMarked
package io.smstask.local.console;

import org.jspecify.annotations.NullMarked;
