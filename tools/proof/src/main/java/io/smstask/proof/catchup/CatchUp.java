package io.smstask.proof.catchup;

import io.smstask.aws.AwsClients;
import io.smstask.http.Tls;
import io.smstask.json.BadJson;
import io.smstask.json.Json;
import io.smstask.local.AheadClock;
import io.smstask.local.LocalOptions;
import io.smstask.local.LocalStack;
import io.smstask.local.aws.LocalQueue;
import io.smstask.local.gateway.LocalFunction;
import io.smstask.local.template.Template;
import io.smstask.settings.Settings;
import io.smstask.simulator.Fault;
import io.smstask.simulator.SimulatedMessage;
import io.smstask.simulator.TimedFault;
import io.smstask.simulator.TwilioSimulator;
import io.smstask.store.DynamoTaskStore;
import io.smstask.task.MessageSid;
import io.smstask.task.MessageStatus;
import io.smstask.task.Task;
import io.smstask.task.TaskId;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Sends many tasks of which nothing is heard, lets them become due, and polls until each is at its end. */
public final class CatchUp {

    private static final int LINE_WIDTH = 100;
    private static final int CALLERS = 16;
    private static final Duration OVERDUE = Duration.ofMinutes(16);
    private static final Duration STORE_LIMIT = Duration.ofSeconds(5);
    private static final Duration ANY_TTL = Duration.ofDays(30);
    private static final long PAUSE_MILLIS = 200;

    /** Between two dispatches: on AWS it is a minute, here the work is what counts. */
    private static final long DISPATCH_EVERY_MILLIS = 5_000;

    /** Longer than a message that failed takes to come again. */
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final int count;
    private final PrintStream out;
    private final AheadClock clock = new AheadClock();
    private final AtomicInteger moved = new AtomicInteger();
    private final AtomicInteger runs = new AtomicInteger();
    private final AtomicInteger leased = new AtomicInteger();
    private int jumps;

    private CatchUp(int count, PrintStream out) {
        this.count = count;
        this.out = out;
    }

    /**
     * What came of it.
     *
     * @param tasks how many were sent
     * @param right how many ended as Twilio says
     * @param sending how long sending took
     * @param catchingUp from the first dispatch to the last end
     * @param leased how many messages went to the queue
     * @param runs how many batches were worked on
     * @param looks how many messages Twilio was asked for
     * @param pages how many pages of its list were read
     * @param jumps how often the clock was moved on for tasks whose look had no answer
     * @param isDeadLetterFree whether the dead-letter queue is empty
     */
    public record Outcome(
            int tasks,
            int right,
            Duration sending,
            Duration catchingUp,
            int leased,
            int runs,
            long looks,
            long pages,
            int jumps,
            boolean isDeadLetterFree) {

        /** Whether no outcome was lost. */
        public boolean isKept() {
            return right == tasks && isDeadLetterFree;
        }
    }

    /**
     * Runs it.
     *
     * @param out gets a progress bar for each phase
     */
    public static Outcome run(int tasks, PrintStream out) throws InterruptedException {
        return new CatchUp(tasks, out).run();
    }

    private Outcome run() throws InterruptedException {
        LocalOptions local = LocalOptions.forTests(this::count).withClock(clock);
        try (LocalStack stack = LocalStack.start(local, Template.read(Template.find()))) {
            TwilioSimulator twilio = stack.simulator().orElseThrow();
            twilio.chooseFaults(form -> Optional.of(new TimedFault(Fault.CALLBACKS_DROPPED, Duration.ZERO)));
            long start = System.nanoTime();
            sendAll(stack.function(LocalStack.SEND_FUNCTION));
            Duration sending = Duration.ofNanos(System.nanoTime() - start);
            awaitEnds(twilio);
            clock.jump(OVERDUE);
            start = System.nanoTime();
            poll(stack.function(LocalStack.POLL_FUNCTION), stack.queue(LocalStack.POLL_QUEUE));
            Duration catchingUp = Duration.ofNanos(System.nanoTime() - start);
            return outcome(stack, twilio, sending, catchingUp);
        }
    }

    private ProgressBar progress(String phase) {
        return new ProgressBarBuilder()
                .setTaskName(phase)
                .setInitialMax(count)
                .setUnit(" tasks", 1)
                .setStyle(ProgressBarStyle.ASCII)
                .setConsumer(new ConsoleProgressBarConsumer(out, LINE_WIDTH))
                .build();
    }

    private static String id(int number) {
        return "silent-" + number;
    }

