package io.smstask.local;

import io.smstask.local.console.Console;
import io.smstask.local.template.Template;
import io.smstask.local.template.TemplateException;
import io.smstask.simulator.Account;
import io.smstask.simulator.TwilioSimulator;
import java.io.IOException;
import java.io.PrintStream;
import java.net.BindException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** {@code mvn -q compile exec:java}: the local stack, a demo SMS, and commands to try. */
@Command(
        name = "smstask",
        description = "Runs the whole stack on this machine and sends one demo SMS through it.",
        sortOptions = false)
public final class Main implements Callable<Integer> {

    private static final int MAX_PORT = 65_531;

    @Option(
            names = "--once",
            description = "End after the demo; exit code 0 if the task reached its green end, else 1.")
    private boolean once;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "8080",
            description =
                    "First of five consecutive ports: tasks API, callback API, Twilio simulator, DynamoDB, console. "
                            + "0 chooses free ones. Default: ${DEFAULT-VALUE}.")
    private int port;

    @Option(names = "--data", paramLabel = "DIR", description = "Keep the tasks in this folder. Default: in memory.")
    private @Nullable Path data;

    @Option(
            names = "--twilio",
            paramLabel = "URL",
            description = "Use this Twilio, for instance https://api.twilio.com, instead of the simulator. "
                    + "Needs TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN in the environment.")
    private @Nullable String twilio;

    @Option(
            names = "--callback-base-url",
            paramLabel = "URL",
            description = "Where Twilio reaches the callback API, for instance through a tunnel.")
    private @Nullable String callbackBaseUrl;

    @Option(names = "--from", paramLabel = "NUMBER", description = "Sender of the demo SMS.")
    private @Nullable String from;

    @Option(names = "--to", paramLabel = "NUMBER", description = "Recipient of the demo SMS.")
    private @Nullable String to;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    @CommandLine.Spec
    private CommandLine.Model.@Nullable CommandSpec spec;

    private final PrintStream out;
    private final Map<String, String> env;
    private volatile boolean isDemoOver;

    Main(PrintStream out, Map<String, String> env) {
        this.out = out;
        this.env = env;
    }

    /** Exits explicitly: server threads would keep the process alive after an error. */
    public static void main(String[] args) {
        int code = 1;
        try {
            code = run(System.out, System.err, System.getenv(), args);
        } catch (Throwable e) { // an Error must end the process, too
            e.printStackTrace();
        }
        System.exit(code);
    }

    static int run(PrintStream out, PrintStream err, Map<String, String> env, String... args) {
        CommandLine command = new CommandLine(new Main(out, env));
        command.setParameterExceptionHandler((e, given) -> {
            err.println(e.getMessage());
            return 2;
        });
        command.setExecutionExceptionHandler((e, line, result) -> {
            err.println(oneLine(e));
            return 1;
        });
        return command.execute(args);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Template template = Template.read(Template.find()).with(LocalStack.WITH_SEND_QUEUE);
        try (LocalStack stack = start(options(), template);
                WaitingCaller caller = stack.waitingCaller();
                Console console = stack.console(port == 0 ? 0 : port + 4)) {
            printAddresses(stack, console);
            boolean isGreen = true;
            if (stack.simulator().isPresent() || from != null && to != null) {
                // An idle machine needs two seconds.
                Duration patience = Duration.ofMinutes(5);
                isGreen = new Demo(stack.tasksUrl(), caller, out)
                        .run(
                                "demo-" + System.currentTimeMillis(),
                                Optional.ofNullable(from).orElse("+15005550006"),
                                Optional.ofNullable(to).orElse("+15558675310"),
                                patience);
            }
            if (once) {
                return isGreen ? 0 : 1;
            }
            printWhatToTry(stack, console);
            isDemoOver = true;
            new CountDownLatch(1).await();
            return 0;
        }
    }

    /** A slow start shows what it waits for: the last part of the line. */
    private LocalStack start(LocalOptions options, Template template) {
        out.print("Starting");
        try {
            return LocalStack.start(options, template, part -> {
                out.print(" … " + part);
                out.flush();
            });
        } finally {
            out.printf("%n%n");
            out.flush();
        }
    }

    private LocalOptions options() {
        if (port < 0 || port > MAX_PORT) {
            throw wrong("--port must be a number from 0 to " + MAX_PORT);
        }
        if (once && twilio != null && (from == null || to == null)) {
            throw wrong("--once with --twilio needs --from and --to");
        }
        if (twilio != null && callbackBaseUrl == null) {
            throw wrong("--twilio needs --callback-base-url: Twilio cannot reach 127.0.0.1");
        }
        return new LocalOptions(
                port,
                Optional.ofNullable(data),
                twilio == null ? LocalOptions.SIMULATED_ACCOUNT : ownAccount(),
                Optional.ofNullable(twilio),
                Optional.ofNullable(callbackBaseUrl),
                Duration.ofMillis(300),
                Optional.empty(),
                this::log,
                List.of(),
                // The real Twilio has its own clock.
                twilio == null ? new AheadClock() : Clock.systemUTC(),
                Map.of());
    }

    /** Shows the functions' log only after the demo, whose table it would interrupt. */
    private void log(String line) {
        if (isDemoOver) {
            out.println(line);
        }
    }

    private Account ownAccount() {
        String sid = env.getOrDefault("TWILIO_ACCOUNT_SID", "");
        String token = env.getOrDefault("TWILIO_AUTH_TOKEN", "");
        if (sid.isEmpty() || token.isEmpty()) {
            throw wrong("--twilio needs TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN in the environment");
        }
        return new Account(sid, token);
    }

    private ParameterException wrong(String message) {
        return new ParameterException(
                java.util.Objects.requireNonNull(spec, "picocli sets it").commandLine(), message);
    }

    private void printAddresses(LocalStack stack, Console console) {
        out.printf("smstask on this machine%n");
        out.printf("  console        %s   open it in a browser%n", console.baseUrl());
        out.printf("  tasks API      %s%n", stack.tasksUrl());
        out.printf("  callback API   %s%n", stack.callbackUrl());
        out.printf(
                "  Twilio         %s%n",
                stack.simulator()
                        .map(simulator -> simulator.baseUrl() + "   a simulator: no SMS leaves this machine")
                        .orElse(twilio + "   the real one: SMS cost money"));
        out.printf(
                "  DynamoDB       %s   %s%n",
                stack.dynamoDb().endpoint(), data == null ? "in memory" : "kept in " + data);
        out.printf("  queue          %s%n%n", stack.queue(LocalStack.SEND_QUEUE).url());
        out.flush();
    }

    private void printWhatToTry(LocalStack stack, Console console) {
        out.printf("%nTry it (Ctrl-C ends): %s in a browser, or%n", console.baseUrl());
        out.printf(
                "  curl -i %s/tasks -H 'Content-Type: application/json' \\%n"
                        + "    -d '{\"task_id\":\"order-4711\",\"number_from\":\"+15005550006\",\"number_to\":\"+15558675310\",\"body\":\"Hello\"}'%n",
                stack.tasksUrl());
        out.printf("  curl %s/tasks/order-4711%n", stack.tasksUrl());
        stack.simulator().ifPresent(this::printNumbers);
        out.flush();
    }

    private void printNumbers(TwilioSimulator simulator) {
        out.printf("%nTo +12025550105 the message is undelivered (30005), to +12025550107 it fails (30007);%n"
                + "to +15005550001 Twilio refuses it (21211).%n");
    }

    /** One clear line for what a user can fix; the class name with anything unexpected. */
    private static String oneLine(Exception e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof BindException) {
                return "A port is taken: choose others with --port (five consecutive ones), or --port 0.";
            }
        }
        return e instanceof TemplateException || e instanceof IllegalStateException
                ? String.valueOf(e.getMessage())
                : e.toString();
    }
}
