package io.smstask.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** What the figures depend on: machine, versions, options. */
final class Machine {

    /** The fact that says what was measured. */
    static final String COMMIT = "commit";

    private static final String UNKNOWN = "unknown";

    /** What a commit's name ends with where files differ from it. */
    private static final String DIRTY = "-dirty";

    private Machine() {}

    /**
     * The facts by name, in the order of the report.
     *
     * @param commit {@link #commit} when the benchmark began
     * @param load {@link #load()} when the benchmark began
     */
    static Map<String, String> facts(BenchFiles files, Options options, String commit, String load) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put(
                "machine",
                first(Path.of("/proc/cpuinfo"), "model name\\s*: (.*)") + ", "
                        + Runtime.getRuntime().availableProcessors() + " processors, " + System.getProperty("os.arch"));
        facts.put("kernel", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        facts.put("load when it began", load);
        facts.put("JDK", System.getProperty("java.runtime.version") + ", " + System.getProperty("java.vendor"));
        facts.put(
                "Node",
                files.node().map(node -> output(List.of(node.toString(), "-v"))).orElse("none"));
        Path pom = files.root().resolve("pom.xml");
        facts.put("AWS SDK for Java", property(pom, "aws-sdk") + ", aws-crt " + property(pom, "aws-crt"));
        facts.put("twilio-java", property(pom, "twilio"));
        facts.put("Lambda's runtime client", property(pom, "lambda-runtime"));
        Path bundle = files.root().resolve("tools/bench/peers/node/package.json");
        facts.put(
                "Node's AWS SDK and twilio",
                first(bundle, "\"@aws-sdk/client-dynamodb\": *\"([^\"]+)\"") + " and "
                        + first(bundle, "\"@aws-sdk/client-secrets-manager\": *\"([^\"]+)\"") + ", "
                        + first(bundle, "\"twilio\": *\"([^\"]+)\""));
        facts.put(COMMIT, commit);
        int memory = options.memory(files.template());
        facts.put(
                "options",
                String.format(
                        Locale.ROOT,
                        "%d rounds, %d MB (%.2f of a processor where throttled), DynamoDB %d ms, Secrets Manager %d ms,"
                                + " Twilio %d ms",
                        options.rounds,
                        memory,
                        Options.share(memory),
                        options.dynamoDbMs,
                        options.secretsManagerMs,
                        options.twilioMs));
        return facts;
    }

    /** The commit of a checkout; {@link #isClean} tells whether that is all that was measured. */
    static String commit(Path root) {
        String head = git(root, "rev-parse", "--short=12", "HEAD");
        // New results change nothing that is measured.
        return head
                + (git(root, "status", "--porcelain", "--", ".", ":!tools/bench/results")
                                .isEmpty()
                        ? ""
                        : DIRTY);
    }

    /** Whether the checkout holds what its commit says, and nothing else. */
    static boolean isClean(String commit) {
        return !commit.equals(UNKNOWN) && !commit.endsWith(DIRTY);
    }

    private static String git(Path root, String... command) {
        List<String> git = new ArrayList<>(List.of("git", "-C", root.toString()));
        git.addAll(List.of(command));
        return output(git);
    }

    /** Processes that wanted to run in the last minute, on average. */
    static String load() {
        return first(Path.of("/proc/loadavg"), "([0-9.]+)");
    }

    private static String property(Path pom, String name) {
        return first(pom, "<" + Pattern.quote(name) + "\\.version>([^<]+)<");
    }

    private static String first(Path file, String pattern) {
        try {
            var match = Pattern.compile(pattern).matcher(Files.readString(file));
            return match.find() ? match.group(1).strip() : UNKNOWN;
        } catch (IOException e) {
            return UNKNOWN;
        }
    }

    private static String output(List<String> command) {
        try {
            Process process = new ProcessBuilder(new ArrayList<>(command))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return process.waitFor() == 0 ? output : UNKNOWN;
        } catch (IOException e) {
            return UNKNOWN;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return UNKNOWN;
        }
    }
}
