package io.smstask.proof.burst;

import com.fasterxml.jackson.databind.JsonNode;
import io.smstask.aws.AwsClients;
import io.smstask.http.Tls;
import io.smstask.json.BadJson;
import io.smstask.json.Json;
import io.smstask.local.LocalOptions;
import io.smstask.local.LocalStack;
import io.smstask.local.aws.DynamoDbCalls;
import io.smstask.local.aws.LocalQueue;
import io.smstask.local.template.Template;
import io.smstask.settings.Settings;
import io.smstask.simulator.SimulatedMessage;
import io.smstask.simulator.TwilioSimulator;
import io.smstask.store.DynamoTaskStore;
import io.smstask.task.Escalation;
import io.smstask.task.MessageSid;
import io.smstask.task.Retryable;
import io.smstask.task.Task;
import io.smstask.task.TaskId;
import java.io.PrintStream;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * Puts many calls on the queue at once, waits until it is empty, redrives the dead letters, waits again, and compares each call
 * with what Twilio took, the table and the dead letters.
 */
public final class QueueBurst {

    private static final Map<String, String> PARAMETERS = Map.of("SendQueueConcurrency", "8", "RetryDelaySeconds", "1");

    /** Shorter than some calls take, so that a message comes again while its call is running. */
    private static final Map<String, String> IMPATIENT = Map.of("VisibilityTimeout", "5");

    private static final int BATCH = 10;
    private static final int LINE_WIDTH = 100;
    private static final long PAUSE_MILLIS = 200;
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final Duration STORE_LIMIT = Duration.ofSeconds(5);
    private static final Duration ANY_TTL = Duration.ofDays(30);

    private static final String WRONG = "WRONG: ";

    /** A dead letter that SQS itself has moved there. */
    private static final String RECEIVED_TOO_OFTEN = "(received too often)";

    private final List<BurstCall> calls = new ArrayList<>();
    private final Map<String, Integer> logged = new ConcurrentHashMap<>();
    private final Map<String, Long> rows = new LinkedHashMap<>();
    private final List<String> broken = new ArrayList<>();
    private final long seed;
    private final BurstFaults faults;
    private final PrintStream out;

    private QueueBurst(int count, long seed, PrintStream out) {
        this.seed = seed;
        this.faults = new BurstFaults(seed);
        this.out = out;
        for (int number = 0; number < count; number++) {
            calls.add(BurstCall.of(seed, number));
        }
    }

    /**
     * Runs a burst.
     *
     * @param out gets a progress bar for each phase
     */
    public static BurstOutcome run(int calls, long seed, PrintStream out) throws InterruptedException {
        return new QueueBurst(calls, seed, out).run();
    }

    private BurstOutcome run() throws InterruptedException {
        Template template = Template.read(Template.find()).with(PARAMETERS);
        try (LocalStack stack = LocalStack.start(LocalOptions.forTests(this::count), template)) {
            TwilioSimulator twilio = stack.simulator().orElseThrow();
            LocalQueue queue = stack.queue(LocalStack.SEND_QUEUE);
            LocalQueue deadLetters = stack.queue(LocalStack.SEND_DEAD_LETTERS);
            queue.call("SetQueueAttributes", Map.of("Attributes", IMPATIENT));
            twilio.chooseFaults(faults::fault);
            stack.dynamoDb().calls().interfere(faults);

            long start = System.nanoTime();
            putAll(queue);
            awaitEmpty("sending", queue);
            long seconds = Duration.ofNanos(System.nanoTime() - start).toSeconds();
            int sent = twilio.messages().size();
            stack.dynamoDb().calls().interfere(DynamoDbCalls.Interference.NONE);
            List<JsonNode> redriven = redrive(deadLetters, queue);
            awaitEmpty("redrive", queue);

            rows.put("messages put on the queue", messages());
            rows.put("SMS that Twilio took", (long) sent);
            rows.put("… in the redrive", (long) twilio.messages().size() - sent);
            rows.put("dead letters redriven", (long) redriven.size());
            rows.put(
                    "… that SQS had moved itself",
                    redriven.stream()
                            .filter(letter -> reason(letter).equals(RECEIVED_TOO_OFTEN))
                            .count());
            rows.put("calls put back with a delay", times("put_back"));
            rows.put("messages that came while their call was running", times("in_progress"));
            rows.put("messages that came after it", times("repeated"));
            rows.put("messages left to come again in an outage", times("store_unavailable"));
            rows.put("requests to the table that were lost", (long) faults.lost());
            rows.put("answers of the table that were lost", (long) faults.answersLost());
            rows.put("seconds", seconds);
            rows.put("calls a second", calls.size() / Math.max(1, seconds));
            return outcome(stack, twilio, letters(deadLetters));
        }
    }

