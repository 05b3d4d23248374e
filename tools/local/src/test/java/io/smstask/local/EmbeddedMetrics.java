package io.smstask.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smstask.local.template.Alarm;
import io.smstask.local.template.Template;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * What CloudWatch would make of log lines, all within one period: metrics by the embedded metric format, and the state of
 * an alarm on them.
 *
 * @param lines those that are JSON
 */
record EmbeddedMetrics(List<JsonNode> lines) {

    private static final ObjectMapper JSON = new ObjectMapper();

    static EmbeddedMetrics of(List<String> log) {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : log) {
            try {
                lines.add(JSON.readTree(line));
            } catch (JsonProcessingException e) { // the stack's own line
                continue;
            }
        }
        return new EmbeddedMetrics(lines);
    }

    boolean fires(Alarm alarm) {
        Map<String, OptionalDouble> values = new HashMap<>();
        for (Alarm.Measure measure : alarm.measures()) {
            values.put(measure.id(), value(measure));
        }
        OptionalDouble value =
                alarm.expression().isPresent() ? share(alarm.expression().get(), values) : values.get("");
        return value.isPresent() ? value.getAsDouble() >= alarm.threshold() : alarm.firesWithoutData();
    }

    /** The one expression that the template has. */
    private static OptionalDouble share(String expression, Map<String, OptionalDouble> values) {
        if (!expression.equals("IF(ended >= 20, 100 * undelivered / ended, 0)")) {
            throw new IllegalArgumentException("not evaluated here: " + expression);
        }
        OptionalDouble ended = values.get("ended");
        OptionalDouble undelivered = values.get("undelivered");
        if (ended.isEmpty() || undelivered.isEmpty()) {
            return OptionalDouble.empty();
        }
        return OptionalDouble.of(ended.getAsDouble() >= 20 ? 100 * undelivered.getAsDouble() / ended.getAsDouble() : 0);
    }

    private OptionalDouble value(Alarm.Measure measure) {
        List<Double> points = new ArrayList<>();
        for (JsonNode line : lines) {
            for (JsonNode directive : line.path("_aws").path("CloudWatchMetrics")) {
                if (isOf(measure, directive, line)) {
                    points.add(line.path(measure.metric()).doubleValue());
                }
            }
        }
        if (points.isEmpty()) {
            return OptionalDouble.empty();
        }
        var all = points.stream().mapToDouble(Double::doubleValue);
        return switch (measure.statistic()) {
            case "Sum" -> OptionalDouble.of(all.sum());
            case "Maximum" -> all.max();
            default -> throw new IllegalArgumentException("not evaluated here: " + measure.statistic());
        };
    }

    private static boolean isOf(Alarm.Measure measure, JsonNode directive, JsonNode line) {
        if (!directive.path("Namespace").asText().equals(measure.namespace())
                || !directive.path("Metrics").findValuesAsText("Name").contains(measure.metric())) {
            return false;
        }
        for (JsonNode set : directive.path("Dimensions")) {
            Map<String, String> dimensions = new HashMap<>();
            set.forEach(name ->
                    dimensions.put(name.asText(), line.path(name.asText()).asText()));
            if (dimensions.equals(stack(measure.dimensions()))) {
                return true;
            }
        }
        return false;
    }

    /** A pseudo parameter is not a resource: what the alarm says of the stack is its name. */
    private static Map<String, String> stack(Map<String, String> dimensions) {
        Map<String, String> named = new HashMap<>(dimensions);
        named.replace("service", "AWS::StackName", Template.STACK_NAME);
        return named;
    }
}
