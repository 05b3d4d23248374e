package io.smstask.simulator;

import java.io.PrintStream;
import java.net.BindException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The simulator as a program of its own, to test other software against. */
@Command(
        name = "twilio-simulator",
        description = "Twilio's Messages API on 127.0.0.1, with faults by rate and a control API. No SMS is sent.",
        sortOptions = false)
public final class SimulatorMain implements Callable<Integer> {
    private static final String TOKEN_VARIABLE = "TWILIO_AUTH_TOKEN";
    private static final String SECRET_VARIABLE = "TWILIO_API_SECRET";

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "8082",
            description = "0 chooses a free one. Default: ${DEFAULT-VALUE}.")
    private int port;

    @Option(
            names = "--account",
            paramLabel = "SID[:VARIABLE]",
            description = "An account, and the environment variable that holds its AuthToken (default: "
                    + TOKEN_VARIABLE + "). May be repeated. Default: an example account, whose token is shown.")
    private List<String> accounts = new ArrayList<>();

    @Option(
            names = "--subaccount",
            paramLabel = "SID[:VARIABLE]",
            description =
                    "A subaccount of the first account, whose credentials may be used for it too. May be repeated.")
    private List<String> subaccounts = new ArrayList<>();

    @Option(
            names = "--api-key",
            paramLabel = "SID[:VARIABLE]",
            description =
                    "An API key of the first account, and the environment variable that holds its secret (default: "
                            + SECRET_VARIABLE + "). May be repeated.")
    private List<String> apiKeys = new ArrayList<>();

    @Option(
            names = "--delay",
            paramLabel = "MILLIS",
            defaultValue = "300",
            description = "Time before each status. Default: ${DEFAULT-VALUE}.")
    private long delay;

    @Option(
            names = "--seed",
            paramLabel = "NUMBER",
            defaultValue = "0",
            description = "The same seed gives the same faults. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--fault",
            paramLabel = "NAME=RATE",
            description = "Share of the messages that get a fault, from 0 to 1. May be repeated. One of: "
                    + "${COMPLETION-CANDIDATES}.")
    private Map<Fault, Double> faults = new LinkedHashMap<>();

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    @CommandLine.Spec
    private CommandLine.Model.@Nullable CommandSpec spec;

    private final PrintStream out;
    private final Map<String, String> env;
    private final Consumer<TwilioSimulator> untilTheEnd;

    private SimulatorMain(PrintStream out, Map<String, String> env, Consumer<TwilioSimulator> untilTheEnd) {
        this.out = out;
        this.env = env;
        this.untilTheEnd = untilTheEnd;
    }

    /** Runs until the process is ended. */
    public static void main(String[] args) {
        System.exit(run(System.out, System.err, System.getenv(), simulator -> waitForever(), args));
    }

    private static void waitForever() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Starts a simulator and closes it when the action returns.
     *
     * @return 0, or 1 if it could not start, or 2 if an option is wrong
     */
    static int run(
            PrintStream out,
            PrintStream err,
            Map<String, String> env,
            Consumer<TwilioSimulator> untilTheEnd,
            String... args) {
        var command = new CommandLine(new SimulatorMain(out, env, untilTheEnd));
        command.setParameterExceptionHandler((e, given) -> {
            err.println(e.getMessage());
            return 2;
        });
        command.setExecutionExceptionHandler((e, line, result) -> {
            err.println(isPortTaken(e) ? "The port is taken: choose another one with --port, or --port 0." : e);
            return 1;
        });
        return command.execute(args);
    }

    private static boolean isPortTaken(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof BindException) {
                return true;
            }
        }
        return false;
    }

    @Override
    public Integer call() {
        try (var simulator = TwilioSimulator.start(options())) {
            out.printf("Twilio simulator  %s   no SMS leaves this machine; Ctrl-C ends%n", simulator.baseUrl());
            out.printf("control           %s/_control/messages%n", simulator.baseUrl());
            if (accounts.isEmpty()) {
                out.printf("account           %s, AuthToken %s%n", Account.EXAMPLE.sid(), Account.EXAMPLE.authToken());
            }
            if (!faults.isEmpty()) {
                out.printf("faults            %s, seed %d%n", faultRates().rates(), seed);
            }
            out.flush();
            untilTheEnd.accept(simulator);
        }
        return 0;
    }

    private SimulatorOptions options() {
        if (port < 0 || port > 65_535) {
            throw wrong("--port must be a number from 0 to 65535");
        }
        if (delay < 0) {
            throw wrong("--delay must not be negative");
        }
        var known = new ArrayList<Account>();
        accounts.forEach(option -> known.add(account("--account", option)));
        if (known.isEmpty()) {
            known.add(Account.EXAMPLE);
        }
        for (String option : apiKeys) {
            var key = login("--api-key", "SK", "secret", SECRET_VARIABLE, option);
            known.set(0, known.get(0).withApiKey(key.getKey(), key.getValue()));
        }
        subaccounts.forEach(option ->
                known.add(account("--subaccount", option).under(known.get(0).sid())));
        return SimulatorOptions.of(known.toArray(Account[]::new))
                .withPort(port)
                .withCallbackDelay(Duration.ofMillis(delay))
                .withFaultRates(faultRates());
    }

    private Account account(String name, String option) {
        var login = login(name, "AC", "AuthToken", TOKEN_VARIABLE, option);
        return new Account(login.getKey(), login.getValue());
    }

    /** A sid and its secret. */
    private Map.Entry<String, String> login(String name, String prefix, String kind, String preset, String option) {
        int colon = option.indexOf(':');
        String sid = colon < 0 ? option : option.substring(0, colon);
        String variable = colon < 0 ? preset : option.substring(colon + 1);
        if (!sid.matches(prefix + "[0-9a-fA-F]{32}")) {
            throw wrong(name + " needs " + prefix + " and 32 hex digits");
        }
        String secret = env.getOrDefault(variable, "");
        if (secret.isEmpty()) {
            // The variable is not named: someone who passed the secret in its place would see it in a log.
            throw wrong(name + " " + sid + " needs an environment variable that holds its " + kind);
        }
        return Map.entry(sid, secret);
    }

    private FaultRates faultRates() {
        try {
            return new FaultRates(seed, faults);
        } catch (IllegalArgumentException wrongRate) {
            throw wrong("--fault: " + wrongRate.getMessage());
        }
    }

    private ParameterException wrong(String message) {
        return new ParameterException(
                Objects.requireNonNull(spec, "picocli sets it").commandLine(), message);
    }
}
