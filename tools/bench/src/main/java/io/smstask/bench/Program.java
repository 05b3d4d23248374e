package io.smstask.bench;

import io.smstask.lambdaprocess.Launch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** What a variant runs for one job. */
interface Program {

    /** What it lacks on this machine; empty where it can run. */
    Optional<String> missing();

    /**
     * Makes it ready to be started, as a deployment would.
     *
     * @param folder an empty one, for what is unpacked
     */
    Launch prepare(Path folder) throws IOException;

    /** What is uploaded for it, zipped. */
    long artefactBytes() throws IOException;
}
