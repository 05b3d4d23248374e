package io.smstask.lambdaprocess;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How a process is started.
 *
 * @param command the program with its arguments; <code>{tmp}</code> in them is the process's own folder for temporary files
 * @param environment complete, except for what only the start adds
 * @param taskRoot the function's folder, and the process's working directory
 * @param timeout of the function, for one event
 */
public record Launch(List<String> command, Map<String, String> environment, Path taskRoot, Duration timeout) {

    private static final String JVM_OPTIONS = "JAVA_TOOL_OPTIONS";

    /** Copies what it is given. */
    public Launch {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }

    /** With these variables, as a template sets them. */
    public Launch with(Map<String, String> variables) {
        Map<String, String> all = new HashMap<>(environment);
        all.putAll(variables);
        // On Lambda the function is there, on a processor of the template's kind.
        all.computeIfPresent(
                JVM_OPTIONS,
                (name, options) -> options.replace("/var/task", taskRoot.toString())
                        .replace("/armv8/", isArm() ? "/armv8/" : "/x86_64/"));
        return new Launch(command, all, taskRoot, timeout);
    }

    /** With more options for the JVM, after those that it has. */
    public Launch withJvmOptions(String more) {
        Map<String, String> all = new HashMap<>(environment);
        all.merge(JVM_OPTIONS, more, (before, after) -> before + " " + after);
        return new Launch(command, all, taskRoot, timeout);
    }

    static boolean isArm() {
        return System.getProperty("os.arch").toLowerCase(Locale.ROOT).equals("aarch64");
    }
}
