package io.smstask.proof.storm;

import io.smstask.simulator.ReceivedRequest;
import io.smstask.task.CallFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The brakes of a storm's stack, and whether the limit of messages to a recipient held. Calls are made in phases, each of
 * which begins with a window of the limit.
 */
final class StormBrakes {

    private static final Duration WINDOW = Duration.ofMinutes(10);

    /** The beginning of every number that may get a message. */
    private static final String ALLOWED = "+1";

    private static final int LEAST_LIMIT = 4;

    /** Twice as many tasks of a wave go to {@link StormTask#CROWDED}. */
    private static final int TASKS_A_PLACE = 25;

    private final int limit;
    private final List<Phase> phases = new ArrayList<>();
    private final AtomicInteger foreign = new AtomicInteger();
    private final AtomicInteger tooMany = new AtomicInteger();
    private int most;

    private record Phase(Instant from, Instant to) {

        boolean contains(Instant at) {
            return !at.isBefore(from) && !at.isAfter(to);
        }

        /** More than one on a machine so slow that a phase takes longer than a window. */
        int windows() {
            return (int) (number(to) - number(from)) + 1;
        }

        private static long number(Instant at) {
            return at.getEpochSecond() / WINDOW.toSeconds();
        }
    }

    /**
     * @param tasks how many tasks a wave has
     */
    StormBrakes(int tasks) {
        limit = Math.max(LEAST_LIMIT, tasks / TASKS_A_PLACE);
    }

    /** The template's parameters. */
    Map<String, String> parameters() {
        return Map.of(
                "AllowedPrefixes",
                ALLOWED,
                "RecipientLimit",
                Integer.toString(limit),
                "RecipientWindowSeconds",
                Long.toString(WINDOW.toSeconds()));
    }

    /** How long it is until the next window begins. */
    static Duration untilNextWindow(Instant now) {
        Instant next = Instant.ofEpochSecond((Phase.number(now) + 1) * WINDOW.toSeconds());
        return Duration.between(now, next);
    }

    /** A call was answered with this code. */
    void answered(String code) {
        if (code.equals(CallFailure.COUNTRY_NOT_ALLOWED.code())) {
            foreign.incrementAndGet();
        } else if (code.equals(CallFailure.RECIPIENT_LIMIT.code())) {
            tooMany.incrementAndGet();
        }
    }

    /** All calls of a phase were made between these times, and no others. */
    void made(Instant from, Instant to) {
        phases.add(new Phase(from, to));
    }

    /**
     * Looks for recipients that got too much.
     *
     * @param posts every request for a message that reached Twilio
     */
    void check(StormReport report, List<ReceivedRequest> posts) {
        for (Phase phase : phases) {
            Map<String, Set<String>> attempts = new HashMap<>();
            for (ReceivedRequest post : posts) {
                if (phase.contains(post.at())) {
                    // An attempt may be POSTed more than once, and has one callback URL.
                    attempts.computeIfAbsent(recipient(post), any -> new HashSet<>())
                            .add(value(post, "StatusCallback"));
                }
            }
            attempts.forEach((recipient, urls) -> {
                most = Math.max(most, (urls.size() + phase.windows() - 1) / phase.windows());
                if (urls.size() > limit * phase.windows()) {
                    report.broken(
                            Verdicts.Promise.LIMIT,
                            recipient + ": " + urls.size() + " attempts in " + phase + ", the limit is " + limit);
                }
            });
        }
        report.row("calls stopped for their country", foreign.get());
        report.row("calls stopped for the recipient's limit", tooMany.get());
        report.row("messages that a recipient may get in a window", limit);
        report.row("… the most attempts for one", most);
    }

    private static String recipient(ReceivedRequest post) {
        return post.path() + " " + value(post, "To");
    }

    private static String value(ReceivedRequest post, String name) {
        return post.form().getOrDefault(name, List.of("")).get(0);
    }
}
