package io.smstask.proof.storm;

import io.smstask.aws.AwsClients;
import io.smstask.aws.AwsJson;
import io.smstask.http.Tls;
import io.smstask.json.BadJson;
import io.smstask.json.Json;
import io.smstask.local.AheadClock;
import io.smstask.local.LocalOptions;
import io.smstask.local.LocalStack;
import io.smstask.local.aws.LocalQueue;
import io.smstask.local.gateway.LocalFunction;
import io.smstask.local.template.Template;
import io.smstask.proof.storm.Verdicts.Erasure;
import io.smstask.proof.storm.Verdicts.Evidence;
import io.smstask.send.TaskInProgress;
import io.smstask.settings.Settings;
import io.smstask.simulator.Account;
import io.smstask.simulator.CallbackAttempt;
import io.smstask.simulator.ReceivedRequest;
import io.smstask.simulator.SimulatedMessage;
import io.smstask.simulator.TwilioSimulator;
import io.smstask.store.DynamoTaskStore;
import io.smstask.task.CallFailure;
import io.smstask.task.StoreUnavailable;
import io.smstask.task.TaskId;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * Sends many tasks at once while faults happen, waits until no callback comes any more, lets time pass, and checks each
 * task.
 *
 * <p>The tasks come in waves. Between two waves, when no call is under way, the clock jumps ahead, so that the polls,
 * which run all the time, find overdue tasks.
 */
public final class Storm {

    private static final int LINE_WIDTH = 100;
    private static final int MOST_WAVES = 10;
    private static final int TASKS_A_WAVE = 100;

    /** Past the deadline of every call. */
    private static final Duration BETWEEN_CALLS = Duration.ofMinutes(1);

    /** Later than any call. Some scheduled messages are never cancelled, and are due before the last jump. */
    private static final Duration SCHEDULED = Duration.ofHours(6);

    /** Shorter than on AWS, so that a request that hangs costs 3.5 s and not 15. */
    private static final Duration CALL_LIMIT = Duration.ofSeconds(8);

    /** How often a caller calls if nothing was sent. */
    private static final int TRIES = 4;

    /** Long enough for a late claim to arrive before the caller repeats its call. */
    private static final Duration RETRY_AFTER = Duration.ofSeconds(3);

    /** Codes that do not show that a call has reached, or tried to reach, Twilio. */
    private static final Set<String> NOT_CALLED =
            Set.of(CallFailure.OUTCOME_UNKNOWN.code(), CallFailure.STORE_UNAVAILABLE.code());

    private static final int POLLERS = 2;
    private static final Duration POLL_EVERY = Duration.ofSeconds(1);

    /** Longer than any callback is delayed. */
    private static final Duration QUIET = Duration.ofSeconds(2);

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /** Past the first polls, and finally past every task's deadline. */
    private static final List<Duration> JUMPS = List.of(
            Duration.ofMinutes(15),
            Duration.ofMinutes(45),
            Duration.ofHours(6),
            Duration.ofHours(24),
            Duration.ofHours(1));

    /** What fails comes again after the queue's visibility timeout, five times at most. */
    private static final Duration QUEUE_PATIENCE = Duration.ofMinutes(10);

    /** Instead of the six minutes that nobody wants to wait for here five times. */
    private static final String VISIBILITY = "VisibilityTimeout: 360";

    private static final String SHORT_VISIBILITY = "VisibilityTimeout: 2";

    /** The API key with which the stack asks Twilio at first. It is revoked. */
    private static final String OLD_KEY = "SK00000000000000000000000000000001";

    private static final String NEW_KEY = "SK00000000000000000000000000000002";
    private static final String KEY_SECRET = "00112233445566778899aabbccddeeff";

    /** After so many of them and one more, the account is no longer limited, and the poison is gone. */
    private static final int JUMPS_OF_TROUBLE = 1;

    /** One item in so many is poisoned. */
    private static final int TASKS_A_POISON = 25;

