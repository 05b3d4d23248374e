package io.smstask.bench;

import io.smstask.lambdaprocess.Launch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The classes that a JVM had loaded by its first answer.
 *
 * @param unshared those of them that came from no archive, and so had to be parsed
 */
record LoadedClasses(int all, int unshared) {

    /** Counts them in a run of its own, which is not timed; empty where it is no JVM. */
    static Optional<LoadedClasses> of(Launch launch, Recording recording, Downstream downstream, Path scratch)
            throws IOException {
        Path log = Files.createTempFile(scratch, "classes", ".txt");
        downstream.answer(recording.play(0)::reply);
        try (var run = Execution.start(
                launch.withJvmOptions("-Xlog:class+load:file=" + log + ":none"),
                scratch,
                Processors.here().all())) {
            run.awaitNext();
            run.invoke(recording.event().apply(0));
            return Optional.of(count(Files.readAllLines(log))).filter(classes -> classes.all() > 0);
        } finally {
            downstream.rest();
            Files.deleteIfExists(log);
        }
    }

    /** Counts the lines of {@code -Xlog:class+load}. */
    static LoadedClasses count(List<String> lines) {
        List<String> loaded =
                lines.stream().filter(line -> line.contains(" source: ")).toList();
        long shared = loaded.stream()
                .filter(line -> line.contains(" source: shared objects file"))
                .count();
        return new LoadedClasses(loaded.size(), loaded.size() - (int) shared);
    }
}
