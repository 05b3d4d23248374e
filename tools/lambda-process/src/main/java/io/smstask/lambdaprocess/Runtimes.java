package io.smstask.lambdaprocess;

import com.amazonaws.services.lambda.runtime.api.client.AWSLambda;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Lambda's runtimes: the program, flags and variables with which each starts a function. */
public final class Runtimes {

    /** The jars of Lambda's Java runtime. None of them may come from the function. */
    private static final String CLASS_PATH = Stream.of(
                    AWSLambda.class.getName(),
                    "com.amazonaws.services.lambda.runtime.LambdaRuntime",
                    "com.amazonaws.services.lambda.runtime.serialization.PojoSerializer",
                    "software.amazon.awssdk.utilslite.SdkInternalThreadLocal")
            .map(Runtimes::jarOf)
            .map(Path::toString)
            .collect(Collectors.joining(":"));

    private Runtimes() {}

    /** Unpacks a jar, as Lambda does with an uploaded one. */
    public static Path unpack(Path jar, Path folder) throws IOException {
        try (var entries = new JarFile(jar.toFile())) {
            for (var entry : entries.stream().filter(e -> !e.isDirectory()).toList()) {
                Path file = folder.resolve(entry.getName()).normalize();
                if (!file.startsWith(folder)) {
                    throw new IOException(jar + " has an entry outside of it: " + entry.getName());
                }
                Files.createDirectories(file.getParent());
                try (var content = entries.getInputStream(entry)) {
                    Files.copy(content, file);
                }
            }
        }
        return folder;
    }

    /**
     * The managed Java runtime, with AWS's runtime interface client. The flags are those of Lambda, without AWS's own class
     * archive.
     *
     * @param taskRoot the unpacked function; its native library is put beside it
     * @param handler what the template names: the class, without a method
     * @param jvmOptions besides Lambda's
     */
    public static Launch java(Path taskRoot, String handler, Limits limits, String... jvmOptions) throws IOException {
        Path library = taskRoot.resolveSibling("runtime.so");
        String name = "/jni/libaws-lambda-jni.linux-" + (Launch.isArm() ? "aarch_64" : "x86_64") + ".so";
        try (var content = AWSLambda.class.getResourceAsStream(name)) {
            if (content == null) {
                throw new IOException("Lambda's runtime client has changed: no " + name);
            }
            Files.copy(content, library, StandardCopyOption.REPLACE_EXISTING);
        }
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                // Lambda's machine has the function's memory; the heap's first size depends on it.
                maxRam(limits),
                "-XX:MaxHeapSize=" + limits.memoryMb() * 85 / 100 + "m",
                "-XX:+UseSerialGC",
                "-XX:+TieredCompilation",
                "-XX:TieredStopAtLevel=1",
                "--add-opens=java.base/java.io=ALL-UNNAMED",
                "-XX:+ErrorFileToStderr",
                "-Dcom.amazonaws.services.lambda.runtime.api.client.runtimeapi.NativeClient.JNI=" + library,
                // Lambda's /tmp is the function's own, too.
                "-Djava.io.tmpdir={tmp}"));
        command.addAll(List.of(jvmOptions));
        command.addAll(List.of("-classpath", CLASS_PATH, AWSLambda.class.getName(), handler));
        var environment = environment(handler, taskRoot, limits);
        environment.put("AWS_EXECUTION_ENV", "AWS_Lambda_java25");
        return new Launch(command, environment, taskRoot, limits.timeout());
    }

    /**
     * {@code provided.al2023}: the function brings its runtime along.
     *
     * @param folder what is zipped and uploaded, with an executable {@code bootstrap}
     * @param handler what {@code _HANDLER} says
     */
    public static Launch own(Path folder, String handler, Limits limits) {
        return new Launch(
                List.of(folder.resolve("bootstrap").toString()),
                environment(handler, folder, limits),
                folder,
                limits.timeout());
    }

    /**
     * Node, with Lambda's flags.
     *
     * @param node the interpreter
     * @param runtime the loop that asks the Runtime API
     * @param bundle the folder with the function's {@code index.mjs}
     */
    public static Launch node(Path node, Path runtime, Path bundle, Limits limits) {
        var environment = environment("index.handler", bundle, limits);
        environment.put("AWS_EXECUTION_ENV", "AWS_Lambda_nodejs20.x");
        List<String> command = List.of(
                node.toString(),
                "--expose-gc",
                "--max-http-header-size=81920",
                "--max-semi-space-size=" + limits.memoryMb() * 5 / 100,
                "--max-old-space-size=" + limits.memoryMb() * 90 / 100,
                runtime.toString());
        return new Launch(command, environment, bundle, limits.timeout());
    }

    /** The JVM's option for a machine with the function's memory, where this one has more. */
    public static String maxRam(Limits limits) {
        return "-XX:MaxRAM=" + limits.memoryMb() + "m";
    }

    /**
     * The variables that every function finds, without those of its region and role.
     *
     * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html">AWS: environment variables</a>
     */
    private static Map<String, String> environment(String handler, Path taskRoot, Limits limits) {
        Map<String, String> variables = new HashMap<>();
        variables.put("AWS_LAMBDA_FUNCTION_NAME", "local");
        variables.put("AWS_LAMBDA_FUNCTION_VERSION", "1");
        variables.put("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", Integer.toString(limits.memoryMb()));
        variables.put("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand");
        variables.put("AWS_LAMBDA_LOG_GROUP_NAME", "/smstask/local");
        variables.put("AWS_LAMBDA_LOG_STREAM_NAME", "local");
        variables.put("AWS_LAMBDA_LOG_FORMAT", "Text");
        variables.put("LAMBDA_TASK_ROOT", taskRoot.toString());
        variables.put("LAMBDA_RUNTIME_DIR", "/var/runtime");
        variables.put("_HANDLER", handler);
        variables.put("LANG", "en_US.UTF-8");
        variables.put("TZ", ":UTC");
        variables.put("PATH", "/usr/local/bin:/usr/bin:/bin");
        return variables;
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
}
