package io.smstask.bench;

import io.smstask.lambdaprocess.Launch;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * The harness, started by {@code tools/bench/run} in a namespace where AWS's and Twilio's names lead here: rehearses every variant,
 * measures it and writes the report.
 */
@Command(
        name = "tools/bench/run",
        sortOptions = false,
        usageHelpAutoWidth = true,
        description = "Measures how fast the functions start and what a call costs, beside Node and plain Java.",
        footer = {
            "",
            "Examples:",
            "  tools/bench/run                                       all of it, some 15 minutes",
            "  tools/bench/run --no-build --cold --only smstask --rounds 5",
            "  tools/bench/run --cold --only smstask,before --also before=../smstask-before",
            "  tools/bench/run --check                               does every variant do the job?"
        })
public final class Bench implements Callable<Integer> {

    private static final int WARM_PASSES = 2;
    private static final int HTTPS = 443;

    @Mixin
    private Options options = new Options();

    @Spec
    private @Nullable CommandSpec command;

    private final BenchFiles files;
    private final LocalDate date;
    private final Processors processors = Processors.here();

    Bench(BenchFiles files, LocalDate date) {
        this.files = files;
        this.date = date;
    }

    /**
     * Runs a benchmark.
     *
     * @param args the project's folder, the scratch folder, the path of node (or nothing), then the options
     */
    public static void main(String[] args) {
        var files = new BenchFiles(
                Path.of(args[0]),
                Path.of(args[1]),
                args[2].isEmpty() ? Optional.empty() : Optional.of(Path.of(args[2])));
        var options = List.of(args).subList(3, args.length).toArray(String[]::new);
        System.exit(new CommandLine(new Bench(files, LocalDate.now()))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler(Bench::failed)
                .execute(options));
    }

    private static int failed(Exception e, CommandLine line, CommandLine.ParseResult parsed) throws Exception {
        if (e instanceof RunFailed) {
            line.getErr().println("bench: " + e.getMessage());
            return 1;
        }
        throw e;
    }

    /** A variant at one job, ready to be started. */
    private record Candidate(Results.Key key, Launch launch, Recording recording) {
        Program program() {
            return key.variant().programs().get(key.job());
        }
    }

    @Override
    public Integer call() throws IOException, GeneralSecurityException {
        List<String> problems = options.problems(processors.count());
        if (!problems.isEmpty()) {
            throw new CommandLine.ParameterException(line(), String.join("; ", problems));
        }
        List<Variant> variants = Variants.chosen(Variants.of(files, options), options.only);
        if (options.list) {
            variants.forEach(variant -> out().println(variant.name()
                    + variant.missing().map(why -> "   (not here: " + why + ")").orElse("")));
            return 0;
        }
        String commit = Machine.commit(files.root());
        if (isKept() && !Machine.isClean(commit)) {
            throw new RunFailed(
                    "results are kept of a clean commit only. Commit what has changed, or say --results DIR:"
                            + " then the file is marked as dirty");
        }
        String load = Machine.load();
        List<String> notes = new ArrayList<>();
        for (Variant variant : variants) {
            variant.missing().ifPresent(why -> notes.add("left out: " + variant.name() + ", since " + why));
        }
        notes.forEach(out()::println);
        List<Variant> there =
                variants.stream().filter(variant -> variant.missing().isEmpty()).toList();
        if (there.isEmpty()) {
            throw new RunFailed("there is nothing to measure");
        }
        try (var downstream = Downstream.start(
                TlsContexts.server(files.serverStore()),
                HTTPS,
                new Downstream.Delays(
                        Duration.ofMillis(options.dynamoDbMs),
                        Duration.ofMillis(options.secretsManagerMs),
                        Duration.ofMillis(options.twilioMs)))) {
            List<Candidate> candidates = rehearse(there, downstream);
            if (!options.check) {
                write(measure(candidates, downstream), notes, Machine.facts(files, options, commit, load));
            }
        }
        return 0;
    }

