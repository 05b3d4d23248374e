package io.smstask.lambdaprocess;

import com.amazonaws.services.lambda.runtime.api.client.AWSLambda;
import io.smstask.local.template.Template;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.CodeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A function's built jar, unpacked as Lambda unpacks it. Every {@link #start} is a fresh JVM with Lambda's own runtime on its
 * class path, which finds the function in the task root and nowhere else.
 */
public final class BuiltFunction {

    private static final int MEMORY_MB = 1024;

    /** Lambda's runtime: its own jar and what it needs. None of it may come from the function. */
    private static final String RUNTIME = Stream.of(
                    AWSLambda.class.getName(),
                    "com.amazonaws.services.lambda.runtime.LambdaRuntime",
                    "com.amazonaws.services.lambda.runtime.serialization.PojoSerializer",
                    "software.amazon.awssdk.utilslite.SdkInternalThreadLocal")
            .map(BuiltFunction::jarOf)
            .map(Path::toString)
            .collect(Collectors.joining(":"));

    private final Template.Function function;
    private final Path taskRoot;
    private final Path work;

    private BuiltFunction(Template.Function function, Path taskRoot, Path work) {
        this.function = function;
        this.taskRoot = taskRoot;
        this.work = work;
    }

    /**
     * Unpacks a jar.
     *
     * @param work a folder for it and for what its processes leave behind
     */
    private static BuiltFunction unpack(Path jar, Template.Function function, Path work) throws IOException {
        Path taskRoot = Files.createDirectories(work.resolve("task"));
        try (var entries = new JarFile(jar.toFile())) {
            for (var entry : entries.stream().filter(e -> !e.isDirectory()).toList()) {
                Path file = taskRoot.resolve(entry.getName());
                Files.createDirectories(file.getParent());
                try (var content = entries.getInputStream(entry)) {
                    Files.copy(content, file);
                }
            }
        }
        Files.createDirectories(work.resolve("tmp"));
        try (var library = AWSLambda.class.getResourceAsStream("/jni/" + libraryName())) {
            Files.copy(library, work.resolve("runtime.so"), StandardCopyOption.REPLACE_EXISTING);
        }
        return new BuiltFunction(function, taskRoot, work);
    }

    /**
     * Unpacks a function of the template.
     *
     * @param module the Maven module that has built it
     * @param work a folder for it and for what its processes leave behind
     */
    public static BuiltFunction unpack(Path template, String logicalId, String module, Path work) throws IOException {
        var function = function(template, logicalId);
        Path jar = template.resolveSibling(module + "/target/" + module + "-lambda.jar");
        return unpack(jar, function, work.resolve(module));
    }

    /** A function of a template, with any table and any callback API. */
    public static Template.Function function(Path template, String logicalId) {
        return Template.read(template).functions(Map.of("TasksTable", "any", "CallbackApi.ApiEndpoint", "any")).stream()
                .filter(one -> one.logicalId().equals(logicalId))
                .findFirst()
                .orElseThrow();
    }

    /** The function's limit for one invocation. */
    public Duration timeout() {
        return function.timeout();
    }

    /**
     * Starts the function in a JVM of its own, with the environment of the stack and what Lambda adds to it.
     *
     * @param jvmOptions besides Lambda's
     */
    public Running start(Map<String, String> environment, String... jvmOptions) throws IOException {
        var api = LambdaRuntimeApi.start();
        var builder = new ProcessBuilder(command(jvmOptions))
                .directory(taskRoot.toFile())
                .redirectErrorStream(true)
                .redirectOutput(Files.createTempFile(work, "log", ".txt").toFile());
        builder.environment().clear();
        builder.environment().putAll(lambdaEnvironment(function, taskRoot, api));
        builder.environment().put("AWS_EXECUTION_ENV", "AWS_Lambda_java25");
        builder.environment().put("LAMBDA_RUNTIME_DIR", work.toString());
        builder.environment().putAll(environment);
        builder.environment().computeIfPresent("JAVA_TOOL_OPTIONS", (name, options) -> here(options));
        try {
            return new Running(
                    function.timeout(),
                    api,
                    builder.start(),
                    builder.redirectOutput().file().toPath());
        } catch (IOException e) {
            api.close();
            throw e;
        }
    }

