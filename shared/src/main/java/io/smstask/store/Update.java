package io.smstask.store;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Builds one conditional update. Every name is written as a placeholder, since {@code status} and others are reserved
 * words of DynamoDB.
 */
final class Update {

    private final Map<String, String> names = new HashMap<>();
    private final Map<String, Object> values = new HashMap<>();
    private final List<String> sets = new ArrayList<>();
    private final List<String> removes = new ArrayList<>();
    private final List<String> adds = new ArrayList<>();
    private final List<String> conditions = new ArrayList<>();

    /**
     * The update that turns either of two items into the wanted one. It names only the attributes in which one of them
     * differs, so what somebody else has added stays.
     */
    static Update between(Map<String, Object> one, Map<String, Object> other, Map<String, Object> wanted) {
        Update update = new Update();
        Set<String> attributes = new TreeSet<>(one.keySet());
        attributes.addAll(other.keySet());
        attributes.addAll(wanted.keySet());
        for (String attribute : attributes) {
            Object value = wanted.get(attribute);
            if (value == null) {
                update.remove(attribute);
            } else if (!value.equals(one.get(attribute)) || !value.equals(other.get(attribute))) {
                update.set(attribute, value);
            }
        }
        return update;
    }

    Update set(String attribute, Object value) {
        sets.add(name(attribute) + " = " + value(value));
        return this;
    }

    /** Adds to a number; a missing one counts as 0. */
    Update add(String attribute, long by) {
        adds.add(name(attribute) + " " + value(Items.number(by)));
        return this;
    }

    /** Adds a text to a set of texts; in a set each is once. */
    Update addToSet(String attribute, String element) {
        adds.add(name(attribute) + " " + value(Map.of("SS", List.of(element))));
        return this;
    }

    Update remove(String attribute) {
        removes.add(name(attribute));
        return this;
    }

    /** Adds a condition; all must hold. Names and values in it come from {@link #name} and {@link #value}. */
    Update onlyIf(String condition) {
        conditions.add(condition);
        return this;
    }

    String name(String attribute) {
        names.put("#" + attribute, attribute);
        return "#" + attribute;
    }

    String value(Object value) {
        String placeholder = ":v" + values.size();
        values.put(placeholder, value);
        return placeholder;
    }

    /** The request, with at least one value in it. */
    Map<String, Object> on(String table, Map<String, Object> key) {
        return Map.of(
                "TableName", table,
                "Key", key,
                "UpdateExpression", clause("SET ", sets) + clause("REMOVE ", removes) + clause("ADD ", adds),
                "ConditionExpression", String.join(" AND ", conditions),
                "ExpressionAttributeNames", names,
                "ExpressionAttributeValues", values,
                "ReturnValuesOnConditionCheckFailure", "ALL_OLD");
    }

    private static String clause(String keyword, List<String> parts) {
        return parts.isEmpty() ? "" : keyword + String.join(", ", parts) + " ";
    }
}
