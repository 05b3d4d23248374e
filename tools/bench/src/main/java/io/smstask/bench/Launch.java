package io.smstask.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * How a process is started.
 *
 * @param command the program with its arguments
 * @param environment all of it, but for what the harness knows alone
 * @param taskRoot the function's folder, and the process's working directory
 * @param artefactBytes what is uploaded for it, zipped
 */
record Launch(List<String> command, Map<String, String> environment, Path taskRoot, long artefactBytes) {
    Launch {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }
}
