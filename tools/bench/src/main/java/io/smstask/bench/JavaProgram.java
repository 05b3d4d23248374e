package io.smstask.bench;

import com.amazonaws.services.lambda.runtime.api.client.AWSLambda;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A jar on Lambda's managed Java runtime, unpacked as Lambda does it, with Lambda's own runtime client on the class path.
 *
 * @param jar the function, or the one class file that it is made of
 * @param handler what the template names: the class, without a method
 * @param environment of the function, as its template sets it
 */
record JavaProgram(Path jar, String handler, Map<String, String> environment, int memoryMb, Optional<Path> trustStore)
        implements Program {

    private static final String OPTIONS = "JAVA_TOOL_OPTIONS";

    /** Lambda's runtime: its own jar and what it needs. None of it may come from the function. */
    private static final List<String> RUNTIME = List.of(
            AWSLambda.class.getName(),
            "com.amazonaws.services.lambda.runtime.LambdaRuntime",
            "com.amazonaws.services.lambda.runtime.serialization.PojoSerializer",
            "software.amazon.awssdk.utilslite.SdkInternalThreadLocal");

    @Override
    public Optional<String> missing() {
        return Files.exists(jar) ? Optional.empty() : Optional.of("there is no " + jar);
    }

    @Override
    public Launch prepare(Path folder) throws IOException {
        Path taskRoot = Files.createDirectories(folder.resolve("task"));
        long size;
        if (jar.toString().endsWith(".class")) {
            Path copy = taskRoot.resolve(handler.replace('.', '/') + ".class");
            Files.createDirectories(copy.getParent());
            Files.copy(jar, copy);
            size = Folders.zippedSize(taskRoot);
        } else {
            Folders.unpack(jar, taskRoot);
            size = Files.size(jar);
        }
        Path library = folder.resolve("runtime.so");
        try (var content = AWSLambda.class.getResourceAsStream("/jni/" + libraryName())) {
            if (content == null) {
                throw new IOException("Lambda's runtime client has changed: no " + libraryName());
            }
            Files.copy(content, library, StandardCopyOption.REPLACE_EXISTING);
        }
        Map<String, String> variables = new HashMap<>(LambdaEnvironment.of("java25", handler, taskRoot, memoryMb));
        variables.putAll(environment);
        // On Lambda the function is there, on a processor of the template's kind.
        variables.computeIfPresent(
                OPTIONS,
                (name, value) -> value.replace("/var/task", taskRoot.toString())
                        .replace("/armv8/", isArm() ? "/armv8/" : "/x86_64/"));
        return new Launch(command(library), variables, taskRoot, size);
    }

    /** The flags are those of Lambda's Java runtimes, without AWS's own class archive. */
    private List<String> command(Path library) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:MaxHeapSize=" + memoryMb * 85 / 100 + "m",
                "-XX:+UseSerialGC",
                "-XX:+TieredCompilation",
                "-XX:TieredStopAtLevel=1",
                "--add-opens=java.base/java.io=ALL-UNNAMED",
                "-XX:+ErrorFileToStderr",
                "-Dcom.amazonaws.services.lambda.runtime.api.client.runtimeapi.NativeClient.JNI=" + library,
                "-Djava.io.tmpdir={tmp}"));
        trustStore.ifPresent(store -> command.add("-Djavax.net.ssl.trustStore=" + store));
        command.addAll(List.of("-classpath", classPath(), AWSLambda.class.getName(), handler));
        return command;
    }

    private static String classPath() {
        return RUNTIME.stream().map(JavaProgram::jarOf).map(Path::toString).collect(Collectors.joining(":"));
    }

    private static Path jarOf(String className) {
        try {
            return Path.of(Class.forName(className)
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (ClassNotFoundException | URISyntaxException e) {
            throw new IllegalStateException("Lambda's runtime client has changed: no " + className, e);
        }
    }

    private static String libraryName() {
        return "libaws-lambda-jni.linux-" + (isArm() ? "aarch_64" : "x86_64") + ".so";
    }

    private static boolean isArm() {
        return System.getProperty("os.arch").toLowerCase(Locale.ROOT).equals("aarch64");
    }
}
