package io.smstask.local.template;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An alarm of CloudWatch. It fires once what it measures is at least its threshold.
 *
 * @param logicalId its name in the template
 * @param measures what it looks at: one, or those of its expression
 * @param expression metric math over the measures' ids
 * @param firesWithoutData whether it fires if there is nothing to look at
 */
public record Alarm(
        String logicalId,
        List<Measure> measures,
        Optional<String> expression,
        double threshold,
        boolean firesWithoutData) {

    /** Copies the list. */
    public Alarm {
        measures = List.copyOf(measures);
    }

    /**
     * A metric.
     *
     * @param id its name in the alarm's expression; empty without one
     * @param dimensions values by name; a resource's is its logical id
     * @param statistic {@code Sum} or {@code Maximum}
     * @param seconds of one period
     */
    public record Measure(
            String id, String namespace, String metric, Map<String, String> dimensions, String statistic, int seconds) {

        /** Copies the map. */
        public Measure {
            dimensions = Map.copyOf(dimensions);
        }
    }
}
