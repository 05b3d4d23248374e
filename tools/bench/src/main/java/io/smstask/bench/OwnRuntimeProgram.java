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
 * A function that brings its runtime along, as for Lambda's {@code provided.al2023}.
 *
 * @param folder what is zipped and uploaded: with an executable {@code bootstrap}
 * @param handler what {@code _HANDLER} says
 * @param environment of the function
 */
record OwnRuntimeProgram(Path folder, String handler, Map<String, String> environment, Limits limits)
        implements Program {

    @Override
    public Optional<String> missing() {
        Path bootstrap = folder.resolve("bootstrap");
        return Files.isExecutable(bootstrap) ? Optional.empty() : Optional.of("there is no " + bootstrap);
    }

    @Override
    public Launch prepare(Path unused) {
        return Runtimes.own(folder, handler, limits).with(environment).withJvmOptions(Runtimes.maxRam(limits));
    }

    @Override
    public long artefactBytes() throws IOException {
        return Folders.zippedSize(folder);
    }
}
