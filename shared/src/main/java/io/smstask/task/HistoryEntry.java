package io.smstask.task;

import java.time.Instant;
import java.util.Optional;

/**
 * One thing that happened to a task.
 *
 * @param at when it was written down, to the millisecond
 * @param status Twilio's word, where a status came
 * @param code the error's code, where there was an error
 * @param note a remark, one of {@link Note}'s words
 */
public record HistoryEntry(
        Instant at, Source source, Optional<String> status, Optional<String> code, Optional<String> note) {}
