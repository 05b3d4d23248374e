package io.smstask.lambdaprocess;

import java.time.Duration;

/**
 * What Lambda grants a function.
 *
 * @param memoryMb its memory
 * @param timeout for one event
 */
public record Limits(int memoryMb, Duration timeout) {}
