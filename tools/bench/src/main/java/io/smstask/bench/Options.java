package io.smstask.bench;

import io.smstask.local.template.Template;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What can be asked of a benchmark. */
final class Options {

    /** Lambda gives a whole processor at this much memory, and below it a part in proportion. */
    static final double MB_PER_PROCESSOR = 1769;

    private static final List<Integer> USUAL_CPUS = List.of(1, 2);

    /** Which functions. */
    enum Functions {
        send,
        callback,
        both;

        boolean include(Job job) {
            return this == both || job == Job.TRIVIAL || job.word().equals(name());
        }
    }

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "15",
            description = "Cold starts of each variant. Default: ${DEFAULT-VALUE}.")
    int rounds = 15;

    @Option(
            names = "--memory",
            paramLabel = "MB",
            description =
                    "The functions' memory: limits of the heap, and the share of a processor where it is throttled."
                            + " Default: that of template.yaml.")
    @Nullable
    Integer memory;

    @Option(
            names = "--cpus",
            paramLabel = "N",
            split = ",",
            defaultValue = "1,2",
            description =
                    "How many processors a function may use, in turn. The first is the headline, and the only one for"
                            + " --throttle and --warm. Default: ${DEFAULT-VALUE}.")
    List<Integer> cpus = USUAL_CPUS;

    @Option(
            names = "--cold",
            description = "Measure cold starts. Without --cold, --throttle and --warm all three are measured.")
    boolean cold;

    @Option(
            names = "--throttle",
            description = "Measure cold starts with the memory's share of a processor from the first event on.")
    boolean throttle;

    @Option(names = "--warm", description = "Measure invocations of running processes.")
    boolean warm;

    @Option(names = "--check", description = "Only check that every variant does the job; measure nothing.")
    boolean check;

    @Option(
            names = "--only",
            paramLabel = "NAME",
            split = ",",
            description = "Only these variants; --list names them. Ratios need node and naive-java.")
    List<String> only = List.of();

    @Option(names = "--list", description = "Name the variants and end.")
    boolean list;

    @Option(
            names = "--fn",
            paramLabel = "FUNCTION",
            defaultValue = "both",
            description = "send, callback or both. Default: ${DEFAULT-VALUE}.")
    Functions functions = Functions.both;

    @Option(
            names = "--also",
            paramLabel = "LABEL=CHECKOUT",
            description =
                    "Another checkout of this project, already built, with its own template.yaml: before and after.")
    Map<String, Path> also = new LinkedHashMap<>();

    @Option(
            names = "--java-options",
            paramLabel = "LABEL=OPTIONS",
            description =
                    "Our functions with these JAVA_TOOL_OPTIONS in place of the template's. /var/task is the function's"
                            + " folder.")
    Map<String, String> javaOptions = new LinkedHashMap<>();

    @Option(
            names = "--dynamodb-ms",
            paramLabel = "MS",
            defaultValue = "3",
            description = "What DynamoDB takes to answer. Default: ${DEFAULT-VALUE}.")
    int dynamoDbMs = 3;

    @Option(
            names = "--secrets-manager-ms",
            paramLabel = "MS",
            defaultValue = "10",
            description = "What Secrets Manager takes to answer. Default: ${DEFAULT-VALUE}.")
    int secretsManagerMs = 10;

    @Option(
            names = "--twilio-ms",
            paramLabel = "MS",
            defaultValue = "20",
            description = "What Twilio takes to answer. Default: ${DEFAULT-VALUE}.")
    int twilioMs = 20;

    @Option(names = "--no-build", description = "Measure what has been built before.")
    boolean noBuild;

    @Option(
            names = "--results",
            paramLabel = "DIR",
            description =
                    "Where DATE.md and DATE.svg go. Default: tools/bench/results for a whole run of a commit, else"
                            + " tools/bench/target.")
    @Nullable
    Path results;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this and end.")
    boolean help;

    boolean measuresCold() {
        return cold || !isChosen();
    }

    boolean measuresThrottled() {
        return throttle || !isChosen();
    }

    boolean measuresWarm() {
        return warm || !isChosen();
    }

    /** How cold starts are measured, in the order of the tables. */
    List<Setting> settings() {
        List<Setting> settings = new ArrayList<>();
        if (measuresCold()) {
            cpus.forEach(count -> settings.add(new Setting(count, false)));
        }
        if (measuresThrottled()) {
            settings.add(Math.min(1, settings.size()), new Setting(headline(), true));
        }
        return settings;
    }

    /** The processors of the headline, of the chart and of running processes. */
    int headline() {
        return cpus.get(0);
    }

    /** Whether everything is measured that there is: only that is worth keeping. */
    boolean isWhole() {
        return measuresCold()
                && measuresThrottled()
                && measuresWarm()
                && only.isEmpty()
                && also.isEmpty()
                && javaOptions.isEmpty()
                && functions == Functions.both
                && memory == null
                && cpus.equals(USUAL_CPUS)
                && !noBuild;
    }

    /** The functions' memory. */
    int memory(Template template) {
        return memory != null ? memory : Integer.parseInt(template.parameters().get("MemorySize"));
    }

    /** The part of a processor that a memory brings. */
    static double share(int memory) {
        return Math.min(1, memory / MB_PER_PROCESSOR);
    }

    /**
     * What is wrong with them; empty if nothing is.
     *
     * @param processors how many this machine has
     */
    List<String> problems(int processors) {
        List<String> problems = new ArrayList<>();
        if (rounds < 1) {
            problems.add("--rounds must be 1 or more");
        }
        if (memory != null && (memory < 128 || memory > 10_240)) {
            problems.add("--memory must be from 128 to 10240");
        }
        if (cpus.stream().anyMatch(count -> count < 1 || count > processors)) {
            problems.add("--cpus must be from 1 to " + processors + ", the processors of this machine");
        }
        if (dynamoDbMs < 0 || secretsManagerMs < 0 || twilioMs < 0) {
            problems.add("--dynamodb-ms, --secrets-manager-ms and --twilio-ms must not be negative");
        }
        return problems;
    }

    private boolean isChosen() {
        return cold || throttle || warm;
    }
}