    /** A quarter of them takes no lease, and a run of the poll names 20 such items. */
    private static final int MOST_POISON = 80;

    private static final int MOST_POLLS = 10_000;
    private static final Duration STORE_LIMIT = Duration.ofSeconds(5);
    private static final Duration ANY_TTL = Duration.ofDays(30);

    private final StormOptions options;
    private final PrintStream out;
    private final AheadClock clock = new AheadClock();
    private final Instant sendAt = clock.instant().plus(SCHEDULED).truncatedTo(ChronoUnit.SECONDS);
    private final StormFaults faults;
    private final StormBrakes brakes;
    private final List<StormTask> tasks = new ArrayList<>();
    private final Map<Integer, Set<String>> answeredSids = new ConcurrentHashMap<>();
    private final Map<Integer, AtomicInteger> callbacksSeen = new ConcurrentHashMap<>();
    private final Set<Integer> released = ConcurrentHashMap.newKeySet();
    private final Set<Integer> claimsKept = ConcurrentHashMap.newKeySet();
    private final Set<Integer> called = ConcurrentHashMap.newKeySet();
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicInteger inProgress = new AtomicInteger();
    private final AtomicInteger unavailable = new AtomicInteger();
    private final AtomicInteger pollRuns = new AtomicInteger();
    private final AtomicInteger looked = new AtomicInteger();
    private final AtomicInteger moved = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();
    private final AtomicLong lastLeased = new AtomicLong();

    /** The ids of tasks that took no lease, from the log. */
    private final Set<String> notLeased = ConcurrentHashMap.newKeySet();

    private final AtomicInteger rests = new AtomicInteger();
    private final Queue<RuntimeException> failedPolls = new ConcurrentLinkedQueue<>();

    private Storm(StormOptions options, PrintStream out) {
        this.options = options;
        this.out = out;
        this.faults = new StormFaults(options.seed());
        this.brakes = new StormBrakes(options.tasks() / waves());
        for (int number = 0; number < options.tasks(); number++) {
            tasks.add(StormTask.of(options.seed(), number));
        }
    }

    /**
     * Runs a storm.
     *
     * @param out gets a progress bar for each phase
     */
    public static StormReport run(StormOptions options, PrintStream out) throws InterruptedException {
        return new Storm(options, out).run();
    }