    private void sendAll(LocalFunction send) throws InterruptedException {
        ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
        try (ProgressBar progress = progress("sending")) {
            List<Future<?>> pending = new ArrayList<>();
            for (int number = 0; number < count; number++) {
                byte[] event = Json.write(Map.of(
                        "task_id",
                        id(number),
                        "number_to",
                        "+1555" + (2_000_000 + number),
                        "number_from",
                        "+15005550006",
                        "body",
                        "Your code is " + number));
                pending.add(callers.submit(() -> {
                    send.invoke(event);
                    progress.step();
                    return null;
                }));
            }
            for (Future<?> one : pending) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("a call failed", e.getCause());
        } finally {
            callers.shutdownNow();
        }
    }

    private static void awaitEnds(TwilioSimulator twilio) throws InterruptedException {
        while (!twilio.messages().stream().allMatch(CatchUp::isEnded)) {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        }
    }

    private static boolean isEnded(SimulatedMessage message) {
        return new MessageStatus(message.status()).isFinal();
    }

    private void poll(LocalFunction poll, LocalQueue queue) throws InterruptedException {
        try (ProgressBar progress = progress("catching up")) {
            long lastDispatch = System.nanoTime() - TimeUnit.MILLISECONDS.toNanos(DISPATCH_EVERY_MILLIS);
            long lastMove = System.nanoTime();
            while (moved.get() < count) {
                if (System.nanoTime() - lastDispatch >= TimeUnit.MILLISECONDS.toNanos(DISPATCH_EVERY_MILLIS)) {
                    lastDispatch = System.nanoTime();
                    // A look without an answer is made again later: nobody wants to wait for that here.
                    if (moved.get() > 0 && queue.isEmpty() && moved.get() < count) {
                        clock.jump(OVERDUE);
                        jumps++;
                    }
                    dispatch(poll);
                }
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
                if (moved.get() > progress.getCurrent()) {
                    lastMove = System.nanoTime();
                    progress.stepTo(moved.get());
                }
                if (System.nanoTime() - lastMove > PATIENCE.toNanos()) {
                    throw new IllegalStateException("no task has moved within " + PATIENCE);
                }
            }
        }
    }

    private static void dispatch(LocalFunction poll) {
        try {
            poll.invoke("{\"poll\": true}".getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The figures of each run are in the log. */
    private void count(String line) {
        if (!line.startsWith("{")) {
            return;
        }
        try {
            Map<String, Object> run = Json.parseObject(line);
            if ("worked".equals(run.get("message"))) {
                runs.incrementAndGet();
                moved.addAndGet(((Number) run.get("moved")).intValue());
            } else if ("dispatched".equals(run.get("message"))) {
                leased.addAndGet(((Number) run.get("leased")).intValue());
            }
        } catch (BadJson e) {
            throw new IllegalStateException("a function logged no JSON", e);
        }
    }

    private Outcome outcome(LocalStack stack, TwilioSimulator twilio, Duration sending, Duration catchingUp) {
        Map<String, String> truth = new HashMap<>();
        twilio.messages().forEach(message -> truth.put(message.sid(), message.status()));
        int right = 0;
        Settings settings = Settings.from(stack.environment(LocalStack.POLL_FUNCTION));
        try (Tls tls = new Tls();
                ProgressBar progress = progress("checking")) {
            DynamoTaskStore store = new DynamoTaskStore(
                    new AwsClients(settings, tls, Clock.systemUTC()).dynamoDb(),
                    LocalStack.TABLE,
                    ANY_TTL,
                    STORE_LIMIT);
            for (int number = 0; number < count; number++) {
                Task task = store.find(new TaskId(id(number))).orElseThrow();
                String status = task.status().map(MessageStatus::word).orElse("");
                boolean isRight = status.equals(
                        truth.get(task.sid().map(MessageSid::value).orElse("")));
                right += isRight && task.pollAt().isEmpty() ? 1 : 0;
                progress.step();
            }
        }
        long reads = twilio.requests().stream()
                .filter(request -> request.method().equals("GET"))
                .count();
        long pages = twilio.requests().stream()
                .filter(request ->
                        request.method().equals("GET") && request.path().endsWith("/Messages.json"))
                .count();
        return new Outcome(
                count,
                right,
                sending,
                catchingUp,
                leased.get(),
                runs.get(),
                reads - pages,
                pages,
                jumps,
                stack.queue(LocalStack.POLL_DEAD_LETTERS).isEmpty());
    }
}
