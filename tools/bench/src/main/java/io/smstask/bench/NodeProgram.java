package io.smstask.bench;

import io.smstask.lambdaprocess.Launch;
import io.smstask.lambdaprocess.Limits;
import io.smstask.lambdaprocess.Runtimes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * A bundle on Node.
 *
 * @param node the interpreter; empty where the machine has none
 * @param runtime the loop that asks the Runtime API
 * @param bundle the folder with the function's {@code index.mjs}
 * @param environment of the function
 * @param root the certificate to trust besides Node's own
 */
record NodeProgram(
        Optional<Path> node, Path runtime, Path bundle, Map<String, String> environment, Limits limits, Path root)
        implements Program {

    @Override
    public Optional<String> missing() {
        if (node.isEmpty()) {
            return Optional.of("there is no node on this machine");
        }
        return Files.isDirectory(bundle) && Files.exists(runtime)
                ? Optional.empty()
                : Optional.of("there is no " + bundle);
    }

    @Override
    public Launch prepare(Path folder) {
        return Runtimes.node(node.orElseThrow(), runtime, bundle, limits)
                .with(environment)
                .with(Map.of("NODE_EXTRA_CA_CERTS", root.toString()));
    }

    @Override
    public long artefactBytes() throws IOException {
        return Folders.zippedSize(bundle);
    }
}
