package io.smstask.poll;

import io.smstask.lambda.Log;
import io.smstask.lambda.Metric;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What one run did, in numbers. */
final class Figures {

    /** One number. */
    enum Figure {
        /** Tasks that were listed as due, by kind. */
        DUE_TELL,
        DUE_END,
        DUE_LOOK,
        /** How long the first of them has been due; missing where a run could not know, or the queue took nothing. */
        OLDEST_SECONDS,
        /** Tasks that went to the queue. */
        LEASED,
        /** Tasks with a sid that no callback has reached yet. */
        NO_CALLBACK,
        /** Calls whose outcome nobody has recorded. */
        UNKNOWN_OUTCOMES,
        /** Tasks that Twilio was asked for. */
        LOOKED,
        /** Tasks that Twilio's answer moved. */
        MOVED,
        ENDED,
        /** Tasks whose subscribers are all notified. */
        TOLD,
        /** Tasks that wait for another try: a rate limit, no answer, no time. */
        PUT_OFF,
        /** Tasks that take no lease, or go to the dead letters. */
        SET_ASIDE,
        /** Tasks that stay as they are: the store or the queue was out or too slow, or our own code cannot handle them. */
        FAILED
    }

    private final Map<Figure, Long> numbers = new EnumMap<>(Figure.class);

    /** These start at 0; all others are left out until they count. */
    Figures(Set<Figure> shown) {
        for (Figure figure : shown) {
            numbers.put(figure, 0L);
        }
    }

    void add(Figure figure) {
        add(figure, 1);
    }

    synchronized void add(Figure figure, long number) {
        numbers.merge(figure, number, Long::sum);
    }

    synchronized void atLeast(Figure figure, long number) {
        numbers.merge(figure, number, Long::max);
    }

    synchronized void remove(Figure figure) {
        numbers.remove(figure);
    }

    synchronized long get(Figure figure) {
        return numbers.getOrDefault(figure, 0L);
    }

    /** All of them, by their names in JSON. */
    synchronized Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        for (Map.Entry<Figure, Long> number : numbers.entrySet()) {
            json.put(number.getKey().name().toLowerCase(Locale.ROOT), number.getValue());
        }
        return json;
    }

    synchronized void write(Log.Line line) {
        for (Map.Entry<Figure, Long> number : numbers.entrySet()) {
            line.metric(Metric.valueOf(number.getKey().name()), number.getValue());
        }
        line.write();
    }
}
