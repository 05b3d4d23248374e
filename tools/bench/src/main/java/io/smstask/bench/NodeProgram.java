package io.smstask.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
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
        Optional<Path> node, Path runtime, Path bundle, Map<String, String> environment, int memoryMb, Path root)
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

    /** The flags are those of Lambda's Node runtimes. */
    @Override
    public Launch prepare(Path folder) throws IOException {
        Map<String, String> variables =
                new HashMap<>(LambdaEnvironment.of("nodejs20.x", "index.handler", bundle, memoryMb));
        variables.put("NODE_EXTRA_CA_CERTS", root.toString());
        variables.putAll(environment);
        List<String> command = List.of(
                node.orElseThrow().toString(),
                "--expose-gc",
                "--max-http-header-size=81920",
                "--max-semi-space-size=" + memoryMb * 5 / 100,
                "--max-old-space-size=" + memoryMb * 90 / 100,
                runtime.toString());
        return new Launch(command, variables, bundle, Folders.zippedSize(bundle));
    }
}
