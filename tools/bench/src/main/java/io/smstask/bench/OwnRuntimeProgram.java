package io.smstask.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A function that brings its runtime along, as for Lambda's {@code provided.al2023}.
 *
 * @param folder what is zipped and uploaded: with an executable {@code bootstrap}
 * @param handler what {@code _HANDLER} says
 * @param environment of the function, as its template sets it
 */
record OwnRuntimeProgram(Path folder, String handler, Map<String, String> environment, int memoryMb)
        implements Program {

    @Override
    public Optional<String> missing() {
        Path bootstrap = folder.resolve("bootstrap");
        return Files.isExecutable(bootstrap) ? Optional.empty() : Optional.of("there is no " + bootstrap);
    }

    @Override
    public Launch prepare(Path unused) throws IOException {
        Map<String, String> variables =
                new HashMap<>(LambdaEnvironment.of("provided.al2023", handler, folder, memoryMb));
        variables.putAll(environment);
        return new Launch(
                List.of(folder.resolve("bootstrap").toString()), variables, folder, Folders.zippedSize(folder));
    }
}