    private List<Candidate> rehearse(List<Variant> variants, Downstream downstream) throws IOException {
        List<Candidate> candidates = new ArrayList<>();
        Path events = files.root().resolve("events");
        try (var check = VariantCheck.start(downstream, new Events(events), files.template(), files.scratch())) {
            for (Variant variant : variants) {
                Map<Job, Launch> launches = new LinkedHashMap<>();
                for (var program : variant.programs().entrySet()) {
                    Path folder = files.scratch()
                            .resolve(variant.name() + "-" + program.getKey().word());
                    launches.put(program.getKey(), program.getValue().prepare(Files.createDirectories(folder)));
                }
                Map<Job, Recording> recordings;
                try {
                    recordings = check.rehearse(launches);
                } catch (RunFailed e) {
                    throw new RunFailed(variant.name() + ": " + e.getMessage(), e);
                }
                launches.forEach((job, launch) -> {
                    if (options.functions.include(job)) {
                        candidates.add(new Candidate(new Results.Key(variant, job), launch, recordings.get(job)));
                    }
                });
                out().println("checked: " + variant.name());
            }
        }
        return candidates;
    }

    private Results measure(List<Candidate> candidates, Downstream downstream)
            throws IOException, GeneralSecurityException {
        var results = new Results(date);
        for (Candidate candidate : candidates) {
            Optional<LoadedClasses> classes =
                    LoadedClasses.of(candidate.launch(), candidate.recording(), downstream, files.scratch());
            results.add(candidate.key(), new Results.Facts(candidate.program().artefactBytes(), classes));
        }
        EndpointWarmUp.run(downstream, files.trustStore());
        for (Setting setting : options.settings()) {
            Processors.moveTo(processors.besideLast(setting.processors()));
            cold(candidates, downstream, results, setting);
        }
        if (options.measuresWarm()) {
            Processors.moveTo(processors.besideLast(options.headline()));
            warm(candidates, downstream, results);
        }
        return results;
    }

    private void cold(List<Candidate> candidates, Downstream downstream, Results results, Setting setting) {
        String what = "cold, " + setting.processors() + (setting.isThrottled() ? ", throttled" : "");
        var share = setting.isThrottled()
                ? OptionalDouble.of(Options.share(options.memory(files.template())))
                : OptionalDouble.empty();
        try (var progress = Progress.of(what, (options.rounds + 1) * candidates.size())) {
            // The first round fills the caches of the file system, and is not counted.
            for (int round = -1; round < options.rounds; round++) {
                for (Candidate candidate : Statistics.rotated(candidates, round)) {
                    ColdRun run = named(
                            candidate,
                            () -> ColdRun.of(
                                    candidate.key().job(),
                                    candidate.launch(),
                                    candidate.recording(),
                                    downstream,
                                    files.scratch(),
                                    processors.last(setting.processors()),
                                    share));
                    if (round >= 0) {
                        results.addCold(candidate.key(), setting, run);
                    }
                    progress.step();
                }
            }
        }
    }

    private void warm(List<Candidate> candidates, Downstream downstream, Results results) {
        try (var progress = Progress.of("warm", WARM_PASSES * candidates.size())) {
            for (int pass = 0; pass < WARM_PASSES; pass++) {
                for (Candidate candidate : Statistics.rotated(candidates, pass)) {
                    results.addWarm(
                            candidate.key(),
                            named(
                                    candidate,
                                    () -> WarmRun.of(
                                            candidate.key().job(),
                                            candidate.launch(),
                                            candidate.recording(),
                                            downstream,
                                            files.scratch(),
                                            processors.last(options.headline()))));
                    progress.step();
                }
            }
        }
    }

    private static <T> T named(Candidate candidate, Supplier<T> run) {
        try {
            return run.get();
        } catch (RunFailed e) {
            throw new RunFailed(
                    candidate.key().variant().name() + ", "
                            + candidate.key().job().word() + ": " + e.getMessage(),
                    e);
        }
    }

    private void write(Results results, List<String> notes, Map<String, String> facts) throws IOException {
        out().println(Report.tables(results));
        Path usual = files.root().resolve(isKept() ? "tools/bench/results" : "tools/bench/target");
        Path folder =
                Files.createDirectories(Optional.ofNullable(options.results).orElse(usual));
        Optional<String> chart = Optional.empty();
        if (results.headline().isPresent()) {
            chart = Optional.of(date + ".svg");
            Files.writeString(
                    folder.resolve(date + ".svg"),
                    Chart.of(results, results.headline().get()));
        }
        Path page = folder.resolve(date + ".md");
        Files.writeString(page, Report.of(results, facts, notes, chart));
        out().println("written: " + page);
    }

    /** Whether the results are for the repository. */
    private boolean isKept() {
        return options.isWhole() && options.results == null && !options.check;
    }

    private PrintWriter out() {
        return line().getOut();
    }

    private CommandLine line() {
        return Objects.requireNonNull(command, "picocli sets it").commandLine();
    }
}