    private static Template impatient(Path template) {
        try {
            Path impatient = Files.createTempFile("template", ".yaml");
            try {
                Files.writeString(impatient, Files.readString(template).replace(VISIBILITY, SHORT_VISIBILITY));
                return Template.read(impatient);
            } finally {
                Files.delete(impatient);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The stack's secret holds this API key. */
    private static void useKey(LocalStack stack, String key) {
        Account account = LocalOptions.SIMULATED_ACCOUNT;
        stack.secretsManager()
                .put(
                        stack.environment(LocalStack.POLL_FUNCTION).get("TWILIO_SECRET_ID"),
                        Json.writeText(Map.of(
                                "AccountSid",
                                account.sid(),
                                "AuthToken",
                                account.authToken(),
                                "ApiKeySid",
                                key,
                                "ApiKeySecret",
                                KEY_SECRET)));
    }

    private ProgressBar progress(String phase, int steps, String unit) {
        return new ProgressBarBuilder()
                .setTaskName(phase)
                .setInitialMax(steps)
                .setUnit(" " + unit, 1)
                .setStyle(ProgressBarStyle.ASCII)
                .setConsumer(new ConsoleProgressBarConsumer(out, LINE_WIDTH))
                .build();
    }

    private int waves() {
        return Math.max(1, Math.min(MOST_WAVES, options.tasks() / TASKS_A_WAVE));
    }

    private StormReport run() throws InterruptedException {
        long start = System.nanoTime();
        var local = LocalOptions.forTests(this::count)
                .withAccount(LocalOptions.SIMULATED_ACCOUNT
                        .withApiKey(OLD_KEY, KEY_SECRET)
                        .withApiKey(NEW_KEY, KEY_SECRET))
                .withCallers(StormTask.OTHER_ACCOUNT)
                .withClock(clock)
                .withParameters(brakes.parameters());
        try (var stack = LocalStack.start(local, impatient(Template.find()));
                var tls = new Tls();
                var poison = new StormPoison(stack)) {
            useKey(stack, OLD_KEY);
            poison.add(Math.max(4, Math.min(MOST_POISON, options.tasks() / TASKS_A_POISON)));
            TwilioSimulator twilio = stack.simulator().orElseThrow();
            twilio.chooseFaults(faults::fault);
            LocalFunction callback = stack.function(LocalStack.CALLBACK_FUNCTION);
            LocalFunction poll = stack.function(LocalStack.POLL_FUNCTION);
            LocalFunction send = stack.function(LocalStack.SEND_FUNCTION).within(CALL_LIMIT);
            AwsJson dynamoDb = new AwsClients(
                            Settings.from(stack.environment(LocalStack.SEND_FUNCTION)), tls, Clock.systemUTC())
                    .dynamoDb();
            var cancels = new StormCancels(send, stack.tasksUrl());
            var erasures = new StormErasures(send, callback, dynamoDb, clock);
            stack.tasksApi().put(LocalStack.SEND_FUNCTION, send);
            stack.callbackApi().put(LocalStack.CALLBACK_FUNCTION, losingCallbacks(callback, erasures));
            stack.dynamoDb().calls().interfere(faults);

            Consumer<StormTask> calls = task -> {
                call(send, task);
                if (task.isCanceled()) {
                    cancels.cancel(task);
                }
                if (task.isErased()) {
                    erasures.erase(task);
                }
            };
            sendAll(calls, poll);
            faults.stopStoreFaults();
            sendOnceMore(calls, erasures);
            awaitQuiet(twilio);
            // Refused until it reads the secret again, and limited until the second jump.
            twilio.revokeApiKey(OLD_KEY);
            useKey(stack, NEW_KEY);
            twilio.limitReads(LocalOptions.SIMULATED_ACCOUNT.sid(), true);
            pollToTheEnd(poll, stack.queue(LocalStack.POLL_QUEUE), twilio, poison);
            if (!failedPolls.isEmpty()) {
                throw new IllegalStateException("a poll failed", failedPolls.peek());
            }
            eraseAll(erasures);
            StormReport report = report(
                    new DynamoTaskStore(dynamoDb, LocalStack.TABLE, ANY_TTL, STORE_LIMIT), twilio, cancels, erasures);
            report.row("seconds", Duration.ofNanos(System.nanoTime() - start).toSeconds());
            poison.check(report, notLeased);
            report.row("times an account's looks rested", rests.get());
            return report;
        }
    }

    private void sendAll(Consumer<StormTask> calls, LocalFunction poll) throws InterruptedException {
        ScheduledExecutorService pollers = Executors.newScheduledThreadPool(POLLERS);
        int allCalls = tasks.stream().mapToInt(StormTask::callsAtOnce).sum();
        try (ProgressBar progress = progress("sending", allCalls, "calls")) {
            for (int i = 0; i < POLLERS; i++) {
                pollers.scheduleWithFixedDelay(() -> pollAgain(poll), 0, POLL_EVERY.toMillis(), TimeUnit.MILLISECONDS);
            }
            for (int wave = 0; wave < waves(); wave++) {
                List<Runnable> its = new ArrayList<>();
                for (StormTask task :
                        tasks.subList(tasks.size() * wave / waves(), tasks.size() * (wave + 1) / waves())) {
                    for (int i = 0; i < task.callsAtOnce(); i++) {
                        its.add(() -> calls.accept(task));
                    }
                }
                inOneWindow(its, progress);
            }
        } finally {
            pollers.shutdown();
        }
        if (!pollers.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new IllegalStateException("the polls did not end within " + PATIENCE);
        }
    }

    /** After every call's deadline, each caller calls again. What is to be erased is erased at the same time. */
    private void sendOnceMore(Consumer<StormTask> calls, StormErasures erasures) throws InterruptedException {
        List<Runnable> all = new ArrayList<>();
        for (StormTask task : tasks) {
            all.add(() -> calls.accept(task));
            if (task.isErased()) {
                all.add(() -> erasures.erase(task));
            }
        }
        try (ProgressBar progress = progress("again", all.size(), "calls")) {
            inOneWindow(all, progress);
        }
    }

    /** When every task has ended, whoever wanted it erased asks once more. */
    private void eraseAll(StormErasures erasures) throws InterruptedException {
        List<Runnable> all = new ArrayList<>();
        for (StormTask task : tasks) {
            if (task.isErased()) {
                all.add(() -> erasures.eraseForGood(task, Json.write(task.parameters(sendAt))));
            }
        }
        try (ProgressBar progress = progress("erasing", all.size(), "tasks")) {
            atOnce(all, progress);
        }
    }

    /** Past every call's deadline, in a window of the recipients' limit that has just begun. */
    private void inOneWindow(List<Runnable> calls, ProgressBar progress) throws InterruptedException {
        clock.jump(BETWEEN_CALLS);
        clock.jump(StormBrakes.untilNextWindow(clock.instant()));
        Instant from = clock.instant();
        atOnce(calls, progress);
        brakes.made(from, clock.instant());
    }

    private void atOnce(List<Runnable> calls, ProgressBar progress) throws InterruptedException {
        ExecutorService callers = Executors.newFixedThreadPool(options.callers());
        try {
            List<Future<?>> pending = new ArrayList<>();
            for (Runnable call : calls) {
                pending.add(callers.submit(() -> {
                    call.run();
                    progress.step();
                }));
            }
            for (Future<?> one : pending) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("a call failed unexpectedly", e.getCause());
        } finally {
            callers.shutdownNow();
        }
    }

    private void call(LocalFunction send, StormTask task) {
        byte[] event = Json.write(task.parameters(sendAt));
        for (int i = 0; i < TRIES; i++) {
            calls.incrementAndGet();
            try {
                Map<String, Object> answer = Json.parseObject(send.invoke(event));
                if (answer.get("sid") instanceof String sid) {
                    answeredSids
                            .computeIfAbsent(task.number(), any -> ConcurrentHashMap.newKeySet())
                            .add(sid);
                }
                if (answer.get("code") instanceof String code) {
                    brakes.answered(code);
                    if (!NOT_CALLED.contains(code)) {
                        called.add(task.number());
                    }
                }
                if (!"yes".equals(answer.get("retryable"))) {
                    return;
                }
            } catch (TaskInProgress e) {
                inProgress.incrementAndGet();
                return;
            } catch (StoreUnavailable e) {
                unavailable.incrementAndGet();
                boolean isClaimLeft = String.valueOf(e.getMessage()).contains(CallFailure.OUTCOME_UNKNOWN.code());
                (isClaimLeft ? claimsKept : released).add(task.number());
                pause(RETRY_AFTER);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (BadJson e) {
                throw new IllegalStateException("send-function answered no JSON", e);
            }
        }
    }

    private static void pause(Duration time) {
        try {
            TimeUnit.MILLISECONDS.sleep(time.toMillis());
        } catch (InterruptedException e) {
            throw new IllegalStateException("the storm was interrupted", e);
        }
    }

    /** A callback-function that loses callbacks and answers. */
    private LocalFunction losingCallbacks(LocalFunction callback, StormErasures erasures) {
        return new LocalFunction(
                LocalStack.CALLBACK_FUNCTION,
                (in, out, context) -> {
                    byte[] event = in.readAllBytes();
                    StormTask task = tasks.get(StormTask.number(path(event)));
                    if (task.isErased()) {
                        erasures.keep(task, event);
                    }
                    if (task.losesCallbacks()) {
                        throw new IllegalStateException("this callback is lost");
                    }
                    byte[] answer = callback.invoke(event);
                    if (task.isErased()) {
                        // Before Twilio is answered: where that answer is lost, the callback comes to an erased task.
                        erasures.erase(task);
                    }
                    int seen = callbacksSeen
                            .computeIfAbsent(task.number(), any -> new AtomicInteger())
                            .getAndIncrement();
                    if (task.losesAnswers() && seen % 2 == 0) {
                        throw new IllegalStateException("this answer is lost");
                    }
                    out.write(answer);
                },
                PATIENCE,
                line -> {});
    }

    private static String path(byte[] event) {
        try {
            return String.valueOf(Json.parseObject(event).get("rawPath"));
        } catch (BadJson e) {
            throw new IllegalStateException("the gateway made no event", e);
        }
    }

    /** Waits until Twilio posts no more callbacks. */
    private static void awaitQuiet(TwilioSimulator twilio) throws InterruptedException {
        long quietSince = System.nanoTime();
        int before = -1;
        while (System.nanoTime() - quietSince < QUIET.toNanos()) {
            int now = twilio.callbacks().size();
            if (now != before) {
                before = now;
                quietSince = System.nanoTime();
            }
            TimeUnit.MILLISECONDS.sleep(200);
        }
    }

    private void pollToTheEnd(LocalFunction poll, LocalQueue queue, TwilioSimulator twilio, StormPoison poison)
            throws InterruptedException {
        try (ProgressBar progress = progress("polling", JUMPS.size(), "jumps of the clock")) {
            for (Duration jump : JUMPS) {
                clock.jump(jump);
                int runs = 0;
                do {
                    poll(poll);
                    awaitEmpty(queue);
                    runs++;
                } while (lastLeased.get() > 0 && runs < MOST_POLLS);
                if (progress.getCurrent() == JUMPS_OF_TROUBLE) {
                    twilio.limitReads(LocalOptions.SIMULATED_ACCOUNT.sid(), false);
                    poison.remove();
                }
                progress.step();
            }
        }
    }

    /** What a poll throws would end the others of its thread: the storm shows it at its end. */
    private void pollAgain(LocalFunction poll) {
        try {
            poll(poll);
        } catch (RuntimeException e) {
            failedPolls.add(e);
        }
    }

    private void poll(LocalFunction poll) {
        try {
            Map<String, Object> run =
                    Json.parseObject(poll.invoke("{\"poll\": true}".getBytes(StandardCharsets.UTF_8)));
            pollRuns.incrementAndGet();
            lastLeased.set(number(run, "leased"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (BadJson e) {
            throw new IllegalStateException("poll-function answered no JSON", e);
        }
    }

    /** The runs that work on the queue's messages write their figures to the log only. */
    private void count(String line) {
        if (!line.startsWith("{")) {
            return;
        }
        try {
            Map<String, Object> run = Json.parseObject(line);
            if ("not_leased".equals(run.get("message"))) {
                notLeased.add(String.valueOf(run.get("task_id")));
            }
            if ("looks_rest".equals(run.get("message"))) {
                rests.incrementAndGet();
            }
            if (!"worked".equals(run.get("message"))) {
                return;
            }
            looked.addAndGet(number(run, "looked"));
            moved.addAndGet(number(run, "moved"));
            ended.addAndGet(number(run, "ended"));
        } catch (BadJson e) {
            throw new IllegalStateException("a function logged no JSON", e);
        }
    }

    private static void awaitEmpty(LocalQueue queue) throws InterruptedException {
        long end = System.nanoTime() + QUEUE_PATIENCE.toNanos();
        while (!queue.isEmpty()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("the queue was not empty within " + QUEUE_PATIENCE);
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    private static int number(Map<String, Object> json, String name) {
        return ((Number) json.get(name)).intValue();
    }

    private StormReport report(
            DynamoTaskStore store, TwilioSimulator twilio, StormCancels cancels, StormErasures erasures) {
        Map<Integer, List<SimulatedMessage>> messages = twilio.messages().stream()
                .collect(Collectors.groupingBy(message -> StormTask.number(
                        URI.create(message.statusCallback().orElseThrow()).getPath())));
        List<ReceivedRequest> allPosts = twilio.requests().stream()
                .filter(request -> request.form().containsKey("StatusCallback"))
                .toList();
        Map<Integer, List<ReceivedRequest>> posts = allPosts.stream()
                .collect(Collectors.groupingBy(post -> StormTask.number(
                        URI.create(post.form().get("StatusCallback").get(0)).getPath())));
        Map<String, List<CallbackAttempt>> callbacks =
                twilio.callbacks().stream().collect(Collectors.groupingBy(CallbackAttempt::sid));
        var report = new StormReport(options);
        rows(report, twilio, allPosts.size());
        brakes.check(report, allPosts);
        cancels.rows(report);
        erasures.rows(report);
        faults.happened().forEach(report::happened);
        int late = 0;
        try (ProgressBar progress = progress("checking", tasks.size(), "tasks")) {
            for (StormTask task : tasks) {
                List<SimulatedMessage> its = messages.getOrDefault(task.number(), List.of());
                List<CallbackAttempt> attempts = new ArrayList<>();
                its.forEach(message -> attempts.addAll(callbacks.getOrDefault(message.sid(), List.of())));
                Optional<Erasure> erasure = erasures.of(task);
                late += (int) attempts.stream()
                        .filter(attempt -> erasure.isPresent()
                                && attempt.at().isAfter(erasure.get().told()))
                        .count();
                List<ReceivedRequest> itsPosts = posts.getOrDefault(task.number(), List.of());
                report.add(new Evidence(
                        task,
                        store.find(new TaskId(task.id())),
                        its,
                        attempts,
                        itsPosts,
                        answeredSids.getOrDefault(task.number(), Set.of()),
                        isToldToRepeat(task.number()) && itsPosts.isEmpty(),
                        cancels.isDone(task),
                        erasure));
                progress.step();
            }
        }
        report.row("… callbacks that Twilio posted to them by itself", late);
        return report;
    }

    /** Whether a caller was told to repeat the call, and nothing but its own claim can have prevented sending. */
    private boolean isToldToRepeat(int task) {
        return released.contains(task) && !claimsKept.contains(task) && !called.contains(task);
    }

    private void rows(StormReport report, TwilioSimulator twilio, int posts) {
        Map<Boolean, Long> posted = callbacksByForgery(twilio);
        report.row("tasks", tasks.size());
        report.row("calls of send-function", calls.get());
        report.row("… answered \"in progress\"", inProgress.get());
        report.row("… answered \"store unavailable\"", unavailable.get());
        report.row("tasks of which a call could not release its claim", claimsKept.size());
        report.row("POSTs that reached Twilio", posts);
        report.row("messages that Twilio took", twilio.messages().size());
        report.row("genuine callbacks posted", posted.getOrDefault(false, 0L));
        report.row("forged callbacks posted", posted.getOrDefault(true, 0L));
        report.row("polls", pollRuns.get());
        report.row("… tasks looked at", looked.get());
        report.row("… moved by what Twilio answered", moved.get());
        report.row("… ended because their time was up", ended.get());
        report.row("requests to the store", faults.storeRequests());
        report.row("… lost", faults.lostRequests());
        report.row("… writes that came after their callers had given up", faults.lateWrites());
        report.row("… answers lost", faults.lostAnswers());
    }

    private static Map<Boolean, Long> callbacksByForgery(TwilioSimulator twilio) {
        Set<String> forged = twilio.messages().stream()
                .filter(Verdicts::isForged)
                .map(SimulatedMessage::sid)
                .collect(Collectors.toSet());
        return twilio.callbacks().stream()
                .collect(Collectors.partitioningBy(attempt -> forged.contains(attempt.sid()), Collectors.counting()));
    }
}
