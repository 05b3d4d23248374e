package io.smstask.proof.storm;

import io.smstask.local.aws.DynamoDbCalls;
import io.smstask.simulator.Fault;
import io.smstask.simulator.FaultRates;
import io.smstask.simulator.TimedFault;
import java.net.URI;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The faults of a storm, and how often they happened. Twilio's faults depend on the seed, the task and the number of
 * its POST; the store's on the seed, the order of the requests and the time.
 */
final class StormFaults implements DynamoDbCalls.Interference {

    private static final double CALLBACK_FAULT = 0.02;
    private static final double ANSWER_FAULT = 0.015;

    /** Together 0.341: a third of all messages has a fault. */
    private static final Map<Fault, Double> RATES = new EnumMap<>(Map.ofEntries(
            Map.entry(Fault.CALLBACKS_BEFORE_ANSWER, CALLBACK_FAULT),
            Map.entry(Fault.CALLBACKS_REORDERED, CALLBACK_FAULT),
            Map.entry(Fault.CALLBACKS_DUPLICATED, CALLBACK_FAULT),
            Map.entry(Fault.CALLBACKS_DROPPED, CALLBACK_FAULT),
            Map.entry(Fault.CALLBACKS_DELAYED, CALLBACK_FAULT),
            Map.entry(Fault.CALLBACKS_SIGNED_WRONG, CALLBACK_FAULT),
            Map.entry(Fault.CALLBACKS_SIGNED_BY_ANOTHER_ACCOUNT, CALLBACK_FAULT),
            Map.entry(Fault.ACCEPTED_THEN_CLOSED, ANSWER_FAULT),
            Map.entry(Fault.ACCEPTED_THEN_500, ANSWER_FAULT),
            Map.entry(Fault.ACCEPTED_THEN_502, ANSWER_FAULT),
            Map.entry(Fault.ACCEPTED_THEN_503, ANSWER_FAULT),
            Map.entry(Fault.ACCEPTED_THEN_HTML, ANSWER_FAULT),
            Map.entry(Fault.WITHOUT_SID, ANSWER_FAULT),
            Map.entry(Fault.WITHOUT_STATUS, ANSWER_FAULT),
            Map.entry(Fault.HANG, 0.005),
            Map.entry(Fault.SLOW_ANSWER, 0.01),
            Map.entry(Fault.RATE_LIMITED, 0.02),
            Map.entry(Fault.RATE_LIMITED_WITH_RETRY_AFTER, 0.015),
            Map.entry(Fault.CONNECTION_REFUSED, 0.006),
            Map.entry(Fault.READ_NOT_FOUND, 0.02),
            Map.entry(Fault.CANCELED_THEN_CLOSED, 0.02)));

    /** More than one task's POSTs. */
    private static final int POSTS = 64;

    private static final int OUTAGE_EVERY = 6_000;
    private static final int OUTAGE_LENGTH = 300;

    /** At intervals, writes reach the database only after their callers have given up, while reads work. */
    private static final Duration SLOW_WRITES_EVERY = Duration.ofSeconds(15);

    private static final Duration SLOW_WRITES_FROM = Duration.ofSeconds(3);
    /** Longer than a claim is tried. */
    private static final Duration SLOW_WRITES_UNTIL = Duration.ofMillis(5_200);

    private static final Duration LEAST_LATE = Duration.ofMillis(2_500);
    private static final Duration MOST_LATE = Duration.ofMillis(5_000);
    /** The operation of a claim. Releasing it is an update, of which only some are late. */
    private static final String CLAIM = "PutItem";

    private static final String UPDATE = "UpdateItem";
    private static final double LATE_UPDATES = 0.2;

    private final FaultRates rates;
    private final SplittableRandom storeFaults;
    private final Map<Integer, Integer> posts = new ConcurrentHashMap<>();
    private final Map<Fault, Integer> happened = new EnumMap<>(Fault.class);
    private final AtomicLong storeRequests = new AtomicLong();
    private final AtomicLong lostRequests = new AtomicLong();
    private final AtomicLong lateWrites = new AtomicLong();
    private final AtomicLong lostAnswers = new AtomicLong();
    private final long start = System.nanoTime();
    private volatile boolean isStoreHealthy;

    StormFaults(long seed) {
        rates = new FaultRates(seed, RATES);
        storeFaults = new SplittableRandom(seed);
    }

    /** The fault of the message with this form; called for one message at a time. */
    Optional<TimedFault> fault(Map<String, List<String>> form) {
        String url = form.getOrDefault("StatusCallback", List.of("")).get(0);
        int task = StormTask.number(URI.create(url).getPath());
        int post = posts.merge(task, 1, Integer::sum);
        Optional<Fault> fault = rates.fault((long) task * POSTS + post - 1);
        fault.ifPresent(it -> happened.merge(it, 1, Integer::sum));
        return fault.map(it -> new TimedFault(it, time(it, task)));
    }

    /** If a call can wait for the fault to pass, every other task waits too long. */
    private static Duration time(Fault fault, int task) {
        boolean isLong = task % 2 == 1;
        return switch (fault) {
            case SLOW_ANSWER -> isLong ? Duration.ofSeconds(6) : Duration.ofMillis(700);
            case RATE_LIMITED_WITH_RETRY_AFTER -> Duration.ofSeconds(isLong ? 20 : 1);
            case CALLBACKS_DELAYED -> Duration.ofMillis(500);
            case CONNECTION_REFUSED -> Duration.ofMillis(150);
            // Longer than until the first poll.
            case READ_NOT_FOUND -> Duration.ofHours(1);
            default -> fault.time();
        };
    }

    /** The number of messages with each fault. */
    Map<Fault, Integer> happened() {
        return happened;
    }

    /** One request in a hundred is lost, and outages come at intervals. */
    @Override
    public synchronized boolean isLost(String operation) {
        long number = storeRequests.getAndIncrement();
        boolean isOutage = number % OUTAGE_EVERY >= OUTAGE_EVERY - OUTAGE_LENGTH;
        boolean isLost = !isStoreHealthy && (isOutage || storeFaults.nextDouble() < 0.01);
        if (isLost) {
            lostRequests.incrementAndGet();
        }
        return isLost;
    }

    @Override
    public synchronized Duration lateness(String operation) {
        long time = (System.nanoTime() - start) % SLOW_WRITES_EVERY.toNanos();
        boolean isSlow = time >= SLOW_WRITES_FROM.toNanos() && time < SLOW_WRITES_UNTIL.toNanos();
        boolean isLate = !isStoreHealthy
                && isSlow
                && (operation.equals(CLAIM) || operation.equals(UPDATE) && storeFaults.nextDouble() < LATE_UPDATES);
        if (!isLate) {
            return Duration.ZERO;
        }
        lateWrites.incrementAndGet();
        return Duration.ofMillis(storeFaults.nextLong(LEAST_LATE.toMillis(), MOST_LATE.toMillis()));
    }

    /** One answer in a hundred is lost. */
    @Override
    public synchronized boolean isAnswerLost(String operation) {
        boolean isLost = !isStoreHealthy && storeFaults.nextDouble() < 0.01;
        if (isLost) {
            lostAnswers.incrementAndGet();
        }
        return isLost;
    }

    /** Ends the store's faults. */
    void stopStoreFaults() {
        isStoreHealthy = true;
    }

    long storeRequests() {
        return storeRequests.get();
    }

    long lostRequests() {
        return lostRequests.get();
    }

    long lateWrites() {
        return lateWrites.get();
    }

    long lostAnswers() {
        return lostAnswers.get();
    }
}
