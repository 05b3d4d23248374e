package io.smstask.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** Numbers of many runs in few. */
final class Statistics {

    private Statistics() {}

    /** The middle one; of an even number of values the mean of the two in the middle. */
    static double median(double[] values) {
        double[] sorted = sorted(values);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    static double min(double[] values) {
        return sorted(values)[0];
    }

    static double max(double[] values) {
        return sorted(values)[values.length - 1];
    }

    /**
     * The smallest value that at least a part of all values does not exceed.
     *
     * @param part 0.99 for the 99th percentile
     */
    static double percentile(double[] values, double part) {
        return sorted(values)[Math.max(0, (int) Math.ceil(part * values.length) - 1)];
    }

    /**
     * How one compares to another: the median of what each round says. A round that was slow for both says the same as any
     * other, so this is steadier than the ratio of two medians.
     *
     * @param base in the same rounds
     */
    static double ratio(double[] values, double[] base) {
        if (values.length != base.length) {
            throw new IllegalArgumentException(values.length + " rounds cannot be compared with " + base.length);
        }
        double[] ratios = new double[values.length];
        for (int round = 0; round < values.length; round++) {
            ratios[round] = values[round] / base[round];
        }
        return median(ratios);
    }

    /** The list, begun at another place each round, so that nobody always comes after the same one. */
    static <T> List<T> rotated(List<T> list, int round) {
        List<T> rotated = new ArrayList<>(list);
        Collections.rotate(rotated, -round);
        return rotated;
    }

    private static double[] sorted(double[] values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("there are no values");
        }
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted;
    }
}