    private long messages() {
        return calls.stream().mapToInt(BurstCall::copies).sum();
    }

    private long times(String event) {
        return logged.getOrDefault(event, 0);
    }

    private void count(String line) {
        try {
            logged.merge(String.valueOf(Json.parseObject(line).get("message")), 1, Integer::sum);
        } catch (BadJson e) {
            throw new IllegalStateException("a function logged no JSON", e);
        }
    }

    private ProgressBar progress(String phase, long steps) {
        return new ProgressBarBuilder()
                .setTaskName(phase)
                .setInitialMax(steps)
                .setUnit(" messages", 1)
                .setStyle(ProgressBarStyle.ASCII)
                .setConsumer(new ConsoleProgressBarConsumer(out, LINE_WIDTH))
                .build();
    }

    private void putAll(LocalQueue queue) {
        List<String> bodies = new ArrayList<>();
        for (BurstCall call : calls) {
            bodies.addAll(Collections.nCopies(call.copies(), call.body()));
        }
        // Copies are not always neighbours.
        Collections.shuffle(bodies.subList(0, bodies.size() / 2), new Random(seed));
        try (ProgressBar progress = progress("putting", bodies.size())) {
            for (int start = 0; start < bodies.size(); start += BATCH) {
                List<Map<String, String>> entries = new ArrayList<>();
                for (String body : bodies.subList(start, Math.min(start + BATCH, bodies.size()))) {
                    entries.add(Map.of("Id", Integer.toString(entries.size()), "MessageBody", body));
                }
                JsonNode answer = queue.call("SendMessageBatch", Map.of("Entries", entries));
                if (answer.path("Successful").size() != entries.size()) {
                    throw new IllegalStateException("the queue did not take all messages");
                }
                progress.stepBy(entries.size());
            }
        }
    }

    private void awaitEmpty(String phase, LocalQueue queue) throws InterruptedException {
        try (ProgressBar progress = progress(phase, messages())) {
            long lastChange = System.nanoTime();
            long left = messages();
            while (!queue.isEmpty()) {
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
                long now = queue.call("GetQueueAttributes", Map.of("AttributeNames", List.of("All")))
                        .path("Attributes")
                        .path("ApproximateNumberOfMessages")
                        .asLong();
                if (now != left) {
                    left = now;
                    lastChange = System.nanoTime();
                    progress.stepTo(Math.max(0, messages() - left));
                }
                if (System.nanoTime() - lastChange > PATIENCE.toNanos()) {
                    throw new IllegalStateException("the queue has not moved within " + PATIENCE);
                }
            }
            progress.stepTo(messages());
        }
    }

    /** As SQS does it: body and attributes stay, the message gets another id. */
    private static List<JsonNode> redrive(LocalQueue deadLetters, LocalQueue queue) {
        List<JsonNode> letters = letters(deadLetters);
        for (JsonNode letter : letters) {
            queue.call(
                    "SendMessage",
                    Map.of(
                            "MessageBody",
                            letter.path("Body").asText(),
                            "MessageAttributes",
                            letter.path("MessageAttributes")));
            deadLetters.call(
                    "DeleteMessage",
                    Map.of("ReceiptHandle", letter.path("ReceiptHandle").asText()));
        }
        return letters;
    }

    private static List<JsonNode> letters(LocalQueue deadLetters) {
        List<JsonNode> letters = new ArrayList<>();
        JsonNode batch;
        do {
            batch = deadLetters
                    .call(
                            "ReceiveMessage",
                            Map.of("MaxNumberOfMessages", BATCH, "MessageAttributeNames", List.of("All")))
                    .path("Messages");
            batch.forEach(letters::add);
        } while (!batch.isEmpty());
        return letters;
    }

