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
 * A jar on Lambda's managed Java runtime.
 *
 * @param jar the function, or the one class file that it is made of
 * @param handler what the template names: the class, without a method
 * @param environment of the function
 */
record JavaProgram(Path jar, String handler, Map<String, String> environment, Limits limits, Optional<Path> trustStore)
        implements Program {

    @Override
    public Optional<String> missing() {
        return Files.exists(jar) ? Optional.empty() : Optional.of("there is no " + jar);
    }

    @Override
    public Launch prepare(Path folder) throws IOException {
        Path taskRoot = Files.createDirectories(folder.resolve("task"));
        if (isOneClass()) {
            Path copy = taskRoot.resolve(handler.replace('.', '/') + ".class");
            Files.createDirectories(copy.getParent());
            Files.copy(jar, copy);
        } else {
            Runtimes.unpack(jar, taskRoot);
        }
        String[] options = trustStore.stream()
                .map(store -> "-Djavax.net.ssl.trustStore=" + store)
                .toArray(String[]::new);
        return Runtimes.java(taskRoot, handler, limits, options).with(environment);
    }

    @Override
    public long artefactBytes() throws IOException {
        return isOneClass() ? Folders.zippedSize(jar) : Files.size(jar);
    }

    private boolean isOneClass() {
        return jar.toString().endsWith(".class");
    }
}
