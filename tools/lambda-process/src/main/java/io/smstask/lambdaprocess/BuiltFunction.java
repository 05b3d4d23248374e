package io.smstask.lambdaprocess;

import io.smstask.local.template.Template;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Prepares the functions that this checkout has built, as {@code template.yaml} says. Callers add the stack's environment. */
public final class BuiltFunction {

    private static final Map<String, String> ANY =
            Map.of("TasksTable", "any", "PollQueue", "any", "CallbackApi.ApiEndpoint", "any");

    private BuiltFunction() {}

    /**
     * Unpacks the jar of a function.
     *
     * @param module the Maven module that has built it
     * @param work a folder for it
     */
    public static Launch unpack(Path template, String logicalId, String module, Path work) throws IOException {
        Path jar = template.resolveSibling(module + "/target/" + module + "-lambda.jar");
        Path taskRoot = Files.createDirectories(work.resolve(module).resolve("task"));
        // Lambda's runtime loads a library of its own; from Java 24 on that is worth a warning.
        String[] options =
                Runtime.version().feature() < 24 ? new String[0] : new String[] {"--enable-native-access=ALL-UNNAMED"};
        var read = Template.read(template);
        var function = read.function(logicalId, ANY);
        return Runtimes.java(Runtimes.unpack(jar, taskRoot), function.handlerClass(), limits(read, function), options);
    }

    /**
     * A function's package with a runtime of its own.
     *
     * @param folder the unpacked package
     */
    public static Launch own(Path template, String logicalId, Path folder) {
        var read = Template.read(template);
        var function = read.function(logicalId, ANY);
        return Runtimes.own(folder, function.handlerClass(), limits(read, function));
    }

    private static Limits limits(Template template, Template.Function function) {
        return new Limits(Integer.parseInt(template.parameters().get("MemorySize")), function.timeout());
    }
}
