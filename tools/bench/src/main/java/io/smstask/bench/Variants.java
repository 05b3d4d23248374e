package io.smstask.bench;

import io.smstask.bench.trivial.TrivialHandler;
import io.smstask.lambdaprocess.Limits;
import io.smstask.local.LocalStack;
import io.smstask.local.template.Template;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Who is compared: the one place to add somebody. */
final class Variants {

    /** What ratios refer to. */
    static final List<String> BASES = List.of("node", "naive-java");

    private static final String OPTIONS = "JAVA_TOOL_OPTIONS";

    /** The modules of our functions, and their names in the template. */
    private static final Map<Job, String> MODULES =
            Map.of(Job.SEND, "send-function", Job.CALLBACK, "callback-function");

    private static final Map<Job, String> LOGICAL_IDS =
            Map.of(Job.SEND, LocalStack.SEND_FUNCTION, Job.CALLBACK, LocalStack.CALLBACK_FUNCTION);

    /** Of the role and the region, and what all variants are told. */
    private static final Map<String, String> SETTINGS = Map.of(
            "AWS_REGION", "eu-central-1",
            "AWS_DEFAULT_REGION", "eu-central-1",
            "AWS_ACCESS_KEY_ID", "ASIAEXAMPLEEXAMPLE00",
            "AWS_SECRET_ACCESS_KEY", "0000000000000000000000000000000000000000",
            "AWS_SESSION_TOKEN", "example-session-token",
            "TASKS_TABLE", VariantCheck.TABLE,
            "TWILIO_SECRET_ID", Events.SECRET_ID,
            "CALLBACK_BASE_URL", Events.CALLBACK_BASE_URL);

    private static final Duration TIMEOUT = Duration.ofSeconds(28);

    private final BenchFiles files;
    private final Limits limits;

    private Variants(BenchFiles files, int memory) {
        this.files = files;
        this.limits = new Limits(memory, TIMEOUT);
    }

    /** All of them, in the order of the tables, whether this machine can run them or not. */
    static List<Variant> of(BenchFiles files, Options options) {
        return new Variants(files, options.memory(files.template())).all(options);
    }

    private List<Variant> all(Options options) {
        Path peers = files.root().resolve("tools/bench/peers");
        Map<String, String> primed = new HashMap<>(SETTINGS);
        primed.put("PRIME", "1");
        List<Variant> all = new ArrayList<>(List.of(
                new Variant("node", "Node 20, bundled", both(job -> node(peers, job, SETTINGS))),
                new Variant("node-primed", "Node 20, bundled, connects at init", both(job -> node(peers, job, primed))),
                new Variant("naive-java", "Java as usual", both(job -> naive(peers, job))),
                new Variant("smstask", "smstask", both(job -> ours(files.root(), job, Optional.empty()))),
                new Variant(
                        "smstask-own-runtime", "smstask, own runtime", both(job -> ownRuntime(files.root(), job)))));
        options.also.forEach((label, checkout) ->
                all.add(new Variant(label, label, both(job -> ours(checkout, job, Optional.empty())))));
        options.javaOptions.forEach((label, java) ->
                all.add(new Variant(label, label, both(job -> ours(files.root(), job, Optional.of(java))))));
        all.add(new Variant(
                "trivial-node", "Node 20, nothing to do", Map.of(Job.TRIVIAL, node(peers, Job.TRIVIAL, SETTINGS))));
        all.add(new Variant("trivial-java", "Java, nothing to do", Map.of(Job.TRIVIAL, trivialJava())));
        return all;
    }

    private interface ProgramOf {
        Program job(Job job);
    }

    private static Map<Job, Program> both(ProgramOf programs) {
        Map<Job, Program> both = new LinkedHashMap<>();
        both.put(Job.SEND, programs.job(Job.SEND));
        both.put(Job.CALLBACK, programs.job(Job.CALLBACK));
        return both;
    }

    private Program node(Path peers, Job job, Map<String, String> environment) {
        Path dist = peers.resolve("node/dist");
        return new NodeProgram(
                files.node(),
                dist.resolve("runtime.mjs"),
                dist.resolve(job.word()),
                environment,
                limits,
                files.rootCertificate());
    }

    private Program naive(Path peers, Job job) {
        Path jar = peers.resolve("naive-java/target/naive-java.jar");
        String handler = "bench.naive." + (job == Job.SEND ? "SendHandler" : "CallbackHandler");
        return new JavaProgram(jar, handler, SETTINGS, limits, trustStore());
    }

    private Program ours(Path checkout, Job job, Optional<String> javaOptions) {
        String module = MODULES.get(job);
        Path jar = checkout.resolve(module + "/target/" + module + "-lambda.jar");
        Template.Function function = function(checkout, job);
        Map<String, String> environment = environment(checkout, function);
        javaOptions.ifPresent(options -> environment.put(OPTIONS, options));
        return new JavaProgram(jar, function.handlerClass(), environment, limits, trustStore());
    }

    private Program ownRuntime(Path checkout, Job job) {
        Template.Function function = function(checkout, job);
        Map<String, String> environment = environment(checkout, function);
        // Its bootstrap says what its JVM needs.
        environment.remove(OPTIONS);
        return new OwnRuntimeProgram(
                checkout.resolve(MODULES.get(job) + "/target/own-runtime"),
                function.handlerClass(),
                environment,
                limits);
    }

    private Program trivialJava() {
        String classFile = TrivialHandler.class.getName().replace('.', '/') + ".class";
        Path classes = files.root().resolve("tools/bench/target/classes");
        return new JavaProgram(
                classes.resolve(classFile), TrivialHandler.class.getName(), SETTINGS, limits, Optional.empty());
    }

    private static Template.Function function(Path checkout, Job job) {
        Path template = checkout.resolve("template.yaml");
        if (!Files.exists(template)) {
            throw new RunFailed(checkout + " is no checkout of this project: there is no template.yaml");
        }
        return Template.read(template)
                .function(
                        LOGICAL_IDS.get(job),
                        Map.of(
                                VariantCheck.TABLE,
                                VariantCheck.TABLE,
                                LocalStack.POLL_QUEUE,
                                "any",
                                "TwilioSecretId",
                                Events.SECRET_ID,
                                "CallbackApi.ApiEndpoint",
                                Events.CALLBACK_BASE_URL));
    }

    /** The template's, and what Lambda sets where the template asks for logs in JSON. */
    private static Map<String, String> environment(Path checkout, Template.Function function) {
        Map<String, String> environment = new HashMap<>(SETTINGS);
        environment.putAll(function.environment());
        if (template(checkout).contains("LogFormat: JSON")) {
            environment.put("AWS_LAMBDA_LOG_FORMAT", "JSON");
            environment.put("AWS_LAMBDA_LOG_LEVEL", "INFO");
        }
        return environment;
    }

    private static String template(Path checkout) {
        try {
            return Files.readString(checkout.resolve("template.yaml"));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the template of " + checkout, e);
        }
    }

    private Optional<Path> trustStore() {
        return Optional.of(files.trustStore());
    }

    /** Those that were asked for; a name that nobody has is a mistake. */
    static List<Variant> chosen(List<Variant> all, List<String> names) {
        List<String> known = all.stream().map(Variant::name).toList();
        for (String name : names) {
            if (!known.contains(name)) {
                throw new RunFailed("there is no variant " + name + "; there are " + String.join(", ", known));
            }
        }
        return all.stream()
                .filter(variant -> names.isEmpty() || names.contains(variant.name()))
                .toList();
    }
}
