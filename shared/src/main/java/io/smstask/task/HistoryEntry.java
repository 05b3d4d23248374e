package io.smstask.task;

import java.time.Instant;
import java.util.Optional;

/**
 * One thing that happened to a task.
 *
 * @param at when it was recorded, to the millisecond
 * @param status Twilio's word, if a status came
 * @param code the error's code, if there was one
 * @param note one of {@link Note}'s words
 */
public record HistoryEntry(
        Instant at, Source source, Optional<String> status, Optional<String> code, Optional<String> note) {

    boolean has(String word) {
        return status.isPresent() && status.get().equals(word);
    }
}
