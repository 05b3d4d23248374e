/**
 * The process, made visible: a page on this machine that shows every task on its way, adds tasks, and steers the simulator.
 * It reads the table and calls the tasks API; no function knows of it.
 */
@NullMarked
package io.smstask.local.console;

import org.jspecify.annotations.NullMarked;
