package io.smstask.simulator;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * Random faults, the same for the same seed. The fault of a message depends on the seed, the rates and the message's
 * number only, not on time, threads or the Java version. Parallel senders get the same faults, but not each time for
 * the same message.
 *
 * <p>Message {@code n}, counted from 0, takes the {@code n}-th number of SplitMix64 with that seed, and its upper 53
 * bits as a number {@code x} in [0, 1). The faults divide [0, 1) in the order of {@link Fault}, each as wide as its
 * rate, and {@code x} selects one of them, or none if it is beyond the last.
 *
 * @param rates share of the messages with each fault, from 0 to 1, together at most 1
 * @see <a href="https://doi.org/10.1145/2660193.2660195">Steele, Lea, Flood: Fast splittable pseudorandom number
 *     generators</a>
 */
public record FaultRates(long seed, Map<Fault, Double> rates) {
    /** No faults. */
    public static final FaultRates NONE = new FaultRates(0, Map.of());

    private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;
    /** Ten rates of 0.1 add up to slightly more or less than 1. */
    private static final double ROUNDING = 1e-9;

    /**
     * Copies the rates.
     *
     * @throws IllegalArgumentException if a rate is not from 0 to 1, or their sum is over 1
     */
    public FaultRates {
        var copy = new EnumMap<Fault, Double>(Fault.class);
        rates.forEach((fault, rate) -> {
            if (!(rate >= 0 && rate <= 1)) {
                throw new IllegalArgumentException("the rate of " + fault + " must be from 0 to 1");
            }
            copy.put(fault, rate);
        });
        if (copy.values().stream().mapToDouble(rate -> rate).sum() > 1 + ROUNDING) {
            throw new IllegalArgumentException("the rates together must be at most 1");
        }
        rates = Collections.unmodifiableMap(copy);
    }

    /** {@return the fault of the message with that number, counted from 0} */
    public Optional<Fault> fault(long number) {
        double left = draw(number);
        for (var rate : rates.entrySet()) {
            left -= rate.getValue();
            if (left < 0) {
                return Optional.of(rate.getKey());
            }
        }
        return Optional.empty();
    }

    /** SplitMix64 gives its n-th number directly, so messages do not depend on each other. */
    private double draw(long number) {
        long z = seed + (number + 1) * GOLDEN_GAMMA;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return ((z ^ (z >>> 31)) >>> 11) * 0x1p-53;
    }
}