    private BurstOutcome outcome(LocalStack stack, TwilioSimulator twilio, List<JsonNode> letters) {
        Map<String, List<String>> sids = twilio.messages().stream()
                .collect(Collectors.groupingBy(
                        message -> taskId(message.statusCallback().orElseThrow()),
                        Collectors.mapping(SimulatedMessage::sid, Collectors.toList())));
        sids.forEach((task, its) -> {
            if (its.size() > 1) {
                broken.add(task + " has " + its.size() + " SMS");
            }
        });
        Map<String, Long> reasons = new TreeMap<>();
        Map<Integer, String> reasonOf = new HashMap<>();
        for (JsonNode letter : letters) {
            String body = letter.path("Body").asText();
            String code = reason(letter);
            reasons.merge(code, 1L, Long::sum);
            reasonOf.put(number(body), code);
            if (BurstCall.holdsToken(body)) {
                broken.add("a dead letter holds a token");
            }
        }
        check(stack, sids, reasonOf);
        int most = sids.values().stream().mapToInt(List::size).max().orElse(0);
        return new BurstOutcome(calls.size(), rows, reasons, most, broken);
    }

    private static String reason(JsonNode letter) {
        return letter.path("MessageAttributes").path("code").path("StringValue").asText(RECEIVED_TOO_OFTEN);
    }

    private static String taskId(String callbackUrl) {
        String path = URI.create(callbackUrl).getPath();
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private static int number(String body) {
        try {
            return ((Number) ((Map<?, ?>) Json.parseObject(body).get("context")).get("number")).intValue();
        } catch (BadJson e) {
            throw new IllegalStateException("every message of a burst is JSON", e);
        }
    }

    private void check(LocalStack stack, Map<String, List<String>> sids, Map<Integer, String> reasonOf) {
        Settings settings = Settings.from(stack.environment(LocalStack.SEND_FUNCTION));
        Map<String, Long> ends = new TreeMap<>();
        try (Tls tls = new Tls()) {
            DynamoTaskStore store = new DynamoTaskStore(
                    new AwsClients(settings, tls, Clock.systemUTC()).dynamoDb(),
                    LocalStack.TABLE,
                    ANY_TTL,
                    STORE_LIMIT);
            for (BurstCall call : calls) {
                Optional<Task> task = store.find(new TaskId(call.taskId()))
                        .map(stored -> stored.seenAt(Clock.systemUTC().instant().plus(PATIENCE)));
                String end = reasonOf.containsKey(call.number())
                        ? dead(call, reasonOf.get(call.number()), task, sids.containsKey(call.taskId()))
                        : done(task, sids.getOrDefault(call.taskId(), List.of()));
                ends.merge(end, 1L, Long::sum);
                if (end.startsWith(WRONG)) {
                    broken.add(call + ": " + end + ", " + task);
                }
            }
        }
        ends.forEach((end, count) -> rows.put("calls " + end, count));
    }

    /** Where a call is of which no message is left. */
    private static String done(Optional<Task> task, List<String> sids) {
        if (task.isEmpty()) {
            return WRONG + "lost";
        }
        Optional<String> sid = task.get().sid().map(MessageSid::value);
        if (sid.isPresent()) {
            return sids.contains(sid.get()) ? "that were sent" : WRONG + "sent, and Twilio does not know it";
        }
        boolean isUnknown = task.get().escalation().map(Escalation::retryable).equals(Optional.of(Retryable.UNKNOWN));
        if (!isUnknown) {
            return WRONG + "done, and not sent";
        }
        return sids.isEmpty() ? "of unknown outcome, not sent" : "of unknown outcome, sent";
    }

    private static String dead(BurstCall call, String reason, Optional<Task> task, boolean isSent) {
        boolean isTaskOfAnother = reason.equals(BurstCall.Kind.CONFLICT.code());
        if (isSent && !isTaskOfAnother) {
            return WRONG + "a dead letter, and sent";
        }
        if (isTaskOfAnother && task.isEmpty()) {
            return WRONG + "a conflict with nobody";
        }
        boolean isExpected = reason.equals(call.kind().code())
                || isTaskOfAnother && call.kind() == BurstCall.Kind.USUAL
                || call.kind() == BurstCall.Kind.USUAL && isGivenUp(reason, task);
        return isExpected ? "that are dead letters" : WRONG + "a dead letter, since " + reason;
    }

    /** Whether it came too often, or was put back too often: nothing was sent, and it says so. */
    private static boolean isGivenUp(String reason, Optional<Task> task) {
        return reason.equals(RECEIVED_TOO_OFTEN)
                || task.flatMap(Task::escalation).map(Escalation::retryable).equals(Optional.of(Retryable.YES));
    }
}