    /** The flags are those of Lambda's java17 runtime, without its class data archive and its log4j agent. */
    private List<String> command(String... jvmOptions) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(
                "-XX:MaxHeapSize=" + MEMORY_MB * 85 / 100 + "m",
                "-XX:+UseSerialGC",
                "-XX:+TieredCompilation",
                "-XX:TieredStopAtLevel=1",
                "--add-opens=java.base/java.io=ALL-UNNAMED",
                "-XX:+ErrorFileToStderr",
                "-Dcom.amazonaws.services.lambda.runtime.api.client.runtimeapi.NativeClient.JNI="
                        + work.resolve("runtime.so"),
                // Lambda's /tmp is the function's own, too.
                "-Djava.io.tmpdir=" + work.resolve("tmp")));
        if (Runtime.version().feature() >= 24) {
            // Lambda's runtime loads a library of its own; from Java 24 on that is worth a warning.
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        command.addAll(List.of(jvmOptions));
        command.addAll(List.of("-classpath", RUNTIME, AWSLambda.class.getName(), handler(function)));
        return command;
    }

    private static String handler(Template.Function function) {
        return function.handlerClass();
    }

    /**
     * The variables that every function finds.
     *
     * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html">AWS: environment variables</a>
     */
    public static Map<String, String> lambdaEnvironment(
            Template.Function function, Path taskRoot, LambdaRuntimeApi api) {
        Map<String, String> variables = new HashMap<>();
        variables.put("AWS_LAMBDA_RUNTIME_API", api.hostAndPort());
        variables.put("AWS_LAMBDA_FUNCTION_NAME", function.logicalId());
        variables.put("AWS_LAMBDA_FUNCTION_VERSION", "1");
        variables.put("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", Integer.toString(MEMORY_MB));
        variables.put("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand");
        variables.put("AWS_LAMBDA_LOG_GROUP_NAME", "/smstask/local");
        variables.put("AWS_LAMBDA_LOG_STREAM_NAME", "local");
        variables.put("AWS_LAMBDA_LOG_FORMAT", "Text");
        variables.put("AWS_DEFAULT_REGION", "us-east-1");
        variables.put("LAMBDA_TASK_ROOT", taskRoot.toString());
        variables.put("_HANDLER", handler(function));
        variables.put("LANG", "en_US.UTF-8");
        variables.put("TZ", ":UTC");
        return variables;
    }

    /** The template's options with the paths of this machine in them. */
    private String here(String options) {
        return options.replace("/var/task", taskRoot.toString()).replace("/armv8/", isArm() ? "/armv8/" : "/x86_64/");
    }

    private static String libraryName() {
        return "libaws-lambda-jni.linux-" + (isArm() ? "aarch_64" : "x86_64") + ".so";
    }

    private static boolean isArm() {
        return System.getProperty("os.arch").toLowerCase(Locale.ROOT).equals("aarch64");
    }

    private static Path jarOf(String className) {
        try {
            CodeSource source = Class.forName(className).getProtectionDomain().getCodeSource();
            return Path.of(source.getLocation().toURI());
        } catch (ClassNotFoundException | URISyntaxException e) {
            throw new IllegalStateException("Lambda's runtime has changed: no " + className, e);
        }
    }

    /** One execution environment. Closing it ends the process, whatever it is doing. */
    public static final class Running implements AutoCloseable {

        /** After it, a process that was asked to end is killed. */
        private static final Duration END = Duration.ofSeconds(10);

        private final Duration timeout;
        private final LambdaRuntimeApi api;
        private final Process process;
        private final Path log;

        public Running(Duration timeout, LambdaRuntimeApi api, Process process, Path log) {
            this.timeout = timeout;
            this.api = api;
            this.process = process;
            this.log = log;
        }

        /** Invokes it and waits for the answer; the first invocation waits for the start, too. */
        public LambdaRuntimeApi.Reported invoke(String event) {
            return api.invoke(event, timeout);
        }

        /** Hands it an event and waits for nothing. */
        public CompletableFuture<LambdaRuntimeApi.Reported> begin(String event) {
            return api.begin(event, timeout);
        }

        /** SIGKILL: it does not come to anything more. Returns once it is gone; what it was doing fails. */
        public void kill() {
            try {
                if (!process.destroyForcibly().waitFor(LambdaRuntimeApi.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                    throw new AssertionError(
                            "waited " + LambdaRuntimeApi.PATIENCE + " for a killed process to be gone");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            api.abandon();
        }

        /** Asks it to end, and waits until it has done what it does at its end. */
        public void end(Duration limit) {
            process.destroy();
            try {
                if (!process.waitFor(limit.toSeconds(), TimeUnit.SECONDS)) {
                    throw new AssertionError("waited " + limit + " for the end of a process");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        /** Waits until it has failed to start. */
        public String initError() {
            return api.awaitInitError(LambdaRuntimeApi.PATIENCE).body();
        }

        /** What it asked Lambda for, oldest first. */
        public List<String> calls() {
            return api.calls();
        }

        /** Every line that it has printed, on both streams. */
        public List<String> log() {
            try {
                return Files.readAllLines(log, StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read what the function printed", e);
            }
        }

        @Override
        public void close() {
            process.destroy();
            try {
                if (!process.waitFor(END.toSeconds(), TimeUnit.SECONDS)) {
                    process.destroyForcibly().waitFor(END.toSeconds(), TimeUnit.SECONDS);
                }
            } catch (InterruptedException e) {
                process.destroyForcibly();
                Thread.currentThread().interrupt();
            } finally {
                api.close();
            }
        }
    }
}
