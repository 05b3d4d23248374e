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

    private Machine() {}

    /**
     * The facts by name, in the order of the report.
     *
     * @param load {@link #load()} when the benchmark began
     */
    static Map<String, String> facts(Place place, Options options, String load) {
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
                place.node().map(node -> output(List.of(node.toString(), "-v"))).orElse("none"));
        Path pom = place.root().resolve("pom.xml");
        facts.put("AWS SDK for Java", property(pom, "aws-sdk") + ", aws-crt " + property(pom, "aws-crt"));
        facts.put("twilio-java", property(pom, "twilio"));
        facts.put("Lambda's runtime client", property(pom, "lambda-runtime"));
        Path bundle = place.root().resolve("tools/bench/peers/node/package.json");
        facts.put(
                "Node's AWS SDK and twilio",
                first(bundle, "\"@aws-sdk/client-dynamodb\": *\"([^\"]+)\"") + ", "
                        + first(bundle, "\"twilio\": *\"([^\"]+)\""));
        facts.put("commit", output(List.of("git", "-C", place.root().toString(), "describe", "--always", "--dirty")));
        facts.put(
                "options",
                String.format(
                        Locale.ROOT,
                        "%d rounds, %d MB (%.2f of a processor where throttled), DynamoDB %d ms, Twilio %d ms",
                        options.rounds,
                        options.memory,
                        options.share(),
                        options.dynamoDbMs,
                        options.twilioMs));
        return facts;
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
            return match.find() ? match.group(1).strip() : "unknown";
        } catch (IOException e) {
            return "unknown";
        }
    }

    private static String output(List<String> command) {
        try {
            Process process = new ProcessBuilder(new ArrayList<>(command))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return process.waitFor() == 0 ? output : "unknown";
        } catch (IOException e) {
            return "unknown";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "unknown";
        }
    }
}
