package io.smstask.bench;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One way to do the jobs.
 *
 * @param name as in {@code --only}
 * @param title as in the tables
 * @param programs by the job that each does
 */
record Variant(String name, String title, Map<Job, Program> programs) {

    Variant {
        programs = Collections.unmodifiableMap(new LinkedHashMap<>(programs));
    }

    /** What it lacks on this machine; empty where it can run. */
    Optional<String> missing() {
        return programs.values().stream()
                .flatMap(program -> program.missing().stream())
                .findFirst();
    }
}
