package io.smstask.proof.storm;

import io.smstask.aws.AwsClients;
import io.smstask.aws.AwsJson;
import io.smstask.http.Tls;
import io.smstask.json.BadJson;
import io.smstask.json.Json;
import io.smstask.local.LocalStack;
import io.smstask.local.aws.LocalQueue;
import io.smstask.settings.Settings;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Items that are due and that our code cannot handle. Those that take a lease must be found among the dead letters, all others
 * in the log.
 */
final class StormPoison implements AutoCloseable {

    private static final String ID = "poison-";
    private static final String VERSION = "1.0";
    private static final Duration LIMIT = Duration.ofSeconds(20);

    /** In how many ways an item is broken; see {@link #item}. */
    private static final int KINDS = 4;

    private static final int TAKES_NO_LEASE = 0;

    private final LocalQueue deadLetters;
    private final Tls tls = new Tls();
    private final AwsJson dynamoDb;
    private int count;

    StormPoison(LocalStack stack) {
        deadLetters = stack.queue(LocalStack.POLL_DEAD_LETTERS);
        Settings settings = Settings.from(stack.environment(LocalStack.POLL_FUNCTION));
        dynamoDb = new AwsClients(settings, tls, Clock.systemUTC()).dynamoDb();
    }

    /** Puts so many into the table, longest due of all. */
    void add(int items) {
        count = items;
        for (int number = 0; number < count; number++) {
            call("PutItem", Map.of("TableName", LocalStack.TABLE, "Item", item(number)));
        }
    }

    private static Map<String, Object> item(int number) {
        Map<String, Object> item = new LinkedHashMap<>();
        item.put("task_id", Map.of("S", ID + number));
        item.put("poll_shard", Map.of("S", (number % 2 == 0 ? "look-" : "end-") + number % 64));
        item.put("poll_at", Map.of("N", "1"));
        switch (number % KINDS) {
            // A revision that cannot be raised.
            case TAKES_NO_LEASE -> item.put("revision", Map.of("S", "none"));
            case 1 -> item.put("poll_at", Map.of("N", "1.5"));
            case 2 -> item.put("created_at", Map.of("S", "never"));
            default -> item.put("body", Map.of("S", "\u0001".repeat(190_000)));
        }
        return item;
    }

    /** Takes them out again: after six hours each would come once more. */
    void remove() {
        for (int number = 0; number < count; number++) {
            call(
                    "DeleteItem",
                    Map.of("TableName", LocalStack.TABLE, "Key", Map.of("task_id", Map.of("S", ID + number))));
        }
    }

    private void call(String operation, Map<String, Object> input) {
        AwsJson.Answer answer = dynamoDb.call("DynamoDB_20120810." + operation, VERSION, input, LIMIT);
        if (!answer.isOk()) {
            throw new IllegalStateException(operation + " was refused: " + answer.error());
        }
    }

    /**
     * Looks for each of them.
     *
     * @param notLeased the ids that the log names as not leased
     */
    void check(StormReport report, Set<String> notLeased) {
        Map<String, Integer> dead = deadLetters();
        for (int number = 0; number < count; number++) {
            String id = ID + number;
            if (number % KINDS == TAKES_NO_LEASE) {
                if (!notLeased.contains(id)) {
                    report.broken(Verdicts.Promise.POISON_FOUND, id + ": the log does not name it");
                }
            } else if (dead.remove(id) == null) {
                report.broken(Verdicts.Promise.POISON_FOUND, id + ": it is not among the dead letters");
            }
        }
        report.row("poisoned items", count);
        report.row("… named in the log, since they take no lease", notLeased.size());
        report.row("tasks among the dead letters that were not poisoned, and ended all the same", dead.size());
    }

    /** How often each task is there. */
    private Map<String, Integer> deadLetters() {
        Map<String, Integer> dead = new HashMap<>();
        while (!deadLetters.isEmpty()) {
            var messages = deadLetters
                    .call("ReceiveMessage", Map.of("MaxNumberOfMessages", 10, "WaitTimeSeconds", 1))
                    .path("Messages");
            for (var message : messages) {
                dead.merge(taskId(message.path("Body").asText()), 1, Integer::sum);
                deadLetters.call(
                        "DeleteMessage",
                        Map.of("ReceiptHandle", message.path("ReceiptHandle").asText()));
            }
        }
        return dead;
    }

    private static String taskId(String body) {
        try {
            return String.valueOf(Json.parseObject(body).get("task_id"));
        } catch (BadJson e) {
            throw new IllegalStateException("the dispatcher wrote it", e);
        }
    }

    @Override
    public void close() {
        tls.close();
    }
}
