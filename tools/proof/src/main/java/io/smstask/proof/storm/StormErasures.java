package io.smstask.proof.storm;

import io.smstask.aws.AwsJson;
import io.smstask.json.BadJson;
import io.smstask.json.Json;
import io.smstask.local.LocalStack;
import io.smstask.local.gateway.LocalFunction;
import io.smstask.proof.storm.Verdicts.Erasure;
import io.smstask.task.StoreUnavailable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Erases tasks, posts their callbacks once more, and remembers since when each is erased. */
final class StormErasures {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final int NO_CONTENT = 204;

    private final LocalFunction send;
    private final LocalFunction callback;
    private final AwsJson dynamoDb;
    private final Clock clock;
    private final Map<Integer, Queue<byte[]>> callbacks = new ConcurrentHashMap<>();
    private final Map<Integer, Instant> begun = new ConcurrentHashMap<>();
    private final Map<Integer, Instant> told = new ConcurrentHashMap<>();
    private final Map<Integer, Erasure> erasures = new ConcurrentHashMap<>();
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger outages = new AtomicInteger();
    private final AtomicInteger repeatedCallbacks = new AtomicInteger();

    StormErasures(LocalFunction send, LocalFunction callback, AwsJson dynamoDb, Clock clock) {
        this.send = send;
        this.callback = callback;
        this.dynamoDb = dynamoDb;
        this.clock = clock;
    }

    /** Keeps an event of callback-function, to post it once more. */
    void keep(StormTask task, byte[] event) {
        callbacks
                .computeIfAbsent(task.number(), any -> new ConcurrentLinkedQueue<>())
                .add(event);
    }

    /** Returns whether the task is erased; an open one is not. */
    boolean erase(StormTask task) {
        calls.incrementAndGet();
        Instant now = clock.instant();
        try {
            Map<String, Object> answer = Json.parseObject(send.invoke(Json.write(Map.of("erase", task.id()))));
            boolean isDone = Boolean.TRUE.equals(answer.get("done"));
            if (isDone) {
                begun.merge(task.number(), now, StormErasures::earlier);
                told.putIfAbsent(task.number(), clock.instant());
            } else {
                open.incrementAndGet();
            }
            return isDone;
        } catch (StoreUnavailable e) {
            // It may be erased all the same.
            begun.merge(task.number(), now, StormErasures::earlier);
            outages.incrementAndGet();
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (BadJson e) {
            throw new IllegalStateException("send-function answered no JSON", e);
        }
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    /**
     * Erases it if it is not erased yet, now that it has ended. Then its callbacks and its call come once more, and must
     * change nothing.
     *
     * @param call of send-function
     */
    void eraseForGood(StormTask task, byte[] call) {
        if (!erase(task)) {
            return;
        }
        Object left = item(task);
        Optional<String> fault = Optional.empty();
        for (byte[] event : callbacks.getOrDefault(task.number(), new ConcurrentLinkedQueue<>())) {
            repeatedCallbacks.incrementAndGet();
            int answer = answer(callback, event).get("statusCode") instanceof Number status ? status.intValue() : 0;
            if (answer != NO_CONTENT) {
                fault = Optional.of("a callback was answered with " + answer);
            }
        }
        if (!Boolean.TRUE.equals(answer(send, call).get("erased"))) {
            fault = Optional.of("its call is not answered with what is left");
        }
        if (!item(task).equals(left)) {
            fault = Optional.of("a callback, or its call, has changed what was left");
        }
        erasures.put(
                task.number(),
                new Erasure(begun.get(task.number()), told.get(task.number()), String.valueOf(left), fault));
    }

    private static Map<String, Object> answer(LocalFunction function, byte[] event) {
        try {
            return Json.parseObject(function.invoke(event));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (BadJson e) {
            throw new IllegalStateException("a function answered no JSON", e);
        }
    }

    private Object item(StormTask task) {
        AwsJson.Answer answer = dynamoDb.call(
                "DynamoDB_20120810.GetItem",
                "1.0",
                Map.of(
                        "TableName",
                        LocalStack.TABLE,
                        "Key",
                        Map.of("task_id", Map.of("S", task.id())),
                        "ConsistentRead",
                        true),
                LIMIT);
        if (!answer.isOk()) {
            throw new IllegalStateException("an item could not be read: " + answer.error());
        }
        return answer.json().getOrDefault("Item", "");
    }

    /** Since when it is erased; empty if nobody was told so at the end. */
    Optional<Erasure> of(StormTask task) {
        return Optional.ofNullable(erasures.get(task.number()));
    }

    void rows(StormReport report) {
        report.row("calls to erase", calls.get());
        report.row("… refused, since the task had not ended", open.get());
        report.row("… without an answer of the store's", outages.get());
        report.row("tasks erased", erasures.size());
        report.row("… callbacks posted to them once more", repeatedCallbacks.get());
    }
}
