package io.smstask.proof.burst;

import io.smstask.local.aws.DynamoDbCalls;
import io.smstask.simulator.Fault;
import io.smstask.simulator.FaultRates;
import io.smstask.simulator.TimedFault;
import java.net.URI;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/** The faults of a burst. Twilio's depend on the seed, the task and the number of its POST, the table's on the order of requests. */
final class BurstFaults implements DynamoDbCalls.Interference {

    /** Together 0.165. */
    private static final Map<Fault, Double> RATES = new EnumMap<>(Map.ofEntries(
            Map.entry(Fault.CALLBACKS_BEFORE_ANSWER, 0.02),
            Map.entry(Fault.ACCEPTED_THEN_CLOSED, 0.01),
            Map.entry(Fault.ACCEPTED_THEN_500, 0.01),
            Map.entry(Fault.ACCEPTED_THEN_HTML, 0.01),
            Map.entry(Fault.WITHOUT_SID, 0.01),
            Map.entry(Fault.WITHOUT_STATUS, 0.01),
            Map.entry(Fault.HANG, 0.002),
            Map.entry(Fault.SLOW_ANSWER, 0.01),
            Map.entry(Fault.RATE_LIMITED, 0.05),
            Map.entry(Fault.RATE_LIMITED_WITH_RETRY_AFTER, 0.03),
            Map.entry(Fault.CONNECTION_REFUSED, 0.003)));

    /** More than one task's POSTs. */
    private static final int POSTS = 64;

    private static final double LOST = 0.01;
    private static final int OUTAGE_EVERY = 6_000;
    private static final int OUTAGE_LENGTH = 300;

    private final FaultRates rates;
    private final SplittableRandom table;
    private final Map<Integer, Integer> posts = new HashMap<>();
    private long requests;
    private int lost;
    private int answersLost;

    BurstFaults(long seed) {
        rates = new FaultRates(seed, RATES);
        table = new SplittableRandom(seed);
    }

    /** The fault of the message with this form; called for one message at a time. */
    Optional<TimedFault> fault(Map<String, List<String>> form) {
        int call =
                BurstCall.number(URI.create(form.get("StatusCallback").get(0)).getPath());
        int post = posts.merge(call, 1, Integer::sum);
        return rates.fault((long) call * POSTS + post - 1).map(fault -> new TimedFault(fault, time(fault)));
    }

    private static Duration time(Fault fault) {
        return switch (fault) {
            // Longer than the messages' visibility: the same message comes while its call is running.
            case SLOW_ANSWER -> Duration.ofSeconds(7);
            // Longer than a call can wait.
            case RATE_LIMITED_WITH_RETRY_AFTER -> Duration.ofSeconds(16);
            case CONNECTION_REFUSED -> Duration.ofMillis(150);
            default -> fault.time();
        };
    }

    @Override
    public synchronized boolean isLost(String operation) {
        boolean isOutage = requests++ % OUTAGE_EVERY >= OUTAGE_EVERY - OUTAGE_LENGTH;
        boolean isLost = isOutage || table.nextDouble() < LOST;
        lost += isLost ? 1 : 0;
        return isLost;
    }

    @Override
    public synchronized boolean isAnswerLost(String operation) {
        boolean isLost = table.nextDouble() < LOST;
        answersLost += isLost ? 1 : 0;
        return isLost;
    }

    synchronized int lost() {
        return lost;
    }

    synchronized int answersLost() {
        return answersLost;
    }
}
